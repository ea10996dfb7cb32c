// Reports that a citizen has sent off, on the phone until the city has them; then their numbers.
import { queueOf } from "./queue.mjs";

export const NAME = "haihe-snap-queue", SYNC = "haihe-snap";
export const queue = queueOf(NAME);

// Photos and words go; what remains leads to the report.
export const taken = (item, { spoken, url }) => queue("put", { number: item.number, done: { spoken, url } });
