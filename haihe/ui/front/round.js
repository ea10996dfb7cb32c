// A round without a network: what is done is kept on the phone, counted, and sent in order once.
const DB = "haihe-round", STORE = "queue", KEPT = "haihe-round-1";
const board = document.querySelector("[data-unsent]");

function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(DB, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE, { keyPath: "number", autoIncrement: true });
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function queue(act, ...values) {
  const db = await open();
  return new Promise((done, failed) => {
    const change = db.transaction(STORE, act === "getAll" ? "readonly" : "readwrite");
    const asked = change.objectStore(STORE)[act](...values);
    change.oncomplete = () => { db.close(); done(asked.result); };
    change.onerror = () => { db.close(); failed(change.error); };
  });
}

async function show() {
  const held = await queue("getAll");
  const faults = board.querySelector("[data-faults]");
  board.hidden = !held.length;
  board.querySelector("[data-count]").textContent = `${board.dataset.waits} ${held.length}`;
  faults.textContent = "";
  held.forEach((item) => {
    const line = document.createElement("li");
    line.textContent = item.fault ? `${item.what} – ${board.dataset.refused} ${item.fault} ` : item.what;
    if (item.fault) {
      const away = document.createElement("button");
      away.type = "button";
      away.className = "btn btn-quiet btn-sm";
      away.textContent = board.dataset.away;
      away.addEventListener("click", () => queue("delete", item.number).then(show));
      line.append(away);
    }
    faults.append(line);
  });
}

// A page of today's round and its files, before the network goes.
// Asked for as kept: without what somebody wrote or photographed, so that it is no look.
async function keep(page) {
  const answer = await fetch(`${page.split("?")[0]}?kept=yes`);
  if (!answer.ok || answer.redirected) return;
  const kept = await caches.open(KEPT);
  await kept.put(page, answer.clone());
  const text = await answer.text(), named = /(?:src|href)="(\/static\/[^"]+)"/g;
  for (let found = named.exec(text); found; found = named.exec(text)) {
    if (!(await kept.match(found[1]))) await kept.add(found[1]);
  }
}

let isSending = false;

// In order, one at a time; each has its own key, so that one that was cut off is done once.
async function send() {
  if (isSending) return;
  isSending = true;
  try {
    for (const item of (await queue("getAll")).filter((each) => !each.fault)) {
      const asked = await fetch(board.dataset.token, { cache: "no-store" });
      if (!asked.ok || asked.redirected) break;
      const form = new FormData();
      item.fields.forEach(([name, value]) => form.append(name, value));
      const headers = { "X-CSRFToken": (await asked.json()).token, "X-Haihe-Round": "1" };
      const answer = await fetch(item.url, { method: "POST", body: form, headers });
      if (answer.ok) await queue("delete", item.number);
      else if (answer.status < 500) {
        const said = await answer.json().catch(() => ({ said: String(answer.status) }));
        await queue("put", { ...item, fault: said.said });
      } else break;
    }
  } catch {
    // No network: what is kept stays kept.
  }
  isSending = false;
  await show();
}

document.addEventListener("submit", (event) => {
  const form = event.target.closest("form[data-round]");
  if (!form || !window.indexedDB) return;
  event.preventDefault();
  const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  const item = { url: form.action, what: form.dataset.round, fields };
  queue("add", item).then(send).then(() => location.assign(form.dataset.home));
}, true);

if (board && window.indexedDB) {
  show().then(send);
  addEventListener("online", send);
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(board.dataset.keeper);
    const pages = [...document.querySelectorAll("[data-stops] a,.hh-acts a")].map((link) => link.href);
    [location.href, ...pages].reduce((before, page) => before.then(() => keep(page)), Promise.resolve()).catch(() => {});
  }
}
