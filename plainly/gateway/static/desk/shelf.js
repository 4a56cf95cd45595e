// What this browser keeps for one member of staff: drafts, what waits to be sent, preferences.
import { Storage } from "../widget/storage.js";

const storage = new Storage(`${location.origin}/desk`);
let owner = "";

/** From now on drafts are of this member of staff: two who share a computer never see each other's. */
export function openShelf(staffId) {
  owner = staffId;
}

export const read = (name) => storage.browser.read(`${owner}:${name}`);
export const write = (name, value) => storage.browser.write(`${owner}:${name}`, value);
export const forget = (name) => storage.browser.forget(`${owner}:${name}`);

/** Call `then(name)` when another tab of the same member of staff changed something. */
export function onChange(then) {
  storage.watch((name) => name.startsWith(`${owner}:`) && then(name.slice(owner.length + 1)));
}
