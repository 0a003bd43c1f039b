// What was typed and not saved outlives a closed sign-in, the back button and a mistaken link: it is kept in this tab
// alone, and offered again when the same page is opened. Leaving with unsaved words is asked about.

const form = document.querySelector("#sheet, form#row");
const key = `typed:${location.pathname}${location.search}`;
const NEVER = /^(csrfmiddlewaretoken|do|.*password.*)$/;
let isTyped = Boolean(form?.dataset.unsaved !== undefined);

const current = () => document.querySelector("#sheet, form#row");
const pairs = (from) => [...new FormData(from)].filter(([name, value]) => !NEVER.test(name) && typeof value === "string");

function offer(kept) {
  const box = document.createElement("div");
  box.className = "message is-warning";
  box.setAttribute("role", "status");
  const text = document.createElement("p");
  text.textContent = form.dataset.keptText;
  const back = document.createElement("button");
  back.type = "button";
  back.className = "button is-small";
  back.textContent = form.dataset.keptBack;
  const drop = document.createElement("button");
  drop.type = "button";
  drop.className = "button is-small";
  drop.textContent = form.dataset.keptDrop;
  back.addEventListener("click", () => {
    restore(kept);
    box.remove();
  });
  drop.addEventListener("click", () => {
    sessionStorage.removeItem(key);
    box.remove();
  });
  const buttons = document.createElement("p");
  buttons.className = "buttons";
  buttons.append(back, drop);
  box.append(text, buttons);
  form.before(box);
}

// The words go the way of a form that was sent and could not be saved: the server draws them into the page.
function restore(kept) {
  const sent = document.createElement("form");
  sent.method = "post";
  sent.action = form.action || location.href;
  const token = form.querySelector("[name=csrfmiddlewaretoken]");
  const fields = [["csrfmiddlewaretoken", token.value], ...kept, ["do", "check"]];
  for (const [name, value] of fields) {
    const input = document.createElement("textarea");
    Object.assign(input, { name, value, hidden: true });
    sent.append(input);
  }
  document.body.append(sent);
  isTyped = false;
  sent.submit();
}

if (form) {
  const before = JSON.stringify(pairs(form));
  const kept = sessionStorage.getItem(key);
  if (kept && kept !== before && !isTyped && form.dataset.keptText) offer(JSON.parse(kept));
  else if (!isTyped) sessionStorage.removeItem(key);
  document.addEventListener("input", (event) => {
    const now = current();
    if (!now?.contains(event.target)) return;
    isTyped = true;
    sessionStorage.setItem(key, JSON.stringify(pairs(now)));
  });
  document.addEventListener("submit", () => {
    isTyped = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (isTyped) event.preventDefault();
  });
}
