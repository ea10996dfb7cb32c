// A report that is being written is kept on the phone; once sent off, it is queued until the city
// has it, with or without a network. And the device's own place.
import { keepPage } from "./keeper.mjs";
import { ready } from "./photos.mjs";
import { attend, kept } from "./queue.mjs";
import { NAME, SYNC, queue, taken } from "./snap-queue.mjs";

const KEY = "snap", ANSWERS = ["division", "address", "category", "phone"];
const draft = kept("haihe-snap", "draft");
const board = document.querySelector("[data-unsent]");
const begins = document.querySelector("form[data-draft]"), sends = document.querySelector("form[data-sends]");

function newSecret() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return btoa(String.fromCharCode(...bytes)).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
}

function newKey() {
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((each) => each.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

// Back into the form: what was refused, or what was being written when the page was left.
async function edit(item) {
  const values = (name) => item.fields.filter((each) => each[0] === name).map((each) => each[1]);
  const answers = ANSWERS.map((name) => [name, values(name)[0] || ""]);
  await draft("put", { words: values("words")[0] || "", photos: values("photos"), answers }, KEY);
  await queue("delete", item.number);
  location.assign(board.dataset.begin);
}

function line(item, { send, tell }) {
  const words = board.dataset, away = () => queue("delete", item.number);
  if (item.done) {
    const see = () => away().then(() => location.assign(item.done.url));
    return { text: `${words.sent} ${item.done.spoken}`, acts: [[words.see, see], [words.away, () => away().then(tell)]] };
  }
  if (!item.fault) return { text: item.what, acts: [] };
  const again = () => queue("put", { ...item, fault: "" }).then(send);
  const acts = [[words.edit, () => edit(item)], [words.resend, again], [words.away, () => away().then(tell)]];
  return { text: `${item.what} – ${words.refused} ${item.fault}`, acts };
}

// Kept, then sent: where that works at once, the report's own page follows.
async function sendOff(item, { send }, kept = () => {}) {
  const number = await queue("add", item);
  await draft("delete", KEY);
  kept();
  if (navigator.storage && navigator.storage.persist) navigator.storage.persist().catch(() => {});
  await send();
  const held = await queue("get", number);
  if (held && held.done) {
    await queue("delete", number);
    location.assign(held.done.url);
    return;
  }
  if (navigator.serviceWorker) navigator.serviceWorker.ready.then((found) => found.sync && found.sync.register(SYNC)).catch(() => {});
  board.scrollIntoView({ block: "center" });
}

// What was typed and chosen, without the empty photo of an input that was left alone.
const entered = (form) => [...new FormData(form)].filter(([name, value]) => name !== "csrfmiddlewaretoken" && value.size !== 0);

function attendBegin(form, ways) {
  const { words, photos } = form.elements, said = form.querySelector("[data-draft-said]");
  const later = form.querySelector("[data-later]"), fault = later.querySelector("[data-later-fault]");
  const tell = (text) => { said.textContent = text; said.hidden = false; };
  const keep = () => draft("put", { words: words.value, photos: [...photos.files] }, KEY).catch(() => {});
  const offer = () => { later.hidden = later.disabled = false; tell(said.dataset.kept); };
  function takeUp({ words: written, photos: taken, answers = [] }) {
    words.value = written;
    if (taken.length && window.DataTransfer) {
      const files = new DataTransfer();
      taken.forEach((photo) => files.items.add(photo));
      photos.files = files.files;
    }
    answers.forEach(([name, value]) => { if (form.elements[name]) form.elements[name].value = value; });
    tell(said.dataset.back);
  }
  draft("get", KEY).then((held) => {
    if (held && (held.words || held.photos.length) && !words.value) takeUp(held);
    if (!navigator.onLine) offer();
  }).catch(() => {});
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    keep();
    offer();
  });
  addEventListener("offline", offer);
  addEventListener("online", () => { if (!said.hidden) tell(said.dataset.back); });
  const button = later.querySelector("[data-send-off]");
  async function sendLater() {
    const { longitude, division, category } = form.elements;
    const missing = (!words.value.trim() && !photos.files.length && "what")
      || (!longitude.value && !division.value && "where") || (!category.value && "about") || "";
    fault.textContent = missing && fault.dataset[missing];
    if (missing) return;
    button.disabled = true;
    try {
      await ready(form);
      const fields = [...entered(form), ["key", newKey()], ["token", newSecret()], ["whom", form.dataset.whom]];
      const item = { url: board.dataset.url, what: words.value.trim().slice(0, 40) || board.dataset.photo, fields };
      await sendOff(item, ways, () => {
        button.disabled = false;
        form.reset();
        said.hidden = true;
        document.querySelector("[data-place-said]").textContent = "";
      });
    } catch {
      button.disabled = false;
      fault.textContent = fault.dataset.full;
    }
  }
  button.addEventListener("click", sendLater);
}

// The last step. What it holds beyond this page was sent up already: photos go again only if the
// city no longer has them.
async function attendSend(form, ways) {
  const held = await draft("get", KEY).catch(() => null), { words, photos, begun, secret: token, whom } = form.dataset;
  const isWhole = held && held.words.trim() === words && held.photos.length === Number(photos);
  form.addEventListener("submit", (event) => {
    if (!form.elements.category.value) return;
    if (!isWhole) {
      draft("delete", KEY).catch(() => {});
      return;
    }
    event.preventDefault();
    if (form.dataset.sent) return;
    form.dataset.sent = "yes";
    const { address, longitude, latitude, datum } = form.dataset;
    const place = Object.entries({ address, longitude, latitude, datum, words, whom, token, key: begun });
    const fields = [...entered(form), ...place, ...held.photos.map((photo) => ["photos", photo])];
    const item = { url: board.dataset.url, what: words.slice(0, 40) || board.dataset.photo, fields, light: ["photos"] };
    sendOff(item, ways).catch(() => form.submit()); // no room on the phone: as without a script
  });
}

if (board && window.indexedDB) {
  const ways = attend(board, NAME, queue, { token: board.dataset.token, taken, line });
  if (begins) attendBegin(begins, ways);
  if (sends) attendSend(sends, ways);
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(board.dataset.keeper).catch(() => {});
    navigator.serviceWorker.addEventListener("message", (event) => event.data === SYNC && ways.tell());
    if (board.dataset.keeps) keepPage("haihe-snap-1", new URL(board.dataset.begin, location.href).href).catch(() => {});
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-locate]");
  if (!button) return;
  const place = button.closest("form"), said = place.querySelector("[data-place-said]");
  const failed = () => { said.textContent = button.dataset.failed; };
  if (!navigator.geolocation) { failed(); return; }
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    const { longitude, latitude, datum } = place.elements;
    longitude.value = coords.longitude.toFixed(6);
    latitude.value = coords.latitude.toFixed(6);
    datum.value = button.dataset.locate;
    said.textContent = `${latitude.value}, ${longitude.value}`;
    const detail = { longitude: coords.longitude, latitude: coords.latitude, datum: button.dataset.locate };
    document.dispatchEvent(new CustomEvent("hh:place", { detail }));
  }, failed, { enableHighAccuracy: true, timeout: 15000 });
});
