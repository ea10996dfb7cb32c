// A JPEG's marks (Exif, CIPA DC-008): how the phone was held and where the photo was taken.
const EXIF = 0xffe1, SCAN = 0xffda, HEAD = [0x45, 0x78, 0x69, 0x66, 0, 0];
const ORIENTATION = 0x0112, GPS = 0x8825, LONG = 4, BYTES = { 1: 1, 2: 1, 3: 2, 4: 4, 5: 8 };
const SIDES = [1, 3], DEGREES = [2, 4]; // of GPS: N or S, E or W; and three fractions each

const startsAs = (bytes, head) => head.every((each, n) => bytes[n] === each);

// The first EXIF of a JPEG, and the JPEG without any, which every browser shows as the camera saw
// it: some turn a photo by its mark, some do not.
export function parted(buffer) {
  const bytes = new Uint8Array(buffer), view = new DataView(buffer), rest = [bytes.subarray(0, 2)];
  let marks = null, at = 2;
  for (let marker = view.getUint16(at); marker !== SCAN; marker = view.getUint16(at)) {
    if (marker < 0xffc0) throw new RangeError("no JPEG");
    const end = at + 2 + view.getUint16(at + 2), segment = bytes.subarray(at, end);
    if (marker !== EXIF) rest.push(segment);
    else if (!marks && startsAs(segment.subarray(4), HEAD)) marks = new DataView(buffer, at + 10, end - at - 10);
    at = end;
  }
  return { marks, plain: [...rest, bytes.subarray(at)] };
}

// The lines of one list of tags: each of twelve bytes, with its value or where that lies.
function linesAt(marks, at, isLittle) {
  const found = new Map(), many = marks.getUint16(at, isLittle);
  for (let line = at + 2; line < at + 2 + 12 * many; line += 12) {
    const size = (BYTES[marks.getUint16(line + 2, isLittle)] || 1) * marks.getUint32(line + 4, isLittle);
    found.set(marks.getUint16(line, isLittle), { line, size, value: marks.getUint32(line + 8, isLittle) });
  }
  return found;
}

// Longitude and latitude, if the photo has them; written in another way, they are not ours to copy.
function placeOf(marks, lines, isLittle) {
  const found = lines.has(GPS) ? linesAt(marks, lines.get(GPS).value, isLittle) : new Map();
  if (!DEGREES.some((tag) => found.has(tag))) return null;
  const isUsual = SIDES.every((tag) => found.get(tag).size <= 4) && DEGREES.every((tag) => found.get(tag).size === 24);
  if (!isUsual) throw new RangeError("place");
  return found;
}

// A segment of EXIF that says of the marks nothing but orientation and place; null if neither is there.
export function essential(marks) {
  if (!marks) return null;
  const isLittle = marks.getUint16(0) === 0x4949, lines = linesAt(marks, marks.getUint32(4, isLittle), isLittle);
  const place = placeOf(marks, lines, isLittle), turn = lines.get(ORIENTATION);
  if (!turn && !place) return null;
  const first = 2 + 12 * ((turn ? 1 : 0) + (place ? 1 : 0)) + 4, length = 8 + first + (place ? 102 : 0);
  const made = new Uint8Array(10 + length), out = new DataView(made.buffer, 10);
  const copy = (from, to, size) => { for (let n = 0; n < size; n += 1) out.setUint8(to + n, marks.getUint8(from + n)); };
  new DataView(made.buffer).setUint32(0, EXIF * 0x10000 + 8 + length);
  made.set(HEAD, 4);
  copy(0, 0, 4);
  out.setUint32(4, 8, isLittle);
  out.setUint16(8, (turn ? 1 : 0) + (place ? 1 : 0), isLittle);
  if (turn) copy(turn.line, 10, 12);
  if (!place) return made;
  const pointer = turn ? 22 : 10, list = 8 + first;
  [[0, GPS], [2, LONG]].forEach(([by, value]) => out.setUint16(pointer + by, value, isLittle));
  [[4, 1], [8, list]].forEach(([by, value]) => out.setUint32(pointer + by, value, isLittle));
  out.setUint16(list, 4, isLittle);
  [1, 2, 3, 4].forEach((tag, n) => {
    const to = list + 2 + 12 * n, { line, value } = place.get(tag);
    copy(line, to, 12);
    if (!DEGREES.includes(tag)) return;
    const far = list + 54 + (tag === 4 ? 24 : 0);
    out.setUint32(to + 8, far, isLittle);
    copy(value, far, 24);
  });
  return made;
}
