// SPDX-License-Identifier: EUPL-1.2
// Draws what a table says, with Chartist (put before this file by build.mjs). A drawing names its table, the columns to draw and how:
//   <figure class="relais-chart" data-table="weeks" data-columns="1 2" data-label="0" data-kind="bar" data-high="100">
// The server's own drawing stays without scripts, and on paper, which has another width than the screen.
// Each cell holds its number as data-value: what it shows is written in the reader's language.
const numberIn = (cell) => {
  const value = Number.parseFloat(cell.dataset.value);
  return Number.isFinite(value) ? value : null;
};

function draw(figure) {
  const { table, columns, label, kind, high } = figure.dataset;
  const rows = Array.from(document.getElementById(table)?.tBodies[0]?.rows ?? []);
  const drawn = figure.querySelector("svg");
  if (rows.length === 0 || !drawn) return;
  const keys = figure.querySelectorAll(".relais-chart__key");
  const series = columns.split(" ").map((column, at) => ({
    className: keys[at]?.classList[1] ?? "",
    data: rows.map((row) => numberIn(row.cells[Number(column)])),
  }));
  const each = Math.ceil(rows.length / 12);
  const labels = rows.map((row, at) => (at % each ? "" : row.cells[Number(label)].textContent.trim().replace(/^\d{4}-/, "").slice(0, 5)));
  const canvas = document.createElement("div");
  canvas.className = "relais-chart__canvas relais-no-print";
  canvas.ariaHidden = "true"; // the table is what is read
  drawn.before(canvas);
  drawn.classList.add("relais-print-only");
  const options = { low: 0, high: high ? Number(high) : undefined, fullWidth: true, chartPadding: { right: 24 }, axisY: { onlyInteger: true } };
  if (kind === "bar") new BarChart(canvas, { labels, series }, options);
  else new LineChart(canvas, { labels, series }, { ...options, lineSmooth: false });
}

for (const figure of document.querySelectorAll("figure[data-table]")) {
  const fold = figure.closest("details:not([open])");
  if (fold) fold.addEventListener("toggle", () => draw(figure), { once: true }); // it has no width before
  else draw(figure);
}
