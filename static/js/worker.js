// Keeps a released programme readable where there is no network, and says how old it is. Served as /sw.js; every
// conference registers it for its own pages, in each language (static/js/visit.js). Desk and sign-in are not its business.
const ROOT = new URL(self.registration.scope).pathname; // /dongbuk4-2015/ or /en/dongbuk4-2015/
const SLUG = ROOT.split("/").at(-2);
const CACHE = `programme:${ROOT}`;
const STAND = "/stand"; // under this name lies which release is kept whole
const REST = 300_000; // ms until all is fetched again after something could not be
const PATIENCE = 4000; // ms after which a page that is kept is better than one that does not come
const MOST = 150; // pages that are fetched ahead
const AT_ONCE = 4;

self.addEventListener("install", (event) => event.waitUntil(self.skipWaiting()));
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("message", (event) => event.waitUntil(agree(event.data)));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (pathname.startsWith("/static/")) event.respondWith(fixed(request));
  else if (request.mode === "navigate" && pathname.startsWith(ROOT)) event.respondWith(page(event, pathname));
});

// ── what is asked for ──
async function fixed(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request.url)) ?? fetch(request); // a new text has a new name
}

async function page(event, pathname) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(pathname); // what stands behind ? the page's own script applies
  const asked = fetch(event.request);
  event.waitUntil(asked.then((answer) => isPage(answer) && look(cache, event.request, answer.clone())).catch(() => {}));
  try {
    const answer = await (kept ? Promise.race([asked, late()]) : asked);
    return kept && answer.status >= 500 ? await dated(kept) : answer;
  } catch {
    if (kept) return dated(kept);
    const programme = `${ROOT}programme/`;
    const isThere = pathname !== programme && (await cache.match(programme));
    return isThere ? Response.redirect(programme) : Response.error();
  }
}

const late = () => new Promise((_, refuse) => setTimeout(() => refuse(new Error("late")), PATIENCE));

async function dated(kept) {
  const html = (await kept.text()).replace("<html ", `<html data-kept="${kept.headers.get("x-kept-at")}" `);
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
}

// ── what is kept ──
const isPage = (answer) => answer.headers.get("content-type")?.startsWith("text/html");
const isPublic = (answer) => answer.headers.get("cache-control")?.startsWith("public");

async function look(cache, request, answer) {
  const { pathname, search } = new URL(request.url);
  if (answer.status !== 404) return search ? undefined : keep(cache, pathname, answer);
  return pathname === ROOT ? forget() : cache.delete(pathname);
}

async function keep(cache, pathname, answer) {
  if (!answer.ok || answer.redirected || !isPage(answer) || !isPublic(answer)) throw new Error(`${pathname} ${answer.status}`);
  const html = await answer.text();
  const headers = { "content-type": "text/html; charset=utf-8", "x-kept-at": new Date().toISOString() };
  await cache.put(pathname, new Response(html, { headers }));
  return html;
}

// What is no longer public goes in every language.
async function forget() {
  for (const name of await caches.keys()) if (name.startsWith("programme:") && name.endsWith(`/${SLUG}/`)) await caches.delete(name);
}

// A page says which release is in force ("" where none is): all of it is fetched once, and what is gone is forgotten. A
// phone that saves data keeps what was read.
async function agree({ digest, isSparing }) {
  if (!digest) return forget();
  const cache = await caches.open(CACHE);
  if (isSparing || fetching || Date.now() < restsUntil || (await (await cache.match(STAND))?.text()) === digest) return;
  fetching = true;
  try {
    await cache.delete(STAND);
    // another release may have come meanwhile: then the next look asks again
    if ((await fetchAll(cache)) === digest) await cache.put(STAND, new Response(digest));
  } catch {
    restsUntil = Date.now() + REST;
  } finally {
    fetching = false;
  }
}

let fetching = false;
let restsUntil = 0;

// Returns the digest of the release that all pages are of; "" where they are of several.
async function fetchAll(cache) {
  const listed = await fetch(`/sitemap-${SLUG}.xml`, { cache: "no-cache" });
  if (!listed.ok) throw new Error(listed.status);
  const every = [...(await listed.text()).matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => new URL(address).pathname);
  const paths = every.filter((path) => path.startsWith(ROOT)).slice(0, MOST);
  const files = new Set();
  const digests = new Set();
  const left = [...paths];
  const fetchSome = async () => {
    for (let path = left.shift(); path; path = left.shift()) {
      const answer = await fetch(path, { cache: "no-cache" });
      if (answer.status === 404) {
        await cache.delete(path);
        continue;
      }
      const html = await keep(cache, path, answer);
      digests.add(html.match(/data-digest="(\w+)"/)?.[1]);
      for (const [, file] of html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)) files.add(file);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
  for (const file of files) if (!(await cache.match(file))) await cache.add(file);
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (pathname !== STAND && !paths.includes(pathname) && !files.has(pathname)) await cache.delete(url);
  }
  return digests.size === 1 ? [...digests][0] : "";
}
