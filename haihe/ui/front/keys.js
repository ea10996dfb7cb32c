// A list by keyboard: j and k go down and up, x chooses, Enter opens, / searches, ? tells.
const table = document.querySelector("[data-keys]");
const rows = table ? [...table.tBodies[0].rows] : [];
let at = -1;

function go(step) {
  at = Math.max(0, Math.min(rows.length - 1, at + step));
  const link = rows[at].querySelector("a");
  link.focus();
  rows[at].scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey || event.target.closest("input,select,textarea")) return;
  if (event.key === "/") {
    event.preventDefault();
    document.querySelector("[role=search] input[type=text]").focus();
  } else if (rows.length && event.key === "j") go(1);
  else if (rows.length && event.key === "k") go(-1);
  else if (at >= 0 && event.key === "x") rows[at].querySelector("input[type=checkbox]").click();
});
