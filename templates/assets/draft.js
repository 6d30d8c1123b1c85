// SPDX-License-Identifier: EUPL-1.2
// What is typed is kept: <textarea data-draft="address"> is sent there, with its form, a second after the last key. data-draft-said
// names where it is told, data-draft-saved and data-draft-failed the words. Without scripts the form's button does it.
// And the countdown of an answer that may still be taken back: [data-recall-s].
const pause = 1000; // ms

function keep(area) {
  const said = document.getElementById(area.dataset.draftSaid);
  let timer, sent = area.value;
  const send = async (more = {}) => {
    clearTimeout(timer);
    if (area.value === sent) return;
    const form = new FormData(area.form);
    form.delete("canned");
    const body = area.value;
    const answer = await fetch(area.dataset.draft, {
      method: "POST", headers: { Accept: "application/json" }, body: new URLSearchParams(form), ...more,
    }).catch(() => undefined);
    if (answer?.ok) sent = body;
    said.textContent = answer?.ok
      ? `${area.dataset.draftSaved} ${new Date().toLocaleTimeString(document.documentElement.lang)}`
      : area.dataset.draftFailed;
  };
  area.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(send, pause); });
  area.form.addEventListener("submit", () => { clearTimeout(timer); sent = area.value; });
  addEventListener("pagehide", () => { send({ keepalive: true }); });
}
for (const area of document.querySelectorAll("textarea[data-draft]")) keep(area);

for (const form of document.querySelectorAll("[data-recall-s]")) {
  const end = Date.now() + Number(form.dataset.recallS) * 1000;
  const show = () => {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1000));
    form.querySelector("[data-recall-left]").textContent = String(left);
    if (left > 0) return;
    clearInterval(timer);
    form.remove();
  };
  const timer = setInterval(show, 250);
}
