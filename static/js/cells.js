// A table is typed in as a spreadsheet is: Enter goes a line down and Shift+Enter up, Ctrl+Enter saves, and what was
// copied in a spreadsheet can be pasted from any cell on. Without this Enter saves, and the box below takes what is
// pasted. table.js carries out what changes the table.

const CELLS = "#sheet td :is(input, select, textarea)";
const column = (cell) => cell.name.slice(cell.name.indexOf("-") + 1);
const lines = (form) => [...form.querySelectorAll("[data-line]")];
const ask = (detail) => document.dispatchEvent(new CustomEvent("sheet", { detail }));

function go(line, name) {
  line.querySelector(".fold").open = true;
  const cell = line.querySelector(`[name="r${line.dataset.line}-${name}"]`);
  cell?.focus();
  cell?.select?.();
}

document.addEventListener("keydown", (event) => {
  const cell = event.target, form = cell.form;
  if (event.key !== "Enter" || event.isComposing || !cell.matches(CELLS)) return;
  if (event.ctrlKey || event.metaKey) form.requestSubmit(form.querySelector("[value=save]"));
  else if (!cell.matches("input, [data-one]")) return;
  else {
    const all = lines(form), next = all[all.indexOf(cell.closest("[data-line]")) + (event.shiftKey ? -1 : 1)];
    if (next) go(next, column(cell));
    else if (!event.shiftKey && form.querySelector("[value=add]")) ask({ doing: "add", next: (fresh) => go(lines(fresh).at(-1), column(cell)) });
  }
  event.preventDefault();
});

document.addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text/plain") ?? "", cell = event.target;
  if (!cell.matches?.(CELLS)) return;
  const isOne = cell.matches("input, select, [data-one]");
  if (!text.includes("\t") && !(isOne && text.trimEnd().includes("\n"))) return;
  event.preventDefault();
  const line = cell.closest("[data-line]").dataset.line;
  const at = document.querySelector(`#head-${column(cell)}`).cellIndex - 1; // the first is the line's number
  ask({ doing: `fill:${line}:${at}`, also: { paste: text }, next: (fresh) => fresh.elements[cell.name]?.focus() });
});
