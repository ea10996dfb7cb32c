// Keeps the round's pages and their files on the phone, so that they open without a network.
const KEPT = "haihe-round-1", ANY = { ignoreVary: true }; // one officer's phone: no other variant

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

async function page(request) {
  const kept = await caches.open(KEPT);
  try {
    const answer = await fetch(request);
    // Signed out: what was kept for this officer goes.
    if (answer.redirected && answer.url.includes("/account/")) await caches.delete(KEPT);
    else if (answer.ok) await kept.put(request, answer.clone());
    return answer;
  } catch (fault) {
    const held = (await kept.match(request, ANY)) || (await kept.match(self.registration.scope, ANY));
    if (held) return held;
    throw fault;
  }
}

async function file(request) {
  const kept = await caches.open(KEPT);
  const held = await kept.match(request, ANY);
  if (held) return held;
  const answer = await fetch(request);
  if (answer.ok) await kept.put(request, answer.clone());
  return answer;
}

self.addEventListener("fetch", (event) => {
  const { request } = event, { pathname } = new URL(request.url);
  if (request.method !== "GET" || pathname.endsWith("/token")) return;
  if (pathname.startsWith("/static/")) event.respondWith(file(request));
  else if (pathname.startsWith(new URL(self.registration.scope).pathname)) event.respondWith(page(request));
});
