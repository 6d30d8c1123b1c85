// SPDX-License-Identifier: EUPL-1.2
// One key for what is done all day: an element with data-relais-key="a" is pressed by that letter when nobody is typing. Each page that
// has one shows a button that turns keys off, and the browser remembers it (WCAG 2.1.4).
const storage = "relais.keys";
const keyed = [...document.querySelectorAll("[data-relais-key]")];
const isOn = () => localStorage.getItem(storage) !== "off";
const isTyping = (at) => at.matches("input:not([type=checkbox], [type=radio], [type=hidden]), textarea, select, [contenteditable]");

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

if (keyed.length)
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || !isOn() || isTyping(event.target)) return;
    const pressed = keyed.find((each) => each.dataset.relaisKey === event.key.toLowerCase());
    if (!pressed) return;
    event.preventDefault();
    pressed.click();
  });
