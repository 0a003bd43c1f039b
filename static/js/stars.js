// Stars: sessions that this phone keeps in mind. Nothing of it leaves the phone, but for the calendar one asks for.
const home = document.querySelector("[data-stars]"); // whose: a key for each conference, and the words
const KEY = `stars:${home?.dataset.stars}`;
const items = [...(home ? document.querySelectorAll("[data-code]") : [])].filter((item) => item.querySelector("h1 a, h3 a, h1"));

function kept() {
  try {
    return new Set(JSON.parse(localStorage.getItem(KEY) ?? "[]"));
  } catch {
    return new Set(); // a browser that keeps nothing, or something that is not ours
  }
}

function keep(codes) {
  try {
    localStorage.setItem(KEY, JSON.stringify([...codes]));
  } catch {
    // it is remembered as long as the page is open
  }
}

let codes = kept();

function add(item) {
  const button = Object.assign(document.createElement("button"), { type: "button", className: "star" });
  const title = item.querySelector("h1, h3");
  button.setAttribute("aria-label", home.dataset.label.replace("{title}", title.textContent.trim()));
  button.addEventListener("click", () => {
    const { code } = item.dataset;
    if (!codes.delete(code)) codes.add(code);
    keep(codes);
    show();
  });
  title.after(button);
}

function show() {
  for (const item of items) {
    const isStarred = codes.has(item.dataset.code);
    item.toggleAttribute("data-starred", isStarred);
    item.querySelector(".star").setAttribute("aria-pressed", isStarred);
  }
  const link = home.querySelector("[data-export]");
  if (link) {
    link.hidden = !codes.size;
    link.href = `${link.dataset.export}?only=${[...codes].map(encodeURIComponent).join(",")}`;
  }
  const only = document.querySelector("[data-only]");
  if (only) only.hidden = !codes.size && !only.querySelector("input").checked;
  document.dispatchEvent(new CustomEvent("starred"));
}

for (const item of items) add(item);
if (home && new URLSearchParams(location.search).has("starred")) {
  const box = document.querySelector("[data-only] input");
  if (box) box.checked = true;
}
addEventListener("storage", ({ key }) => {
  if (!home || key !== KEY) return;
  codes = kept();
  show();
});
if (home) show();
