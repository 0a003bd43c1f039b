// A table is typed in as a spreadsheet is: Enter goes a line down, to where one began to go by Tab, and Shift+Enter up,
// Ctrl+D says what the cell above says, Ctrl+Enter saves, and what was copied in a spreadsheet can be pasted from any
// cell on. Without this Enter saves, and the box below takes what is pasted. table.js carries out what changes the table.

const CELLS = "#sheet td > :is(input, select, textarea)";
const ARROW = 32; // pixels at the end of a list
const column = (cell) => cell.name.slice(cell.name.indexOf("-") + 1);
const lines = (form) => [...form.querySelectorAll("[data-line]")];
const cellOf = (line, name) => line?.querySelector(`[name="r${line.dataset.line}-${name}"]`);
let home = null; // the column in which the line was begun
const ask = (detail) => document.dispatchEvent(new CustomEvent("sheet", { detail }));

function go(line, name) {
  line.querySelector(".fold").open = true;
  const cell = cellOf(line, name);
  cell?.focus();
  cell?.select?.();
}

function copyDown(cell, above) {
  if (!above || cell.value === above.value) return;
  cell.value = above.value;
  for (const name of ["input", "change"]) cell.dispatchEvent(new Event(name, { bubbles: true }));
}

function enter(cell, isUp) {
  const form = cell.form, all = lines(form), at = all.indexOf(cell.closest("[data-line]")), name = (!isUp && home) || column(cell);
  const next = all[at + (isUp ? -1 : 1)];
  home = null;
  if (next) go(next, name);
  else if (!isUp && form.querySelector("[value=add]")) ask({ doing: "add", next: (fresh) => go(lines(fresh).at(-1), name) });
}

// An open list swallows what is pasted. So a first click goes to the cell, as in a spreadsheet, and its arrow or a second
// click opens the list.
document.addEventListener("mousedown", (event) => {
  const cell = event.target;
  if (!cell.matches?.(`${CELLS}:is(select):not(:focus)`) || !matchMedia("(pointer: fine)").matches) return;
  if (event.offsetX > cell.clientWidth - ARROW) return;
  event.preventDefault();
  cell.focus();
});

document.querySelector("[data-keys]")?.toggleAttribute("hidden", !matchMedia("(hover: hover)").matches);
document.addEventListener("pointerdown", () => { home = null; });
document.addEventListener("keydown", (event) => {
  const cell = event.target, isWithControl = event.ctrlKey || event.metaKey;
  if (event.isComposing || !cell.matches(CELLS)) return;
  if (event.key === "Tab") home ??= column(cell);
  if (isWithControl && event.code === "KeyD") copyDown(cell, cellOf(lines(cell.form)[lines(cell.form).indexOf(cell.closest("[data-line]")) - 1], column(cell)));
  else if (event.key !== "Enter") return;
  else if (isWithControl) cell.form.requestSubmit(cell.form.querySelector("[value=save]"));
  else if (!cell.matches("input, select, [data-one]")) return;
  else enter(cell, event.shiftKey);
  event.preventDefault();
});

document.addEventListener("paste", (event) => {
  const text = event.clipboardData?.getData("text/plain") ?? "", here = event.target;
  const cell = here.matches?.(CELLS) ? here : document.activeElement; // a browser pastes into no list: it tells the page alone
  if (!cell.matches(CELLS)) return;
  const isOne = cell.matches("input, select, [data-one]");
  if (!text.includes("\t") && !(isOne && text.trimEnd().includes("\n"))) return;
  event.preventDefault();
  const line = cell.closest("[data-line]").dataset.line;
  const at = document.querySelector(`#head-${column(cell)}`).cellIndex - 1; // the first is the line's number
  ask({ doing: `fill:${line}:${at}`, also: { paste: text }, next: (fresh) => {
    fresh.elements[cell.name]?.focus();
    fresh.querySelector(".message.is-error")?.scrollIntoView({ block: "nearest" }); // what was refused stands on top
  } });
});
