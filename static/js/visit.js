// A visit: the page says in words what was changed since it was loaded; it stays readable without a network, and says
// then how old it is. What is kept is the business of static/js/worker.js.
const bar = document.querySelector("[data-live]");
const EVERY = 30_000; // ms between two looks at version.json, a little more or less for each phone
const OLD = 10; // seconds that an answer may be old without a word
const LINES = 3;
const keptAt = document.documentElement.dataset.kept; // by the worker, on a page that no network brought
let seenAt = keptAt ?? new Date().toISOString();
let isAway = Boolean(keptAt);
let isOld = false;
let next = 0;
let closed = ""; // what somebody has read and put away

function say(title, lines, label) {
  const list = bar.querySelector("ul");
  const button = bar.querySelector("[data-again]");
  bar.querySelector("p").textContent = title;
  list.replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  list.hidden = !lines.length;
  button.hidden = !label;
  button.textContent = label;
  bar.hidden = closed === bar.textContent;
}

function close() {
  closed = bar.textContent;
  bar.hidden = true;
}

function sayAge() {
  const form = { month: "numeric", day: "numeric", hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
  const when = new Date(seenAt).toLocaleString(document.documentElement.lang, { ...form, timeZone: "Asia/Seoul" });
  say(bar.dataset.away.replace("{when}", when), [], bar.dataset.retry);
}

function sayNews({ number, news }) {
  const { changed, reload, more } = bar.dataset;
  const shown = Number(bar.dataset.number);
  const told = number > shown ? news.filter((entry) => entry.number > shown).flatMap((entry) => entry.told) : [];
  const rest = told.length > LINES ? [more.replace("{n}", told.length - LINES)] : [];
  say(changed, [...told.slice(0, LINES), ...rest], reload);
}

async function look() {
  clearTimeout(next);
  next = setTimeout(look, EVERY * (0.8 + 0.4 * Math.random()));
  if (document.hidden) return;
  try {
    const answer = await fetch(`${bar.dataset.live}version.json`, { cache: "no-cache" });
    if (answer.status === 404) gone();
    else if (answer.ok) found(await answer.json(), Number(answer.headers.get("age")));
    else throw new Error(answer.status);
  } catch {
    isAway = true;
    if (!isOld) sayAge();
  }
}

function found(version, age) {
  isOld = version.digest !== bar.dataset.digest;
  if (isOld) sayNews(version);
  else if (age >= OLD) { // the portal reads from its memory: its database is away
    seenAt = new Date(Date.now() - age * 1000).toISOString();
    sayAge();
  } else {
    seenAt = new Date().toISOString();
    bar.hidden = true; // what was said meanwhile, of a withdrawn release too, is over
  }
  isAway = false;
  tell(version.digest);
}

function gone() {
  isOld = true;
  tell("");
  say(bar.dataset.gone, [], "");
}

async function tell(digest) {
  const { active } = (await navigator.serviceWorker?.ready) ?? {};
  active?.postMessage({ digest, isSparing: Boolean(navigator.connection?.saveData) });
}

async function begin() {
  next = setTimeout(look, 2000);
  try {
    await navigator.serviceWorker?.register("/sw.js", { scope: bar.dataset.live, updateViaCache: "none" });
  } catch {
    // a browser that keeps nothing: the page is read as it is
  }
}

if (bar) {
  bar.querySelector("[data-again]").addEventListener("click", () => location.reload());
  bar.querySelector("[data-close]").addEventListener("click", close);
  if (isAway) sayAge();
  for (const event of ["online", "offline"]) addEventListener(event, look);
  document.addEventListener("visibilitychange", look);
  if (document.readyState === "complete") begin();
  else addEventListener("load", begin);
}
