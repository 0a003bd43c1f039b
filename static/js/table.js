// A table form that answers at once. What a button does, the server does: without this module by a new page, with it
// by redrawing the table alone. Findings come while one types; lines are moved by their handles too.

const QUIET = 600; // milliseconds without a key before the lines are looked at

async function ask(form, doing) {
  const body = new URLSearchParams(new FormData(form));
  body.set("do", doing);
  const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Part": "table" } });
  if (!answer.ok || answer.redirected) return null;
  return new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("#sheet");
}

const press = (form, doing) => {
  const button = document.createElement("button");
  Object.assign(button, { name: "do", value: doing, hidden: true });
  form.append(button);
  button.click();
};

function focus(form, doing, name) {
  const [what, at = "0", to] = doing.split(":");
  const line = { up: at - 1, down: +at + 1, copy: +at + 1, move: +(to ?? 0), remove: +at }[what];
  const lines = form.querySelectorAll("[data-line]");
  const row = what === "add" ? [...lines].find((tr) => !tr.querySelector("[name$='-id']") && blank(tr)) : lines[Math.min(line, lines.length - 1)];
  const same = name && row?.querySelector(`[name="do"][value^="${what}:"]:not([disabled])`);
  (same || row?.querySelector("input:not([type=hidden]), select, textarea"))?.focus();
}

const blank = (row) => [...row.querySelectorAll("td input, td textarea")].every((input) => !input.value || /-(start|end|part)$/.test(input.name));

async function press_here(form, doing, isButton) {
  const fresh = await ask(form, doing);
  if (!fresh) return press(form, doing);
  form.replaceWith(fresh);
  start(fresh);
  focus(fresh, doing, isButton);
  fresh.dispatchEvent(new Event("input", { bubbles: true }));
  return undefined;
}

async function look(form) {
  const fresh = await ask(form, "check");
  if (!fresh || !form.isConnected) return;
  for (const note of form.querySelectorAll(".grid-note")) {
    const found = fresh.querySelector(`#${note.id}`);
    if (found) {
      note.replaceChildren(...found.childNodes);
      note.hidden = found.hidden;
    }
  }
}

function drag(form) {
  let from = null;
  for (const row of form.querySelectorAll("[data-line]")) {
    row.querySelector("[draggable]")?.addEventListener("dragstart", (event) => {
      from = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", row.dataset.line);
    });
    row.addEventListener("dragover", (event) => {
      if (!from) return;
      event.preventDefault();
      row.classList.add("is-target");
    });
    row.addEventListener("dragleave", () => row.classList.remove("is-target"));
    row.addEventListener("drop", (event) => {
      event.preventDefault();
      row.classList.remove("is-target");
      if (from && from !== row) press_here(form, `move:${from.dataset.line}:${row.dataset.line}`, false);
      from = null;
    });
  }
}

function start(form) {
  let timer;
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=do]");
    if (!button || /^(save|paste)$/.test(button.value)) return;
    event.preventDefault();
    press_here(form, button.value, true);
  });
  form.addEventListener("change", (event) => {
    if (event.target.name === "paste") return;
    clearTimeout(timer);
    timer = setTimeout(() => look(form), QUIET);
  });
  drag(form);
}

const form = document.querySelector("#sheet");
if (form) start(form);
