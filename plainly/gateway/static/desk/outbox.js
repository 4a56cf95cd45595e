// Sends in order, shows at once, forgets nothing: what the gateway has not taken yet is kept in the browser.
//
// An entry is held (it may be taken back), queued, sending, waiting (for the connection), warned (the rules
// say otherwise) or refused. Its id makes sending it twice harmless.
import { pauseBefore } from "../widget/link.js";
import { api, explain, whenLive } from "./desk.js";
import { changeDraft, draftOf } from "./drafts.js";
import { signal } from "./html.js";
import { say } from "./labels.js";
import { preferences } from "./preferences.js";
import { onChange, read, write } from "./shelf.js";
import { connection, isMine, items, me, selected, takeMessages, tell } from "./state.js";

const MOST_PAUSE = 8_000;
const STALE_TRIES = 2;

export const outbox = signal([]);
/** A message the rules contradict, waiting for a decision. */
export const warned = signal(null);

export const outboxOf = (id) => outbox.value.filter((entry) => entry.conversation === id);

/** Read and change what is kept in one go, since other tabs change it too. */
function update(change) {
  const next = change(read("outbox") ?? []);
  write("outbox", next);
  outbox.value = next;
}

const patch = (id, change) => update((all) => all.map((entry) => (entry.id === id ? { ...entry, ...change } : entry)));
const drop = (id) => update((all) => all.filter((entry) => entry.id !== id));
const find = (id) => outbox.value.find((entry) => entry.id === id);

/** Take up what an earlier page could not send. */
export function startOutbox() {
  update((all) => all.map((entry) => (["held", "sending"].includes(entry.state) ? { ...entry, state: "queued" } : entry)));
  onChange((name) => name === "outbox" && (outbox.value = read("outbox") ?? []));
  whenLive(pumpAll);
  pumpAll();
}

/** Send a reply ("message") or keep a note ("note"). */
export function post(conversation, kind, text, { suggestions = [] } = {}) {
  const seconds = kind === "message" ? preferences.value.hold : 0;
  const entry = {
    id: crypto.randomUUID?.().replaceAll("-", "") ?? randomId(),
    conversation,
    kind,
    text,
    suggestions,
    reason: null,
    epoch: items.value.get(conversation)?.epoch ?? 0,
    at: Date.now(),
    tried: false,
    state: seconds ? "held" : "queued",
    until: seconds ? Date.now() + seconds * 1_000 : null,
  };
  update((all) => [...all, entry]);
  if (seconds) setTimeout(() => release(entry.id), seconds * 1_000);
  else pump(conversation);
  return entry;
}

function release(id) {
  const entry = find(id);
  if (entry?.state !== "held") return;
  patch(id, { state: "queued" });
  pump(entry.conversation);
}

/** Out of the box and back into the composer, before whatever was written meanwhile. */
export function giveBack(id, why = "") {
  const entry = find(id);
  if (!entry) return;
  drop(id);
  const field = entry.kind === "note" ? "note" : "reply";
  const draft = draftOf(entry.conversation);
  changeDraft(entry.conversation, {
    [field]: [entry.text, draft[field]].filter(Boolean).join("\n\n"),
    mode: field,
    used: [...(entry.suggestions ?? []), ...draft.used],
    why,
  });
}

export const discard = (id) => drop(id);

export function retry(id) {
  const entry = find(id);
  if (!entry) return;
  patch(id, { state: "queued" });
  pump(entry.conversation);
}

/** Send although the rules say otherwise. */
export function override(id, reason) {
  patch(id, { reason });
  retry(id);
}

const pumpAll = () => [...new Set(outbox.value.map((entry) => entry.conversation))].forEach(pump);

const pumping = new Set();
let retrying = 0;
let fails = 0;

/** Send what a conversation has, one after the other, so that the order stays. */
async function pump(conversation) {
  if (pumping.has(conversation)) return;
  pumping.add(conversation);
  try {
    let entry;
    while ((entry = outboxOf(conversation).find(({ state }) => state === "queued" || state === "waiting"))) {
      if (!(await deliver(entry))) break;
    }
  } finally {
    pumping.delete(conversation);
  }
}

/** Whether the next one may go. */
async function deliver(entry) {
  patch(entry.id, { state: "sending", tried: true });
  try {
    const { seq } = await api.post(...request(entry));
    fails = 0;
    showSent(entry, seq);
    drop(entry.id);
    return true;
  } catch (problem) {
    return settle(entry, problem);
  }
}

function request({ id, conversation, kind, text, epoch, suggestions, reason }) {
  if (kind === "note") return [`/conversations/${conversation}/notes`, { id, text }];
  return [`/conversations/${conversation}/messages`, { id, text, epoch, suggestions, reason }];
}

/** Until the live connection brings the gateway's own word for it. */
function showSent({ id, conversation, kind, text, at }, seq) {
  const sent = { id, seq, text, kind: kind === "note" ? "note" : "text", author: "agent", by: me.value.id, name: me.value.name };
  takeMessages(conversation, [{ ...sent, buttons: [], citations: [], created_at: new Date(at).toISOString() }]);
}

async function settle(entry, problem) {
  if (problem.passing || problem.status === 401) return wait(entry, problem);
  if (problem.code === "contradicts") return warn(entry, problem.details.warnings ?? []);
  if (problem.code === "unfilled_placeholder") {
    giveBack(entry.id, problem.message);
    return true;
  }
  if (problem.code === "stale" || problem.code === "wrong_owner") return moved(entry, problem);
  patch(entry.id, { state: "refused", why: problem.message || say("problemUnknown") });
  return true;
}

function wait(entry, problem) {
  patch(entry.id, { state: "waiting" });
  fails += 1;
  clearTimeout(retrying);
  retrying = setTimeout(pumpAll, pauseBefore(fails, problem.seconds, MOST_PAUSE));
  return false;
}

function warn(entry, warnings) {
  patch(entry.id, { state: "warned", warnings });
  if (entry.conversation === selected.value) warned.value = entry.id;
  return true;
}

/** Somebody moved the conversation. Where it is still ours, the words go out under the new count. */
async function moved(entry, problem) {
  const why = await explain(entry.conversation, problem);
  const now = items.value.get(entry.conversation);
  const tries = entry.staleTries ?? 0;
  if (isMine(now) && now.epoch !== entry.epoch && tries < STALE_TRIES) {
    patch(entry.id, { state: "queued", epoch: now.epoch, staleTries: tries + 1 });
    return true;
  }
  patch(entry.id, { state: "refused", why });
  if (entry.conversation !== selected.value) tell(why, "bad");
  return true;
}

/** Whether something would be lost by closing the page for good, rather than by a reload. */
export const isBusy = () => connection.value !== "live" && outbox.value.some(({ state }) => state !== "refused");

function randomId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
