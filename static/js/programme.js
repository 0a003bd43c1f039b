// The programme: finds while one types, keeps the choice in the address, and moves the mark of now on by the minute.
// Without this the form asks the server, which answers the same (sessions/programme_search.py), and marks now as of its answer.
const INITIALS = "ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ";
const form = document.querySelector("[data-find-form]");
const sessions = [...document.querySelectorAll("[data-find]")];
const cells = [...document.querySelectorAll("td[data-code]")];

const normalise = (text) => text.normalize("NFC").toLowerCase().replace(/\s+/g, "");
const initialConsonants = (text) =>
  text.replace(/[가-힣]/g, (sign) => INITIALS[Math.floor((sign.charCodeAt(0) - 0xac00) / 588)]);

function contains(text, wanted) {
  const within = [...normalise(wanted)].every((sign) => INITIALS.includes(sign)) ? initialConsonants(text) : text;
  return within.includes(normalise(wanted)) || wanted.split(/\s+/).every((word) => within.includes(normalise(word)));
}

function readQuery() {
  const query = new URLSearchParams(new FormData(form));
  for (const [key, value] of [...query]) if (!value.trim()) query.delete(key);
  return query;
}

function matches(item, query) {
  return [...query].every(([key, value]) => {
    if (key === "q") return contains(item.dataset.find, value.trim());
    if (key === "starred") return item.hasAttribute("data-starred");
    return !(key in item.dataset) || item.dataset[key].split("\n").includes(value);
  });
}

function find() {
  const query = readQuery();
  const hasFilters = [...query.keys()].some((key) => key !== "view");
  const hits = new Set();
  for (const item of sessions) {
    const fit = matches(item, query);
    if (fit) hits.add(item.dataset.code);
    if (item.tagName !== "TD") item.hidden = !fit;
  }
  for (const cell of cells) cell.classList.toggle("is-out", !hits.has(cell.dataset.code));
  for (const group of document.querySelectorAll(".slot, .part")) {
    const items = [...group.querySelectorAll("[data-find]")];
    group.hidden = items.length ? items.every((item) => item.hidden) : hasFilters;
  }
  document.querySelector("[data-shown]").classList.toggle("is-narrowed", hasFilters);
  for (const fold of document.querySelectorAll(".side-by-side")) if (hasFilters) fold.open = true;
  report(query, hasFilters, hits.size);
}

function report(query, hasFilters, count) {
  const said = form.querySelector("[role=status]");
  said.textContent = hasFilters ? said.dataset.text.replace("{n}", count) : "";
  form.querySelector("[data-all]").hidden = !hasFilters;
  const isNone = hasFilters && count === 0;
  document.querySelector("[data-none]").hidden = !isNone;
  document.querySelector("[data-shown]").hidden = isNone;
  const elsewhere = document.querySelector("[data-elsewhere]");
  if (elsewhere) elsewhere.textContent = elsewhere.dataset.elsewhere; // its text was of an earlier search
  history.replaceState(null, "", address(location.pathname, query) + location.hash);
  for (const link of document.querySelectorAll("a[data-keep]")) {
    const url = new URL(link.href);
    const newQuery = new URLSearchParams(query);
    const view = url.searchParams.get("view") ?? newQuery.get("view");
    if (view) newQuery.set("view", view);
    link.href = address(url.pathname, newQuery);
    link.querySelector(".count")?.remove(); // its number is of an earlier search
  }
}

function fill() {
  for (const [key, value] of new URLSearchParams(location.search)) {
    if (key === "view") showOnly(value);
    else if (key !== "starred" && form.elements[key]) form.elements[key].value = value;
  }
  find();
}

function showOnly(view) {
  const [table, list] = [document.querySelector(".by-room"), document.querySelector(".programme.has-table")];
  if (!table || !list) return;
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "view", value: view }));
  if (view === "table") {
    table.removeAttribute("data-beside");
    list.remove(); // the session is found by its words in the table too
  } else {
    list.classList.remove("has-table");
    table.remove();
  }
}

const address = (path, query) => (query.size ? `${path}?${query}` : path);

if (form && sessions.length) {
  form.addEventListener("input", find);
  form.addEventListener("submit", (event) => {
    find();
    const isNone = !document.querySelector("[data-none]").hidden;
    const asksOtherDays = isNone && document.querySelector("[data-elsewhere]") && !form.elements.starred.checked;
    if (!asksOtherDays) event.preventDefault(); // only the server can search other days
  });
  document.addEventListener("starred", find);
  if (document.documentElement.dataset.kept) fill(); // the stored page was made without the query string
  if (form.elements.starred.checked) find(); // stars.js was here before
  // the table shows a part at another place than the list
  const target = document.getElementById(location.hash.slice(1));
  if (target && !target.offsetParent) document.getElementById(`t-${target.id}`)?.scrollIntoView();
}

// ── now: what a time says does not depend on where the phone is ──
const box = document.querySelector(".raster-box");
const line = box?.appendChild(Object.assign(document.createElement("p"), { className: "now-line", hidden: true }));
const timed = [...document.querySelectorAll(".programme .slot, td[data-code]")].map((element) => {
  const times = element.querySelector(".slot-time, .cell-time").querySelectorAll("time");
  return { element, starts: Date.parse(times[0].dateTime), ends: Date.parse(times[times.length - 1].dateTime) };
});

function mark() {
  const at = Date.now();
  for (const { element, starts, ends } of timed) {
    const isNow = starts <= at && at < ends && !element.querySelector(".badge.is-error");
    const badge = element.querySelector(".now");
    element.classList.toggle("is-now", isNow);
    if (!isNow) badge?.remove();
    else if (!badge) element.querySelector(".slot-time, .cell-time").append(" ", now());
  }
  draw(at);
}

function now() {
  const badge = Object.assign(document.createElement("span"), { className: "badge is-info now" });
  badge.textContent = document.querySelector("[data-now]").dataset.now;
  return badge;
}

function draw(at) {
  const rows = [...(box?.querySelectorAll("tbody tr:not(.raster-part)") ?? [])];
  if (!rows.length) return;
  const starts = rows.map((row) => Date.parse(row.querySelector("time").dateTime));
  const i = starts.findLastIndex((start) => start <= at);
  const ends = i + 1 < rows.length ? starts[i + 1] : Number(new Date(box.dataset.ends));
  line.hidden = i < 0 || at >= ends;
  if (line.hidden) return;
  const share = (at - starts[i]) / (ends - starts[i]);
  line.style.top = `${rows[i].offsetTop + rows[i].offsetHeight * share}px`;
}

if (timed.length) {
  mark();
  setInterval(mark, 20_000);
  addEventListener("resize", () => draw(Date.now()));
  document.addEventListener("visibilitychange", mark);
}
