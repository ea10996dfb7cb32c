// Keeps the round's pages and their files on the phone, so that they open without a network.
import { keeps } from "./keeper.mjs";

keeps("haihe-round-1", self.registration.scope);
