// SPDX-License-Identifier: EUPL-1.2
// Function keys of a page: <button data-key="F8"> is pressed by F8; what is not a button takes the focus, a radio button is chosen and
// hands it on to data-then. Function keys only: no letter that somebody types is taken from them (WCAG 2.1.4).
document.addEventListener("keydown", (event) => {
  if (!/^F\d+$/.test(event.key) || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
  const target = document.querySelector(`[data-key="${event.key}"]`);
  if (!target) return;
  event.preventDefault();
  if (target.matches("button, input[type=radio], a")) target.click();
  (document.getElementById(target.dataset.then) ?? target).focus();
});
