// A round without a network: what is done is kept on the phone, counted, and sent in order once.
import { keepPage } from "./keeper.mjs";
import "./photos.mjs"; // before what is sent here is taken: photos are made smaller first
import { attend, queueOf } from "./queue.mjs";

const board = document.querySelector("[data-unsent]"), queue = queueOf("haihe-round");

function line(item, { tell }) {
  if (!item.fault) return { text: item.what, acts: [] };
  const away = () => queue("delete", item.number).then(tell);
  return { text: `${item.what} – ${board.dataset.refused} ${item.fault}`, acts: [[board.dataset.away, away]] };
}

if (board && window.indexedDB) {
  const taken = (item) => queue("delete", item.number);
  const { send } = attend(board, "haihe-round", queue, { token: board.dataset.token, taken, line });
  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-round]");
    if (!form) return;
    event.preventDefault();
    const fields = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
    const item = { url: form.action, what: form.dataset.round, fields };
    queue("add", item).then(send).then(() => location.assign(form.dataset.home));
  }, true);
  if (navigator.serviceWorker) {
    navigator.serviceWorker.register(board.dataset.keeper);
    const pages = [...document.querySelectorAll("[data-stops] a,.hh-acts a")].map((link) => link.href);
    [location.href, ...pages].reduce((last, page) => last.then(() => keepPage("haihe-round-1", page)), Promise.resolve()).catch(() => {});
  }
}
