// A map of cells whose shared corners can be moved. Every page with it works without it too.
// Leaflet is loaded beside it, as L.
const PRECISION = 7, STEP = 4, LEAP = 40, APART = 28;
const CELL = { color: "#083a74", weight: 1.5, fillColor: "#0b5cad", fillOpacity: 0.12 };
const CHOSEN = { color: "#083a74", weight: 3, fillColor: "#0b5cad", fillOpacity: 0.35 };
const FAULT = { color: "#b3261e", weight: 3, fillColor: "#b3261e", fillOpacity: 0.6 };
const MOVES = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

class Cells {
  constructor(host) {
    this.data = JSON.parse(document.getElementById(host.dataset.cells).textContent);
    this.said = document.querySelector(`[data-cells-said="${host.id}"]`);
    host.hidden = false;
    this.map = L.map(host, { zoomSnap: 0.25, zoomControl: false, attributionControl: false });
    const { larger, smaller } = this.data.words;
    L.control.zoom({ zoomInTitle: larger, zoomOutTitle: smaller }).addTo(this.map);
    this.data.tiles.forEach((each) => L.tileLayer(each, { maxZoom: 20, maxNativeZoom: 18 }).addTo(this.map));
    if (this.data.note) L.control.attribution({ prefix: false }).addAttribution(this.data.note).addTo(this.map);
    this.corners = new Map();
    this.cells = new Map();
    this.moved = new Set();
    this.handles = L.layerGroup().addTo(this.map);
    this.map.on("zoomend", () => this.handle());
    this.data.cells.features.forEach((feature) => this.add(feature));
    this.faults = this.data.faults.features.map((feature) =>
      L.geoJSON(feature, { style: FAULT, interactive: false }).addTo(this.map));
    const bounds = L.featureGroup([...this.cells.values()].map((cell) => cell.layer)).getBounds();
    if (bounds.isValid()) this.map.fitBounds(bounds, { animate: false });
  }

  add(feature) {
    const { type, coordinates } = feature.geometry;
    const parts = (type === "Polygon" ? [coordinates] : coordinates).map((rings) =>
      rings.map((ring) => ring.slice(0, -1).map((at) => this.corner(at))));
    const cell = { feature, parts, layer: L.polygon(shape(parts), CELL).addTo(this.map) };
    cell.layer.on("click", () => { if (!this.line) this.choose(feature.properties.code); });
    parts.flat(2).forEach((corner) => corner.cells.add(cell));
    this.cells.set(feature.properties.code, cell);
  }

  // One object a place: whoever holds it moves with it.
  corner([longitude, latitude]) {
    const key = `${longitude.toFixed(PRECISION)} ${latitude.toFixed(PRECISION)}`;
    if (!this.corners.has(key)) this.corners.set(key, { at: L.latLng(latitude, longitude), cells: new Set() });
    return this.corners.get(key);
  }

  choose(code) {
    const cell = this.cells.get(code);
    if (!cell) return;
    if (this.chosen) this.chosen.layer.setStyle(CELL);
    this.chosen = cell;
    cell.layer.setStyle(CHOSEN).bringToFront();
    this.map.fitBounds(cell.layer.getBounds().pad(0.3), { animate: false });
    this.handle();
    document.querySelectorAll("[data-divide],[data-joins]").forEach((form) => { form.elements.grid.value = code; });
    this.tell(`${this.data.words.chosen} ${code}`);
  }

  // Corners too close to be told apart wait until the map is larger.
  handle() {
    this.handles.clearLayers();
    if (!this.data.editable || !this.chosen) return;
    const shown = [];
    [...new Set(this.chosen.parts.flat(2))].forEach((corner, i) => {
      const point = this.map.latLngToContainerPoint(corner.at);
      if (shown.some((other) => other.distanceTo(point) < APART)) return;
      shown.push(point);
      this.grip(corner, i + 1, this.chosen.feature.properties.code);
    });
  }

  grip(corner, number, code) {
    const { words } = this.data, title = `${words.corner} ${number} ${words.of} ${code}, ${words.arrows}`;
    const icon = L.divIcon({ className: "hh-corner", iconSize: [26, 26] });
    const marker = L.marker(corner.at, { draggable: true, icon, title, keyboard: true }).addTo(this.handles);
    marker.getElement().setAttribute("aria-label", title);
    marker.on("drag", () => this.move(corner, marker.getLatLng()));
    marker.getElement().addEventListener("keydown", (event) => {
      const way = MOVES[event.key];
      if (!way) return;
      event.preventDefault();
      event.stopPropagation();
      const step = event.shiftKey ? LEAP : STEP;
      const point = this.map.latLngToContainerPoint(corner.at).add([way[0] * step, way[1] * step]);
      this.move(corner, this.map.containerPointToLatLng(point));
      marker.setLatLng(corner.at);
    });
  }

  move(corner, at) {
    corner.at = at;
    corner.cells.forEach((cell) => cell.layer.setLatLngs(shape(cell.parts)));
    this.moved.add(corner);
    this.tell(`${this.data.words.changed} ${this.moved.size}`);
  }

  // Clicks are corners of a line until it is left; the form holds them.
  draw(form) {
    this.line = [];
    this.drawn = L.polyline([], FAULT).addTo(this.map);
    const add = ({ latlng }) => {
      this.line.push(latlng);
      this.drawn.setLatLngs(this.line);
      form.elements.line.value = JSON.stringify(this.line.map((at) => [+at.lng.toFixed(PRECISION), +at.lat.toFixed(PRECISION)]));
      this.tell(`${this.data.words.line} ${this.line.length}`);
    };
    this.adding = add;
    this.map.getContainer().style.cursor = "crosshair";
    this.map.on("click", add);
    this.tell(this.data.words.across);
  }

  leave(form) {
    this.map.off("click", this.adding);
    this.drawn.remove();
    this.line = null;
    this.map.getContainer().style.cursor = "";
    form.elements.line.value = "";
    this.tell("");
  }

  show(number) {
    this.faults[number - 1].bringToFront();
    this.map.fitBounds(this.faults[number - 1].getBounds().pad(2), { animate: false });
  }

  tell(words) {
    if (this.said) this.said.textContent = words;
  }

  drawing() {
    const place = (corner) => [+corner.at.lng.toFixed(PRECISION), +corner.at.lat.toFixed(PRECISION)];
    const features = [...this.cells.values()].map(({ feature, parts }) => ({
      type: "Feature",
      properties: feature.properties,
      geometry: { type: "MultiPolygon", coordinates: parts.map((rings) => rings.map((ring) => [...ring, ring[0]].map(place))) },
    }));
    return JSON.stringify({ type: "FeatureCollection", features });
  }
}

function shape(parts) {
  return parts.map((rings) => rings.map((ring) => ring.map((corner) => corner.at)));
}

const maps = new Map();
document.querySelectorAll("[data-cells]").forEach((host) => maps.set(host.id, new Cells(host)));
document.querySelectorAll("[data-drawing]").forEach((form) => {
  form.hidden = false;
  form.addEventListener("submit", () => { form.elements.drawing.value = maps.get(form.dataset.drawing).drawing(); });
});
document.querySelectorAll("[data-divide],[data-joins]").forEach((form) => {
  const map = maps.get(form.dataset.divide || form.dataset.joins);
  form.addEventListener("submit", () => { if (map.moved.size) form.elements.drawing.value = map.drawing(); });
});
document.querySelectorAll("[data-draw-line]").forEach((button) => {
  const form = button.form, map = maps.get(form.dataset.divide), said = button.querySelector("span");
  const words = [said.textContent, button.dataset.end];
  button.addEventListener("click", () => {
    if (map.line) map.leave(form); else map.draw(form);
    said.textContent = words[map.line ? 1 : 0];
    map.map.getContainer().scrollIntoView({ block: "center" });
  });
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-cell],[data-fault]");
  if (!button) return;
  const map = maps.get(button.dataset.on);
  if (button.dataset.cell) map.choose(button.dataset.cell);
  else map.show(Number(button.dataset.fault));
  map.map.getContainer().scrollIntoView({ block: "center" });
});
