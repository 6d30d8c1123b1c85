// SPDX-License-Identifier: EUPL-1.2
// Tells the others on a ticket that this screen is there: <form data-presence="address"> holds the form token. Every 15 s, at once when
// somebody begins to write, and when the page is left.
const every = 15000; // ms
const form = document.querySelector("[data-presence]");
const answer = document.getElementById("body");
let writes = false;

function tell(more = {}) {
  const fields = new URLSearchParams({ csrf: form.elements.csrf.value, ...(writes && { writes: "1" }), ...more });
  return fetch(form.dataset.presence, { method: "POST", body: fields, headers: { Accept: "application/json", "X-Relais-Live": "1" }, keepalive: true })
    .catch(() => undefined);
}

if (form) {
  tell();
  setInterval(() => { if (!document.hidden) tell(); }, every);
  document.addEventListener("visibilitychange", () => tell(document.hidden ? { left: "1" } : {}));
  addEventListener("pagehide", () => tell({ left: "1" }));
  answer?.addEventListener("input", () => {
    if (writes === Boolean(answer.value)) return;
    writes = Boolean(answer.value);
    tell();
  });
}
