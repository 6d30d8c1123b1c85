// SPDX-License-Identifier: EUPL-1.2
// Answers the proof of work that the contact form asks for under pressure, while the person reads. The protocol and the worker are
// ALTCHA's (self-hosted). Without this script the form waits instead: see templates/parts/proof.html.
const box = document.querySelector("[data-proof]");
if (box) {
  const field = document.getElementById("proof-answer");
  const status = document.getElementById("proof-status");
  const { algorithm, challenge, salt, signature, maxnumber } = JSON.parse(box.dataset.proof);
  const worker = new Worker(box.dataset.worker);
  worker.onmessage = ({ data }) => {
    worker.terminate();
    if (!data) return;
    field.value = btoa(JSON.stringify({ algorithm, challenge, salt, signature, number: data.number, took: data.took }));
    status.textContent = box.dataset.done;
  };
  status.textContent = box.dataset.working;
  worker.postMessage({ type: "work", payload: { algorithm, challenge, salt }, max: maxnumber, start: 0 });
}
