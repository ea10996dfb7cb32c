// A report that is being written: kept on the phone until it is sent, and the device's own place.
const DB = "haihe-snap", STORE = "draft";

function open() {
  return new Promise((done, failed) => {
    const asked = indexedDB.open(DB, 1);
    asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
    asked.onsuccess = () => done(asked.result);
    asked.onerror = () => failed(asked.error);
  });
}

async function draft(act, ...values) {
  const db = await open();
  return new Promise((done, failed) => {
    const change = db.transaction(STORE, act === "get" ? "readonly" : "readwrite");
    const asked = change.objectStore(STORE)[act](...values);
    change.oncomplete = () => done(asked.result);
    change.onerror = () => failed(change.error);
  });
}

const form = document.querySelector("form[data-draft]");
if (form && window.indexedDB) {
  const words = form.elements.words, photos = form.elements.photos;
  const said = form.querySelector("[data-draft-said]");
  const tell = (text) => { said.textContent = text; said.hidden = false; };
  const keep = () => draft("put", { words: words.value, photos: [...photos.files] }, form.dataset.draft);
  draft("get", form.dataset.draft).then((held) => {
    if (!held || !(held.words || held.photos.length) || words.value) return;
    words.value = held.words;
    if (held.photos.length && window.DataTransfer) {
      const files = new DataTransfer();
      held.photos.forEach((photo) => files.items.add(photo));
      photos.files = files.files;
    }
    tell(said.dataset.back);
  }).catch(() => {});
  form.addEventListener("input", keep);
  form.addEventListener("change", keep);
  form.addEventListener("submit", (event) => {
    if (navigator.onLine) return;
    event.preventDefault();
    keep().then(() => tell(said.dataset.kept));
  });
  addEventListener("online", () => { if (!said.hidden) tell(said.dataset.back); });
}

document.querySelectorAll("form[data-clears]").forEach((sent) => {
  sent.addEventListener("submit", () => { if (window.indexedDB) draft("delete", sent.dataset.clears).catch(() => {}); });
});

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-locate]");
  if (!button) return;
  const said = document.querySelector("[data-place-said]");
  const failed = () => { said.textContent = button.dataset.failed; };
  if (!navigator.geolocation) { failed(); return; }
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    const place = document.getElementById("place").elements;
    place.longitude.value = coords.longitude.toFixed(6);
    place.latitude.value = coords.latitude.toFixed(6);
    place.datum.value = button.dataset.locate;
    said.textContent = `${place.latitude.value}, ${place.longitude.value}`;
    const detail = { longitude: coords.longitude, latitude: coords.latitude, datum: button.dataset.locate };
    document.dispatchEvent(new CustomEvent("hh:place", { detail }));
  }, failed, { enableHighAccuracy: true, timeout: 15000 });
});
