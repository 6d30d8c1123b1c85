// SPDX-License-Identifier: EUPL-1.2
// Live regions. A page names what it follows:
//   <section id="list" data-live="call callback">      is read again when something of these kinds changes;
//   <section id="bar" data-live-mine="call" data-live-src="/console/calls/current">  when it is for the person who is signed in.
// data-live-id="12": only of the object of that number. Readings change nothing: nothing is read again for them.
// data-live-first: read as soon as the page is there; data-live-every="60": and again after so many seconds, for what the clock changes.
// The region is fetched (from data-live-src, or this page's address) and its content replaced; what somebody is typing in is left
// alone until they leave it. One connection a browser: the tab that holds the lock listens, and tells the others.
const regions = [...document.querySelectorAll("[data-live], [data-live-mine]")];
const quiet = 400; // ms: what changes together is read once; data-live-quiet says otherwise
const announce = (name, detail) => document.dispatchEvent(new CustomEvent(name, { detail }));

const isBusy = (region) => {
  const at = document.activeElement;
  return region.contains(at) && at.matches("input:not([type=hidden]), textarea, select");
};

// Where an element is found again once its region was read again: by its id; else, within the nearest element that has one, by where it
// leads or by its place among its like. Asked before, answered after.
function again(region, element) {
  if (element.id) return () => document.getElementById(element.id);
  const line = element.parentElement.closest("[id]"), home = line.id;
  const href = element.getAttribute("href");
  // A button is what it does: in another line it does something else, so that a line must have a name.
  const marks = [href && `a[href="${CSS.escape(href)}"]`, (line !== region || !element.matches("button")) && element.localName].filter(Boolean).map((like) => {
    const all = () => [...(document.getElementById(home) ?? region).querySelectorAll(like)];
    return [all, all().indexOf(element)];
  });
  return () => marks.map(([all, place]) => all()[place]).find(Boolean);
}

// The focus stays where it was, and what was unfolded stays so.
function keeping(region, change) {
  const at = document.activeElement;
  const focused = at !== region && region.contains(at) ? again(region, at) : () => null;
  const folded = [...region.querySelectorAll("details")].map((each) => [again(region, each), each.open]);
  change();
  for (const [find, open] of folded) {
    const found = find();
    if (found?.matches("details")) found.open = open;
  }
  focused()?.focus({ preventScroll: true });
}

const pages = new Map(); // what several regions read at the same moment is fetched once
function read(address) {
  if (!pages.has(address)) {
    pages.set(address, fetch(address, { headers: { Accept: "text/html", "X-Relais-Live": "1" } })
      .then((answer) => (answer.ok && !answer.redirected ? answer.text() : ""), () => ""));
    setTimeout(() => pages.delete(address), quiet / 2);
  }
  return pages.get(address);
}

async function refresh(region) {
  region.relaisTimer = undefined;
  // A tab that nobody sees reads again when somebody does; the calls of whoever is signed in are always followed.
  if (document.hidden && !region.dataset.liveMine) return document.addEventListener("visibilitychange", () => plan(region), { once: true });
  if (isBusy(region)) return region.addEventListener("focusout", () => plan(region), { once: true });
  const page = await read(region.dataset.liveSrc ?? location.href);
  const fresh = new DOMParser().parseFromString(page, "text/html").getElementById(region.id);
  if (!fresh || isBusy(region)) return;
  keeping(region, () => region.replaceChildren(...fresh.childNodes));
  openItself(region);
  announce("relais:fresh", region);
}

// A link that opens by itself (the card of the call that one takes), once a browser, and never under the hands of somebody who writes.
const isWriting = () => [...document.querySelectorAll("main input:not([type=hidden]), main textarea")]
  .some((field) => field.matches("[type=checkbox], [type=radio]") ? field.checked !== field.defaultChecked : field.value !== field.defaultValue);
function openItself(region) {
  const link = region.querySelector("a[data-opens-itself]");
  if (!link || document.hidden || isWriting() || localStorage.getItem("relais-opened") === link.href) return;
  localStorage.setItem("relais-opened", link.href);
  if (link.href === location.href.split(/[?#]/)[0]) return;
  location.assign(link.href);
}

function plan(region) {
  region.relaisTimer ??= setTimeout(refresh, Number(region.dataset.liveQuiet ?? quiet), region);
}

const follows = (list, kind) => (list ?? "").split(" ").includes(kind);
function hear({ kind, object, isMine }) {
  for (const region of regions) {
    if (kind && region.dataset.liveId && region.dataset.liveId !== String(object)) continue;
    if (!kind || follows(region.dataset.live, kind) || (isMine && follows(region.dataset.liveMine, kind))) plan(region);
  }
}

// The last event that this browser heard of, kept from page to page: what happens while one page leaves and the next comes is not missed.
let last = localStorage.getItem("relais-last-event") ?? "";
function listen(tell) {
  const source = new EventSource("/console/stream" + (last ? `?after=${last}` : ""));
  const pass = (isMine) => ({ lastEventId, data }) => {
    const { action, object } = JSON.parse(data);
    tell({ id: lastEventId, kind: /\.(file_)?read$/.test(action) ? "nothing" : object.kind, object: object.id, isMine });
  };
  source.onmessage = pass(false);
  source.addEventListener("mine", pass(true));
  source.addEventListener("reset", () => tell({ id: last, kind: "" })); // too much was missed: everything is read again
  source.addEventListener("over", () => { source.close(); tell({ over: true }); });
  source.onopen = () => {
    document.documentElement.dataset.liveState = "open";
    if (!last) tell({ kind: "" }); // the very first page: what happened since it was made is unknown
  };
  source.onerror = () => { document.documentElement.dataset.liveState = "lost"; };
}

if (regions.length) {
  for (const region of regions) {
    if ("liveFirst" in region.dataset) refresh(region);
    if (region.dataset.liveEvery) setInterval(plan, region.dataset.liveEvery * 1000, region);
  }
  const channel = new BroadcastChannel("relais-live");
  const take = (news) => {
    if (news.id) localStorage.setItem("relais-last-event", last = news.id);
    if (news.over) announce("relais:over"); else hear(news);
  };
  channel.onmessage = ({ data }) => take(data);
  const lead = () => {
    listen((news) => { channel.postMessage(news); take(news); });
    return new Promise(() => {}); // until this tab is closed
  };
  if (navigator.locks) navigator.locks.request("relais-live", lead); else lead();
}
