// What was typed and not saved outlives a closed sign-in, the back button and a mistaken link: it is kept in this tab
// alone, and offered again when the same page is opened. Leaving with unsaved words is asked about.

const key = `typed:${location.pathname}${location.search}`;
const NEVER = /^(csrfmiddlewaretoken|do|.*password.*)$/;
const current = () => document.querySelector("#sheet, form#row");
const pairs = (from) => [...new FormData(from)].filter(([name, value]) => !NEVER.test(name) && typeof value === "string");
const form = current();
let isTyped = form?.dataset.unsaved !== undefined;

function offer(kept) {
  const words = document.querySelector("[data-kept-text]").dataset;
  const box = document.createElement("div"), text = document.createElement("p"), buttons = document.createElement("p");
  box.className = "message is-warning kept";
  box.setAttribute("role", "status");
  text.textContent = words.keptText;
  buttons.className = "actions";
  for (const [label, act] of [[words.keptBack, () => restore(kept)], [words.keptDrop, () => sessionStorage.removeItem(key)]]) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "button is-small", textContent: label });
    button.addEventListener("click", () => { box.remove(); act(); });
    buttons.append(button);
  }
  box.append(text, buttons);
  form.before(box);
}

// In a table the words go the way of a form that was sent and could not be saved: the
// server draws them into the page. A row's page has all its fields already.
function restore(kept) {
  if (form.id !== "row") return send(kept);
  for (const field of form.elements) {
    if (!field.name || NEVER.test(field.name) || field.disabled) continue;
    const value = kept.find(([name]) => name === field.name)?.[1];
    if (field.type === "checkbox" || field.type === "radio") field.checked = kept.some(([name, text]) => name === field.name && text === field.value);
    else if (value !== undefined) field.value = value;
  }
  typed();
  return form.querySelector("input:not([type=hidden]), select, textarea").focus();
}

function send(kept) {
  const sent = document.createElement("form");
  Object.assign(sent, { method: "post", action: form.action, hidden: true });
  const token = form.querySelector("[name=csrfmiddlewaretoken]").value;
  for (const [name, value] of [["csrfmiddlewaretoken", token], ...kept, ["do", "check"]]) {
    const input = document.createElement("textarea");
    Object.assign(input, { name, value });
    sent.append(input);
  }
  document.body.append(sent);
  isTyped = false;
  HTMLFormElement.prototype.submit.call(sent);
}

function typed() {
  isTyped = true;
  current().dataset.unsaved = "";
  try {
    sessionStorage.setItem(key, JSON.stringify(pairs(current())));
  } catch {
    // no room: the question at leaving still stands
  }
}

// What was sent and saved need not be offered again, on whatever page the answer led to.
const sent = sessionStorage.getItem("sent");
sessionStorage.removeItem("sent");
if (sent && document.querySelector(".message.is-success")) sessionStorage.removeItem(sent);

if (form) {
  const kept = sessionStorage.getItem(key);
  if (kept && !isTyped && kept !== JSON.stringify(pairs(form))) offer(JSON.parse(kept));
  document.addEventListener("input", (event) => {
    if (current()?.contains(event.target)) typed();
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented) return; // a module sends it, the page stays
    isTyped = false;
    if (event.target === current()) sessionStorage.setItem("sent", key);
  });
  window.addEventListener("beforeunload", (event) => {
    if (isTyped) event.preventDefault();
  });
}
