// SPDX-License-Identifier: EUPL-1.2
// Keys of a page: <button data-key="F8"> is pressed by F8, <input type="checkbox" data-key="Alt+1"> ticked by Alt and the first key of the
// row of digits, whatever is printed on it; what is not pressed takes the focus, and a radio button hands it on to data-then. No letter
// that somebody types is taken from them (WCAG 2.1.4).
const keyOf = (event) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return "";
  if (event.altKey) return event.code.startsWith("Digit") ? `Alt+${event.code.slice(5)}` : "";
  return /^F\d+$/.test(event.key) ? event.key : "";
};
document.addEventListener("keydown", (event) => {
  const key = keyOf(event);
  const target = key && document.querySelector(`[data-key="${key}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("button, input[type=radio], input[type=checkbox], a")) target.click();
  (document.getElementById(target.dataset.then) ?? target).focus();
});
