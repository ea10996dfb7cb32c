// Photos are made smaller on the phone as soon as they are chosen: a slow line carries a tenth of
// them. What cannot be made smaller, or not by much, goes as it is.
import { essential, parted } from "./exif.mjs";

const LONGEST = 2048, QUALITY = 0.85, WORTH = 0.7, SMALL_BYTES = 400000;
const chosen = "input[type=file][name=photos]";
const ours = new WeakSet();
// Of a form, what is still being made smaller. Two scripts of one page bring this module twice; the
// first attends to the photos.
const isFirst = !window.haihePhotos, working = window.haihePhotos || new WeakMap();
window.haihePhotos = working;

function canvasOf(width, height) {
  const canvas = document.createElement("canvas");
  canvas.width = width;
  canvas.height = height;
  return canvas;
}

// Some browsers hand out noise instead of what was drawn, so that nobody is known by it.
function isHonest() {
  const pen = canvasOf(1, 1).getContext("2d"), wanted = [20, 200, 90];
  pen.fillStyle = `rgb(${wanted})`;
  pen.fillRect(0, 0, 1, 1);
  const { data } = pen.getImageData(0, 0, 1, 1);
  return wanted.every((each, n) => Math.abs(each - data[n]) < 9);
}

async function imageOf(blob) {
  const image = new Image(), url = URL.createObjectURL(blob);
  try {
    await new Promise((done, failed) => { image.onload = done; image.onerror = failed; image.src = url; });
    return image;
  } finally {
    URL.revokeObjectURL(url);
  }
}

const pictureOf = (blob) => (window.createImageBitmap ? createImageBitmap(blob).catch(() => imageOf(blob)) : imageOf(blob));

async function drawn(blob) {
  const picture = await pictureOf(blob), scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = canvasOf(Math.max(1, Math.round(picture.width * scale)), Math.max(1, Math.round(picture.height * scale)));
  const pen = canvas.getContext("2d");
  pen.imageSmoothingQuality = "high";
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  if (picture.close) picture.close();
  return new Promise((done) => { canvas.toBlob(done, "image/jpeg", QUALITY); });
}

const bytesOf = (blob) => new Response(blob).arrayBuffer();

// The photo, smaller; its own bytes go where that is not worth it, or does not work.
export async function smaller(photo) {
  if (!/^image\/jpe?g$/.test(photo.type) || photo.size < SMALL_BYTES) return photo;
  try {
    const { marks, plain } = parted(await bytesOf(photo)), kept = essential(marks);
    const made = await drawn(new Blob(plain, { type: "image/jpeg" }));
    if (!made || made.size > WORTH * photo.size || !isHonest()) return photo;
    const parts = kept ? [made.slice(0, 2), kept, made.slice(2)] : [made];
    return new File(parts, photo.name, { type: "image/jpeg", lastModified: photo.lastModified });
  } catch {
    return photo;
  }
}

async function shrink(input) {
  const photos = [...input.files], made = [];
  for (const photo of photos) made.push(await smaller(photo)); // one at a time: each takes 50 MB
  if (photos.length !== input.files.length || photos.some((each, n) => each !== input.files[n])) return;
  if (!window.DataTransfer || made.every((each, n) => each === photos[n])) return;
  const files = new DataTransfer();
  made.forEach((photo) => files.items.add(photo));
  ours.add(input);
  input.files = files.files;
  input.dispatchEvent(new Event("change", { bubbles: true }));
}

// Resolves when what was chosen in a form is as small as it becomes.
export const ready = (form) => working.get(form) || Promise.resolve();

function chosenIn({ target }) {
  if (!target.matches(chosen) || ours.delete(target)) return;
  const { form } = target, work = shrink(target).catch(() => {}).then(() => { if (working.get(form) === work) working.delete(form); });
  working.set(form, work);
}

// Sent before that is done, a form waits for it.
function submitted(event) {
  const form = event.target, button = event.submitter || form.querySelector("button:not([type=button])");
  if (!working.has(form)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.dataset.waits) return;
  form.dataset.waits = "yes";
  ready(form).then(() => { delete form.dataset.waits; button.click(); });
}

if (isFirst) {
  document.addEventListener("change", chosenIn, true);
  document.addEventListener("submit", submitted, true);
}
