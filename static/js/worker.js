// Keeps a released programme readable where there is no network, and says how old it is. Served as /sw.js; every
// conference registers it for its own pages, in each language (static/js/visit.js). Desk and sign-in are not its business.
const ROOT = new URL(self.registration.scope).pathname; // /dongbuk4-2015/ or /en/dongbuk4-2015/
const SLUG = ROOT.split("/").at(-2);
const CACHE = `programme:${ROOT}`;
const STAND = "/stand"; // under this name lies which release is kept, and when that was last so
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
    return kept && answer.status >= 500 ? await dated(cache, kept) : answer;
  } catch {
    if (kept) return dated(cache, kept);
    const programme = `${ROOT}programme/`;
    const isThere = pathname !== programme && (await cache.match(programme));
    return isThere ? Response.redirect(programme) : Response.error();
  }
}

const late = () => new Promise((_, refuse) => setTimeout(() => refuse(new Error("late")), PATIENCE));

async function dated(cache, kept) {
  const stand = await (await cache.match(STAND))?.json();
  const at = [kept.headers.get("x-kept-at"), stand?.at ?? ""].sort().at(-1);
  const html = (await kept.text()).replace("<html ", `<html data-kept="${at}" `);
  return new Response(html, { headers: { "content-type": "text/html; charset=utf-8" } });
}

// ── what is kept ──
const isPage = (answer) => answer.headers.get("content-type")?.startsWith("text/html");
const isPublic = (answer) => answer.headers.get("cache-control")?.startsWith("public");

async function look(cache, request, answer) {
  const { pathname, search } = new URL(request.url);
  if (answer.status === 404 || answer.status === 410) await cache.delete(pathname);
  else if (!search) await keep(cache, pathname, answer);
}

async function keep(cache, pathname, answer) {
  if (!answer.ok || answer.redirected || !isPage(answer) || !isPublic(answer)) throw new Error(`${pathname} ${answer.status}`);
  const html = await answer.text();
  const headers = { "content-type": "text/html; charset=utf-8", "x-kept-at": new Date().toISOString() };
  await cache.put(pathname, new Response(html, { headers }));
  return html;
}

// A page says which release is in force ("" where none is): all of it is fetched once, and what is gone is forgotten.
async function agree({ digest, isSparing }) {
  if (!digest) return caches.delete(CACHE);
  const cache = await caches.open(CACHE);
  const stand = await (await cache.match(STAND))?.json();
  if (stand?.digest !== digest) {
    if (isSparing) return false; // a phone that saves data keeps what was read
    fetching ??= fetchAll(cache).finally(() => (fetching = undefined));
    await fetching;
  }
  return cache.put(STAND, new Response(JSON.stringify({ digest, at: new Date().toISOString() })));
}

let fetching;

async function fetchAll(cache) {
  const listed = await fetch(`/sitemap-${SLUG}.xml`, { cache: "no-cache" });
  if (!listed.ok) throw new Error(listed.status);
  const every = [...(await listed.text()).matchAll(/<loc>([^<]+)<\/loc>/g)].map(([, address]) => new URL(address).pathname);
  const paths = every.filter((path) => path.startsWith(ROOT)).slice(0, MOST);
  const files = new Set();
  const left = [...paths];
  const fetchSome = async () => {
    for (let path = left.shift(); path; path = left.shift()) {
      const html = await keep(cache, path, await fetch(path, { cache: "no-cache" }));
      for (const [, file] of html.matchAll(/(?:href|src)="(\/static\/[^"]+)"/g)) files.add(file);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fetchSome));
  for (const file of files) if (!(await cache.match(file))) await cache.add(file);
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    if (pathname !== STAND && !paths.includes(pathname) && !files.has(pathname)) await cache.delete(url);
  }
}
