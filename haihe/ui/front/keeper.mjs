// Keeps pages and their files on the phone, so that they open without a network.
const ANY = { ignoreVary: true }; // one person's phone: no other variant

// Asked of a window, before the network goes. `kept`: without what somebody wrote or whose phone
// it is, so that it is no look.
export async function keepPage(name, page) {
  const answer = await fetch(`${page.split("?")[0]}?kept=yes`, { credentials: "same-origin" });
  if (!answer.ok || answer.redirected) return;
  const held = await caches.open(name);
  await held.put(page, answer.clone());
  const text = await answer.text(), named = /(?:src|href)="(\/static\/[^"]+)"/g;
  for (let found = named.exec(text); found; found = named.exec(text)) {
    if (!(await held.match(found[1]))) await held.add(found[1]);
  }
}

// The service worker: pages from the network, else as kept, else the one to begin at.
export function keeps(name, home) {
  async function page(request) {
    const held = await caches.open(name);
    try {
      const answer = await fetch(request);
      // Signed out: what was kept for this officer goes.
      if (answer.redirected && answer.url.includes("/account/")) await caches.delete(name);
      return answer;
    } catch (fault) {
      const found = (await held.match(request, ANY)) || (await held.match(home, ANY));
      if (found) return found;
      throw fault;
    }
  }

  async function file(request) {
    const held = await caches.open(name);
    const found = await held.match(request, ANY);
    if (found) return found;
    const answer = await fetch(request);
    if (answer.ok) await held.put(request, answer.clone());
    return answer;
  }

  self.addEventListener("install", () => self.skipWaiting());
  self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
  self.addEventListener("fetch", (event) => {
    const { request } = event, { pathname } = new URL(request.url);
    if (request.method !== "GET") return;
    if (pathname.startsWith("/static/")) event.respondWith(file(request));
    else if (request.mode === "navigate") event.respondWith(page(request));
  });
}
