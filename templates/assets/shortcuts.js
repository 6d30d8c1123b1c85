// SPDX-License-Identifier: EUPL-1.2
// Keys for what is done all day, when nobody is typing:
//   data-relais-key="a"    that letter presses it; "g q": the two letters one after the other;
//   data-relais-focus="r"  that letter goes to it, opening what folds it away;
//   data-relais-row        j and k go to the next and the previous one;
//   data-relais-numbered   its links are pressed by their place, 0 to 9.
// A key that stands on several lines of a list acts on the line that has the focus, or goes to the first of them.
// ? shows them all, with the button that turns them off for good in this browser (WCAG 2.1.4); / goes to the command box. While
// typing: Control and Enter sends the form, or presses the button of the data-relais-sends around the field; Escape leaves the field.
// The box offers the page's own actions beside what it finds.
const storage = "relais.keys";
const isOn = () => localStorage.getItem(storage) !== "off";
const isTyping = (at) => at.matches("input:not([type=checkbox], [type=radio], [type=hidden]), textarea, select, [contenteditable]");
const isThere = (each) => each.offsetParent !== null || each.closest("details:not([open])");
const keyOf = (each) => each.dataset.relaisKey ?? each.dataset.relaisFocus ?? each.dataset.key;
const keyed = () => [...document.querySelectorAll("[data-relais-key], [data-relais-focus]")].filter(isThere);
const lineOf = (each) => each?.closest("tr, li");
const text = (node) => {
  const copy = node.cloneNode(true);
  for (const hint of copy.querySelectorAll(".fr-hint-text")) hint.remove();
  return copy.textContent.trim().replace(/\s+/g, " ");
};
const nameOf = (each) => each.dataset.relaisName ?? (each.labels?.length ? text(each.labels[0]) : text(each));

function unfold(on) {
  const from = on.matches("summary") ? on.parentElement.parentElement : on; // its own details, the press opens and closes
  for (let fold = from.closest("details"); fold; fold = fold.parentElement.closest("details")) fold.open = true;
}
function goTo(on) {
  unfold(on);
  on.focus();
  on.scrollIntoView({ block: "center" });
}
function act(on) {
  if (!("relaisKey" in on.dataset)) return goTo(on);
  unfold(on);
  on.click();
  if (on.matches("summary")) on.focus(); // what it unfolds is a Tab away
}

for (const several of document.querySelectorAll("[data-relais-numbered]"))
  [...several.querySelectorAll("a")].slice(0, 10).forEach((link, place) => { link.dataset.relaisKey = String(place); });

// The list of keys.
const list = document.getElementById("keys");
function showKeys() {
  const rows = list.querySelector("tbody");
  rows.querySelectorAll("[data-made]").forEach((row) => row.remove());
  const shown = [...keyed(), ...[...document.querySelectorAll("[data-key]")].filter(isThere)];
  const once = shown.filter((each, at) => shown.findIndex((other) => keyOf(other) === keyOf(each)) === at);
  for (const each of once.reverse()) {
    const row = rows.insertRow(0);
    row.dataset.made = "";
    const key = row.insertCell();
    for (const part of keyOf(each).split(/[ +]/)) key.append(Object.assign(document.createElement("kbd"), { textContent: part }), " ");
    row.insertCell().textContent = nameOf(each);
  }
  list.showModal();
}
for (const each of document.querySelectorAll("[data-relais-show-keys]")) {
  each.hidden = false;
  each.addEventListener("click", showKeys);
}

for (const toggle of document.querySelectorAll("[data-relais-keys]")) {
  const show = () => {
    toggle.hidden = false;
    toggle.textContent = isOn() ? toggle.dataset.off : toggle.dataset.on;
    toggle.setAttribute("aria-pressed", String(isOn()));
  };
  toggle.addEventListener("click", () => {
    localStorage.setItem(storage, isOn() ? "off" : "on");
    show();
  });
  show();
}

function move(by) {
  const rows = [...document.querySelectorAll("[data-relais-row]")];
  const line = lineOf(document.activeElement);
  const at = rows.findIndex((row) => row === document.activeElement || (line && lineOf(row) === line));
  rows[Math.min(rows.length - 1, Math.max(0, at < 0 ? 0 : at + by))]?.focus();
}

let first = ""; // of a key of two letters
let forget;
function press(key) {
  const wanted = first ? `${first} ${key}` : key;
  first = "";
  clearTimeout(forget);
  const all = keyed().filter((each) => keyOf(each) === wanted);
  const line = lineOf(document.activeElement);
  const here = all.length === 1 ? all[0] : all.find((each) => line && lineOf(each) === line);
  if (here) return act(here) ?? true;
  if (all.length) return goTo(all[0]) ?? true;
  if (keyed().some((each) => keyOf(each).startsWith(`${wanted} `))) {
    first = key;
    forget = setTimeout(() => { first = ""; }, 1500);
    return true;
  }
  if (wanted === "j" || wanted === "k") return move(wanted === "j" ? 1 : -1) ?? true;
  if (wanted === "?" && list) return showKeys() ?? true;
  if (wanted === "/" && box) return box.focus() ?? true;
  return false;
}

// The row of digits gives them without Shift too, whatever is printed on it: on a French keyboard, & é ".
function letterOf(event) {
  if (!event.shiftKey && /^Digit\d$/.test(event.code)) return event.code.slice(-1);
  return event.key.length === 1 ? event.key.toLowerCase() : event.key;
}
const senderOf = (at) => (at.closest("[data-relais-sends]") ?? at.form).querySelector("button[type=submit]");

const box = document.getElementById("quick-q") ?? document.getElementById("search-q") ?? document.getElementById("q");
document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || event.altKey || event.metaKey || list?.open) return;
  const at = event.target;
  if (isTyping(at)) {
    if (event.ctrlKey && event.key === "Enter" && at.form) return at.form.requestSubmit(senderOf(at));
    if (event.key === "Escape" && !at.value?.length) at.blur();
    else if (event.key === "Escape" && at !== box) at.blur();
    return;
  }
  if (event.ctrlKey || !isOn()) return;
  if (press(letterOf(event))) event.preventDefault();
});

// The command box: what this page can do, and arrows through what was found.
const found = document.getElementById("quick-found");
const folded = (words) => words.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();
function offer() {
  const title = found.dataset.actions;
  const wanted = folded(box.value.trim());
  const listed = new Set([...found.querySelectorAll("a")].map((each) => each.href)); // a saved view has its key here, and was found too
  const isOffered = (each) => !each.closest("header") && !listed.has(each.href) && folded(nameOf(each)).includes(wanted);
  const all = wanted.length < 2 ? [] : keyed().filter(isOffered);
  // What every line of a list can do is left to its key: the box does not say on which.
  const here = all.filter((each) => all.every((other) => other === each || nameOf(other) !== nameOf(each))).slice(0, 5);
  if (!here.length || !found.childElementCount) return;
  found.querySelector("[data-nothing]")?.remove();
  const head = Object.assign(document.createElement("p"), { className: "relais-quick__title", textContent: title });
  const actions = document.createElement("ul");
  for (const each of here) {
    const button = Object.assign(document.createElement("button"), { type: "button", className: "relais-quick__action", textContent: nameOf(each) });
    button.addEventListener("click", () => { found.replaceChildren(); act(each); });
    actions.append(Object.assign(document.createElement("li")));
    actions.lastChild.append(button);
  }
  found.prepend(head, actions);
}
if (box && found) {
  found.addEventListener("htmx:afterSettle", offer);
  box.closest("form").addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    const all = [...found.querySelectorAll("a, button")];
    if (!all.length) return;
    event.preventDefault();
    const next = all.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
    (next < 0 ? box : all[Math.min(next, all.length - 1)]).focus();
  });
}
