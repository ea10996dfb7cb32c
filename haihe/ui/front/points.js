// A map of points; a form's place can be chosen on it. Every page with it works without it too.
// Leaflet is loaded beside it, as L.
const TONES = { blue: "#0b5cad", green: "#15703a", amber: "#9a4a00", red: "#b3261e", violet: "#6d28d9", teal: "#0f766e", grey: "#465870" };
const OUTLINE = { color: "#7f98b4", weight: 1, fillColor: "#dfe9f4", fillOpacity: 0.5, interactive: false };

function draw(host) {
  const data = JSON.parse(document.getElementById(host.dataset.points).textContent);
  host.hidden = false;
  const map = L.map(host, { zoomControl: false, attributionControl: false });
  L.control.zoom({ zoomInTitle: data.words.larger, zoomOutTitle: data.words.smaller }).addTo(map);
  data.tiles.forEach((each) => L.tileLayer(each, { maxZoom: 20, maxNativeZoom: 18 }).addTo(map));
  if (data.note) L.control.attribution({ prefix: false }).addAttribution(data.note).addTo(map);
  const outlines = L.geoJSON(data.outlines, { style: OUTLINE });
  const places = data.points.map((pin) => pin.at);
  const bounds = places.length ? L.latLngBounds(places) : outlines.getBounds();
  if (bounds.isValid()) map.fitBounds(bounds.pad(0.2), { animate: false, maxZoom: 14 });
  else map.setView([0, 0], 2);
  outlines.addTo(map);
  data.points.forEach((pin) => {
    const color = TONES[pin.tone] || TONES.blue;
    const mark = L.circleMarker(pin.at, { radius: pin.radius, weight: 3, color: "#fff", fillColor: color, fillOpacity: 1 });
    const words = document.createElement(pin.link ? "a" : "span");
    words.textContent = pin.words;
    if (pin.link) words.href = pin.link;
    mark.bindPopup(words).addTo(map);
  });
  if (data.picks) pick(map, data);
}

// A click, or the middle of the map by a button, sets longitude and latitude of the form.
function pick(map, data) {
  const form = document.getElementById(data.picks);
  const { longitude, latitude, datum } = form.elements;
  let mark = null;
  const choose = (at) => {
    longitude.value = at.lng.toFixed(6);
    latitude.value = at.lat.toFixed(6);
    datum.value = data.datum;
    if (mark) mark.remove();
    mark = L.circleMarker(at, { radius: 11, weight: 4, color: "#fff", fillColor: TONES.red, fillOpacity: 1 }).addTo(map);
    const said = form.querySelector("[data-place-said]");
    if (said) said.textContent = `${data.words.chosen}: ${latitude.value}, ${longitude.value}`;
  };
  map.on("click", (event) => choose(event.latlng));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[data-middle]")) choose(map.getCenter());
  });
  document.addEventListener("hh:place", (event) => {
    const at = L.latLng(event.detail.latitude, event.detail.longitude);
    if (data.datum === event.detail.datum) { choose(at); map.setView(at, 16); }
  });
}

document.querySelectorAll("[data-points]").forEach(draw);
