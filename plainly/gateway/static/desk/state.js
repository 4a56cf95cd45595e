// What the desk knows: who we are, who waits, what was said. Components read the signals and follow them.
import { computed, signal } from "./html.js";

export const me = signal(null);
export const staff = signal([]);
/** connecting, live, lost or ended. */
export const connection = signal("connecting");
/** Conversations by id, as the gateway last told them. */
export const items = signal(new Map());
export const view = signal("queue");
export const query = signal("");
/** What the gateway found for a view or a search: {key, state, ids}. */
export const found = signal({ key: "", state: "idle", ids: [] });
export const selected = signal(null);
/** Of opened conversations: {state, problem, packet, inWords, messages, handling, grants, levers, contact}. */
export const details = signal(new Map());
/** On narrow screens one is shown: list, talk or help. */
export const pane = signal("list");
/** The open dialog: {name, ...} or null. */
export const dialog = signal(null);
/** One short sentence at the foot of the page: {text, tone, key}. */
export const notice = signal(null);

/** The line above every page of those who lead; "" while all is well. */
export const warning = signal("");

export const item = computed(() => items.value.get(selected.value) ?? null);
export const detail = computed(() => details.value.get(selected.value) ?? null);
export const canReply = computed(() => isMine(item.value));

export const VIEWS = ["queue", "mine", "open", "snoozed", "bot", "closed"];
/** Views that the live connection tells nothing of, with the newest first. */
export const FETCHED = ["bot", "closed"];

export const isMine = (one) => Boolean(one?.agent && one.agent.id === me.value?.id);
const isAsleep = (one) => Boolean(one.snoozed_until);

const BELONGS = {
  queue: (one) => one.owner === "queue" && !isAsleep(one),
  mine: (one) => isMine(one) && !isAsleep(one),
  open: (one) => (one.owner === "queue" || one.owner === "agent") && !isAsleep(one),
  snoozed: (one) => isAsleep(one) && one.owner !== "closed",
  bot: (one) => one.owner === "bot",
  closed: (one) => one.owner === "closed",
};

/** Whether a conversation belongs to a view now. */
export const belongs = (one, name) => BELONGS[name](one);

const waitedLonger = (a, b) => sortKey(a).localeCompare(sortKey(b)) || a.id.localeCompare(b.id);
const sortKey = (one) => one.since ?? one.last?.at ?? "";
const spokeLater = (a, b) => (b.last?.at ?? "").localeCompare(a.last?.at ?? "") || a.id.localeCompare(b.id);

/** All conversations of a view: those of people with the longest wait first, the others with the newest first. */
export function ofView(name) {
  const all = [...items.value.values()].filter((one) => belongs(one, name));
  return all.sort(FETCHED.includes(name) ? spokeLater : waitedLonger);
}

/** What the list shows now: a search as the gateway ordered it, else the view. */
export const listed = computed(() => {
  if (!query.value) return ofView(view.value);
  return found.value.ids.map((id) => items.value.get(id)).filter(Boolean);
});

/** Everything anew, after connecting. What is open in front of us stays until it is loaded again. */
export function takeHello(frame) {
  const kept = items.value.get(selected.value);
  const fresh = new Map(frame.items.map((one) => [one.id, one]));
  if (kept && !fresh.has(kept.id)) fresh.set(kept.id, kept);
  for (const id of found.value.ids) if (!fresh.has(id) && items.value.has(id)) fresh.set(id, items.value.get(id));
  items.value = fresh;
  if (frame.staff) staff.value = frame.staff;
  warning.value = frame.warning ?? "";
  if (frame.me) me.value = { ...me.value, ...frame.me };
}

/** Conversations that changed, and those that are no longer ours to see. */
export function takeItems({ changed = [], gone = [] }) {
  const next = new Map(items.value);
  for (const one of changed) next.set(one.id, one);
  for (const id of gone) if (id !== selected.value) next.delete(id);
  items.value = next;
}

export const takeItem = (one) => one && takeItems({ changed: [one] });

/** Change what is known of one conversation's inside. */
export function patchDetail(id, patch) {
  const before = details.value.get(id);
  const change = typeof patch === "function" ? patch(before) : patch;
  details.value = new Map(details.value).set(id, { messages: [], ...before, ...change });
}

/** Messages by number, each once; the gateway's word replaces ours. */
export function mergeMessages(before, news) {
  const byId = new Map(before.map((message) => [message.id, message]));
  for (const message of news) byId.set(message.id, message);
  return [...byId.values()].sort((a, b) => a.seq - b.seq);
}

export function takeMessages(id, news) {
  if (details.value.has(id)) patchDetail(id, (before) => ({ messages: mergeMessages(before?.messages ?? [], news) }));
}

/** The number of the last message we have of a conversation. */
export const lastSeq = (id) => details.value.get(id)?.messages.at(-1)?.seq ?? 0;

/** The customer's last message, when nobody has answered it with words yet; else null. */
export function unanswered(messages) {
  const shown = messages.filter(({ kind, author }) => kind !== "note" && kind !== "draft" && author !== "system");
  const last = shown.findLast(({ author, kind }) => author === "customer" || (author === "agent" && kind !== "notice"));
  return last?.author === "customer" ? last : null;
}

/** Say something short at the foot of the page. */
export function tell(text, tone = "good") {
  notice.value = { text, tone, key: Symbol(text) };
}
