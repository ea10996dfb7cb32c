// The round's tasks by their distance: reckoned on the phone, which tells nobody where it is.
const METRES_A_DEGREE = 111320;

function metres(line, lon, lat) {
  if (!line.dataset.lon) return Infinity;
  const east = (line.dataset.lon - lon) * Math.cos(lat * Math.PI / 180);
  return Math.hypot(east, line.dataset.lat - lat) * METRES_A_DEGREE;
}

function sort(list, lon, lat) {
  const lines = [...list.children].map((line, place) => ({ line, place, far: metres(line, lon, lat) }));
  // Tasks without a point stay in their order, behind.
  lines.sort((one, other) => (one.far === other.far ? one.place - other.place : one.far - other.far));
  lines.forEach(({ line, far }) => {
    const said = line.querySelector("[data-far]");
    said.hidden = far === Infinity;
    said.textContent = far < 1000 ? `${Math.round(far / 10) * 10} ${list.dataset.metres}`
      : `${(far / 1000).toFixed(1)} ${list.dataset.kilometres}`;
    list.append(line);
  });
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-nearest]");
  if (!button) return;
  const list = document.querySelector("[data-stops]"), said = document.querySelector("[data-nearest-said]");
  const failed = () => { said.textContent = button.dataset.failed; };
  if (!navigator.geolocation) { failed(); return; }
  navigator.geolocation.getCurrentPosition(({ coords }) => {
    sort(list, coords.longitude, coords.latitude);
    said.textContent = button.dataset.done;
  }, failed, { enableHighAccuracy: true, timeout: 15000, maximumAge: 60000 });
});
