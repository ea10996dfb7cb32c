// What is kept on the phone until the server has taken it: for pages, and for their keepers.
// Each item has a key of its own among its fields, so that one that was cut off is done once.
const AGAIN_MS = 30000;

// One store of the phone's database: `act` is a method of its rows, as in ("put", value).
export function kept(name, store, options) {
  function open() {
    return new Promise((done, failed) => {
      const asked = indexedDB.open(name, 1);
      asked.onupgradeneeded = () => asked.result.createObjectStore(store, options);
      asked.onsuccess = () => done(asked.result);
      asked.onerror = () => failed(asked.error);
    });
  }
  return async (act, ...values) => {
    const db = await open();
    return new Promise((done, failed) => {
      const change = db.transaction(store, act.startsWith("get") ? "readonly" : "readwrite");
      const asked = change.objectStore(store)[act](...values);
      change.oncomplete = () => { db.close(); done(asked.result); };
      change.onerror = change.onabort = () => { db.close(); failed(change.error); };
    });
  };
}

export const queueOf = (name) => kept(name, "queue", { keyPath: "number", autoIncrement: true });

export const isWaiting = (item) => !item.fault && !item.done;

// A page's own token may be of days ago. Old browsers send no cookies unless they are told to.
async function fresh(token) {
  const asked = await fetch(token, { cache: "no-store", credentials: "same-origin" });
  if (!asked.ok || asked.redirected) throw new Error(token);
  return (await asked.json()).token;
}

// Whether the server has decided: taken, or refused with a sentence. Else the item waits on.
async function sendOne(queue, item, { token, taken }) {
  const body = new FormData(), { light = [] } = item;
  item.fields.filter(([name]) => !light.includes(name)).forEach(([name, value]) => body.append(name, value));
  if (light.length) body.append("is_light", "yes");
  const headers = { "X-CSRFToken": await fresh(token), "X-Haihe-Queued": "1" };
  const answer = await fetch(item.url, { method: "POST", body, headers, credentials: "same-origin" });
  if (answer.status >= 500) return false;
  if (answer.ok) {
    await taken(item, await answer.json());
    return true;
  }
  const said = await answer.json().catch(() => ({ said: String(answer.status) }));
  if (said.whole && light.length) {
    const whole = { ...item, light: [] };
    await queue("put", whole);
    return sendOne(queue, whole, { token, taken });
  }
  await queue("put", { ...item, fault: said.said });
  return true;
}

async function sendInOrder(queue, ways) {
  try {
    for (const item of (await queue("getAll")).filter(isWaiting)) {
      if (!(await sendOne(queue, item, ways))) return;
    }
  } catch {
    // No network: what is kept stays kept.
  }
}

let before = Promise.resolve();

// One at a time, in this window and, where the browser can, in all of them.
export function sendAll(name, queue, ways) {
  const turn = () => (navigator.locks
    ? navigator.locks.request(name, () => sendInOrder(queue, ways))
    : sendInOrder(queue, ways));
  before = before.then(turn, turn);
  return before;
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "btn btn-quiet btn-sm";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

async function show(board, queue, line) {
  const held = await queue("getAll"), waiting = held.filter(isWaiting).length;
  const counted = waiting === 1 && board.dataset.one ? board.dataset.one : board.dataset.waits;
  const list = board.querySelector("[data-faults]");
  board.hidden = !held.length;
  board.querySelector("[data-count]").textContent = waiting ? counted.replace("#", waiting) : "";
  list.textContent = "";
  held.forEach((item) => {
    const entry = document.createElement("li"), { text, acts } = line(item);
    entry.append(`${text} `);
    acts.forEach(([words, act]) => entry.append(button(words, act), " "));
    list.append(entry);
  });
  return waiting;
}

// Shows on the board what waits, and sends it: now, when the network is back, and from time to time.
export function attend(board, name, queue, { token, taken, line }) {
  const tell = () => show(board, queue, (item) => line(item, { send, tell }));
  let soon = 0;
  async function send() {
    await sendAll(name, queue, { token, taken });
    clearTimeout(soon);
    if (await tell()) soon = setTimeout(send, AGAIN_MS);
  }
  addEventListener("online", send);
  tell().then(send);
  return { send, tell };
}
