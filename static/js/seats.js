// 결재 stays at the last place of a 결재선: when order.js has moved another person there, the two change 구분 and 권한.
// Without script the server does the same (approvals/saved_routes.py).
const list = document.querySelector("ol[data-order]");
const last = () => [...list.children].filter((line) => line.dataset.key).at(-1);
let before = list && last();

list?.addEventListener("input", (event) => {
  if (event.target !== list) return; // a field of a line; a move comes from the list itself
  const [old, now] = [before, last()].map((line) => line.querySelectorAll("select"));
  if (before !== last() && old[0].value === "decide") {
    old.forEach((select, at) => { [select.value, now[at].value] = [now[at].value, select.value]; });
  }
  before = last();
});
