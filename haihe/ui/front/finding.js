// What a finding may be: buttons choose in the list; words and place bring other buttons.
const list = document.querySelector("[data-suggested]"), asks = document.querySelector("[data-words]");
const form = list.closest("form"), note = form.querySelector("[data-near-note]");
// Not form.elements.item: that is the collection's own method.
const choice = form.querySelector("[name=item]");

function mark() {
  list.querySelectorAll("[data-item]").forEach((each) => each.setAttribute("aria-pressed", String(each.dataset.item === choice.value)));
}
list.addEventListener("click", (event) => {
  const chosen = event.target.closest("[data-item]");
  if (!chosen) return;
  choice.value = chosen.dataset.item;
  mark();
});
choice.addEventListener("change", mark);

async function suggest() {
  const query = new URLSearchParams({ words: asks.value });
  ["longitude", "latitude"].forEach((name) => form.elements[name].value && query.set(name, form.elements[name].value));
  const answer = await fetch(`${asks.dataset.words}?${query}`).catch(() => null);
  if (!answer || !answer.ok || answer.redirected) return;
  const found = await answer.json(), rows = note.querySelector("[data-near-list]");
  if (found.items.length) list.textContent = "";
  found.items.forEach((item) => {
    const button = document.createElement("button");
    button.type = "button"; button.className = "btn btn-quiet hh-big hg-item";
    button.dataset.item = item.code; button.textContent = item.title;
    list.append(button);
  });
  rows.textContent = "";
  found.near.forEach((each) => {
    const row = document.createElement("li");
    row.textContent = `${each.title}, ${each.metres} ${note.dataset.metres}`;
    rows.append(row);
  });
  note.hidden = !found.near.length;
  mark();
}
asks.addEventListener("change", suggest);
document.addEventListener("hh:place", () => setTimeout(suggest, 0));
mark();
