// A table form that answers at once. What a button does, the server does: without this module by a new page, with it
// by redrawing the table alone, one thing after the other. Findings come while one types; lines are dragged by their
// handles too. Other modules ask for the same by an event "sheet" whose detail is {doing, also, next}.

const QUIET = 600; // milliseconds without a change before the lines are looked at
const CELLS = "td > :is(input, select, textarea)";
let turn = Promise.resolve(), looked = 0, isComposing = false;

async function ask(form, doing, also = {}) {
  const body = new URLSearchParams(new FormData(form));
  for (const [name, value] of Object.entries({ ...also, do: doing })) body.set(name, value);
  try {
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Part": "table" } });
    if (!answer.ok || answer.redirected) return null;
    return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#sheet");
  } catch {
    return null; // the form goes the long way, and the browser says what is wrong with the net
  }
}

function press(form, doing, also) {
  for (const [name, value] of Object.entries({ ...also, do: doing })) {
    const input = document.createElement(name === "do" ? "button" : "textarea");
    Object.assign(input, { name, value, hidden: true });
    form.append(input);
  }
  form.lastElementChild.click();
}

const current = () => document.querySelector("#sheet");
const lines = (form) => [...form.querySelectorAll("[data-line]")];
const values = (form) => new Map([...form.querySelectorAll(CELLS)].map((cell) => [cell.name, cell.value]));

// Where a line of the old table stands in the new one; -1: nowhere. A line that is moved may pass others along with the
// one that was meant: the new table says where it went.
function place(doing, line, fresh) {
  const [what, from] = doing.split(":").map((part, at) => (at ? Number(part) : part));
  if (what === "copy") return line > from ? line + 1 : line;
  if (what === "remove") return line === from ? -1 : line - (line > from);
  if (!/^(up|down|move)$/.test(what)) return line;
  const end = Number(fresh.dataset.went ?? from);
  if (line === from) return end;
  return line + (from <= line && line <= end ? -1 : 0) + (end <= line && line <= from ? 1 : 0);
}

async function rearrange({ doing, also = {}, next }) {
  const form = current(), before = values(form);
  const fresh = await ask(form, doing, also);
  if (!fresh) return press(form, doing, also);
  if (doing === "add") append(form, fresh);
  else {
    if (isComposing) await new Promise((done) => document.addEventListener("compositionend", done, { once: true }));
    if (replace(form, fresh, doing, before)) return undefined;
  }
  next?.(current());
  return undefined;
}

// Only what is new, so that nobody who types is disturbed.
function append(form, fresh) {
  const last = lines(form).at(-1)?.querySelector(".is-down");
  if (last) last.disabled = false;
  for (const line of lines(fresh).slice(lines(form).length)) {
    form.querySelector("tbody").append(line, fresh.querySelector(`#note-r${line.dataset.line}`));
  }
  form.elements.count.value = lines(form).length;
}

// Put the new table in, with what was typed meanwhile and what was open. Says whether somebody goes on typing in it.
function replace(form, fresh, doing, before) {
  const moved = (name) => name.replace(/^r(\d+)/, (_all, line) => `r${place(doing, Number(line), fresh)}`);
  const now = values(form), typed = [...now].filter(([name, value]) => value !== before.get(name));
  for (const [name, value] of typed) if (fresh.elements[moved(name)]) fresh.elements[moved(name)].value = value;
  for (const line of lines(form)) {
    const fold = fresh.querySelector(`[data-line="${place(doing, Number(line.dataset.line), fresh)}"] .fold`);
    if (fold && line.querySelector(".fold").open) fold.open = true;
  }
  const here = document.activeElement, at = here.matches(CELLS) && here.selectionEnd;
  form.replaceWith(fresh);
  start(fresh);
  fresh.dispatchEvent(new Event("input", { bubbles: true })); // keep.js keeps it
  const cell = typed.some(([name]) => name === here.name) && fresh.elements[moved(here.name)];
  cell?.focus?.();
  if (cell?.setSelectionRange) cell.setSelectionRange(at, at);
  return Boolean(cell);
}

const follow = (doing) => (fresh) => {
  const [what, from] = doing.split(":"), all = lines(fresh);
  const at = { add: all.length, copy: +from + 1, remove: +from }[what] ?? place(doing, +from, fresh);
  const line = all[Math.min(at, all.length - 1)];
  const same = /up|down|remove/.test(what) && line?.querySelector(`[value^="${what}:"]:not(:disabled)`);
  if (line) line.querySelector(".fold").open = true;
  const cells = [...(line?.querySelectorAll(CELLS) ?? [])];
  (same || cells.find((cell) => !cell.value) || cells[0] || fresh.querySelector(`[value="${what}"]`))?.focus();
};

const order = (detail) => { turn = turn.then(() => rearrange(detail)); };
const does = (doing) => order({ doing, next: doing === "check" ? (fresh) => fresh.querySelector("[value=check]").focus() : follow(doing) });

// What the server proposes in new lines, where nobody has typed meanwhile; not into the cell that somebody is in.
function propose(form, fresh, sent) {
  for (const line of lines(form)) {
    const found = [...line.querySelectorAll(CELLS)].filter((cell) => fresh.elements[cell.name] && fresh.elements[cell.name].value !== sent.get(cell.name));
    if (!found.length || found.some((cell) => cell === document.activeElement || cell.value !== sent.get(cell.name))) continue;
    for (const cell of [...found, line.querySelector("[name$=-version]")]) cell.value = fresh.elements[cell.name].value;
  }
}

// Findings, refusals and proposals come; what was typed is left to the person. What is still to be typed is not missed
// yet.
async function look(form) {
  const number = ++looked, sent = values(form);
  const fresh = await ask(form, "check");
  if (!fresh || !form.isConnected || number !== looked) return;
  propose(form, fresh, sent);
  for (const cell of form.querySelectorAll(CELLS)) {
    const said = fresh.elements[cell.name], error = cell.value && said?.nextElementSibling;
    cell.nextElementSibling?.remove();
    if (error) cell.after(error);
    else fresh.querySelector(`[data-of="${cell.name}"]`)?.remove();
    cell.parentElement.classList.toggle("is-invalid", Boolean(error));
    for (const name of ["aria-invalid", "aria-describedby"]) {
      if (error && said.hasAttribute(name)) cell.setAttribute(name, said.getAttribute(name));
      else cell.removeAttribute(name);
    }
  }
  for (const note of form.querySelectorAll(".grid-note")) {
    const found = fresh.querySelector(`#${note.id}`)?.cells[0];
    if (found) note.cells[0].replaceWith(found);
    note.hidden = !note.querySelector("p");
  }
}

function drag(form) {
  let from = null;
  const clear = () => form.querySelector(".is-target")?.classList.remove("is-target");
  form.addEventListener("dragstart", (event) => {
    if (!event.target.matches?.("[draggable]")) return;
    from = event.target.closest("[data-line]").dataset.line;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", from); // Firefox drags nothing without data
  });
  form.addEventListener("dragover", (event) => {
    const line = from && event.target.closest("[data-line]");
    clear();
    if (!line) return;
    event.preventDefault();
    line.classList.add("is-target");
  });
  form.addEventListener("drop", (event) => {
    const to = event.target.closest("[data-line]")?.dataset.line;
    if (!from || !to) return;
    event.preventDefault();
    if (to !== from) does(`move:${from}:${to}`);
  });
  form.addEventListener("dragend", () => { from = null; clear(); });
}

function start(form) {
  let timer, isGrowing = false;
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button || button.hidden || /^(save$|paste$|restore:)/.test(button.value)) return;
    event.preventDefault();
    does(button.value);
  });
  form.addEventListener("input", (event) => {
    clearTimeout(timer);
    // somebody who types in the last line finds a next one below
    const isLast = event.target.closest?.("[data-line]") === lines(form).at(-1);
    if (!isLast || isGrowing || !form.querySelector("[value=add]")) return;
    isGrowing = true;
    order({ doing: "add", next: () => { isGrowing = false; } });
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "paste") return;
    clearTimeout(timer);
    timer = setTimeout(() => look(form), QUIET);
  });
  drag(form);
}

document.addEventListener("compositionstart", () => { isComposing = true; });
document.addEventListener("compositionend", () => { isComposing = false; });
document.addEventListener("sheet", (event) => order(event.detail));
if (current()) start(current());
if (current()?.hasAttribute("data-refused")) { // a save that was refused: to the first cell that is wrong, its sentence in view
  const cell = current().querySelector("td [aria-invalid]");
  cell?.focus({ preventScroll: true });
  (cell?.closest("td") ?? current().querySelector(".errors, .message"))?.scrollIntoView({ block: "center" });
}
