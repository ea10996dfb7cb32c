// Opens the report page without a network, and sends what waits, where the browser lets it, with
// no page open.
import { keeps } from "./keeper.mjs";
import { isWaiting, sendAll } from "./queue.mjs";
import { NAME, SYNC, queue, taken } from "./snap-queue.mjs";

const { scope } = self.registration;
keeps("haihe-snap-1", `${scope}report/`);

async function send() {
  await sendAll(NAME, queue, { token: `${scope}token`, taken });
  (await self.clients.matchAll()).forEach((page) => page.postMessage(SYNC));
  if ((await queue("getAll")).some(isWaiting)) throw new Error("waits on"); // the browser asks again
}

self.addEventListener("sync", (event) => event.tag === SYNC && event.waitUntil(send()));
