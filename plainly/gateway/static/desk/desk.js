// The desk at work: connects, opens conversations, carries out what is decided about them.
import { Api } from "./api.js";
import { alertOf, claimedHere } from "./alerts.js";
import { changeDraft, draftOf } from "./drafts.js";
import { batch } from "./html.js";
import { say } from "./labels.js";
import { Socket } from "./socket.js";
import {
  connection, details, found, isMine, items, lastSeq, me, mergeMessages, ofView, pane, patchDetail, query, selected,
  staff, takeHello, takeItem, takeItems, takeMessages, tell, view, warning,
} from "./state.js";
import { setNow } from "./times.js";

const SETTLE = 250;
const LAST_TYPED = 3_000;
const AGAIN = 2_000;

export const api = new Api(() => (connection.value = "ended"));

const address = `${location.origin.replace(/^http/, "ws")}/api/v1/desk/live`;
export const socket = new Socket({ address, frame: take, is: connected });

const onLive = new Set();

/** Call `then` whenever the connection is (again) live. */
export const whenLive = (then) => onLive.add(then);

function connected(state) {
  const before = connection.value;
  if (before === "ended" && state === "lost") return;
  connection.value = state;
  if (state !== "live" || before === "live") return;
  watch();
  if (selected.value) load(selected.value);
  if (query.value || found.value.key) look();
  onLive.forEach((then) => then());
}

/** One frame of the live connection. */
export function take(frame) {
  const before = new Map(items.value);
  batch(() => {
    if (frame.now ?? frame.me?.now) setNow(frame.now ?? frame.me.now);
    if (frame.type === "hello") takeHello(frame);
    else if (frame.type === "items") takeItems(frame);
    else if (frame.type === "messages") takeMessages(frame.conversation, frame.messages);
    else if (frame.type === "staff") staff.value = frame.staff;
    else if (frame.type === "warning") warning.value = frame.warning;
    else if (frame.type === "typing") takeTyping(frame);
  });
  if (frame.type === "items") {
    frame.changed?.forEach((one) => noteChange(before.get(one.id), one));
    if (frame.gone?.includes(selected.value)) loadSoon();
  }
  if (frame.type === "hello") noteReopened(before);
}

function takeTyping({ conversation, customer, staff: writers }) {
  const one = items.value.get(conversation);
  if (!one) return;
  const typing = { customer: Boolean(customer), staff: (writers ?? []).map(({ name }) => name) };
  takeItem({ ...one, typing });
}

let reloading = 0;

/** The inside of the open conversation follows its outside. */
function noteChange(before, one) {
  alertOf(before, one);
  if (one.id === selected.value && changedInside(before, one)) loadSoon();
}

function loadSoon() {
  const id = selected.value;
  clearTimeout(reloading);
  reloading = setTimeout(() => load(id), SETTLE);
}

const changedInside = (before, one) => !before || before.epoch !== one.epoch || before.seq !== one.seq || before.owner !== one.owner;

/** After a break: what was missed about the open conversation. */
function noteReopened(before) {
  for (const one of items.value.values()) if (before.size) alertOf(before.get(one.id), one);
}

function watch() {
  const id = selected.value;
  socket.send(id ? { type: "watch", conversation: id, after: lastSeq(id) } : { type: "unwatch" });
}

/** Show a conversation. */
export function select(id, { focus = null } = {}) {
  if (id !== selected.value) {
    selected.value = id;
    history.replaceState(null, "", id ? `#${id}` : location.pathname);
    watch();
    if (id) load(id);
  }
  if (id) pane.value = "talk";
  if (focus) queueMicrotask(() => focusOn(focus));
}

const MOST_FRAMES = 30;

/** Focus the first of these that can be seen; waits a moment for what is still being drawn. */
export function focusOn(selectors, frames = MOST_FRAMES) {
  requestAnimationFrame(() => {
    const all = [selectors].flat().flatMap((one) => [...document.querySelectorAll(one)]);
    const there = all.find((one) => one.checkVisibility() && !one.disabled);
    if (there) there.focus();
    else if (frames) focusOn(selectors, frames - 1);
  });
}

/** Fetch the inside of a conversation. What is shown stays until the answer is there. */
export async function load(id) {
  if (!details.value.get(id)) patchDetail(id, { state: "loading" });
  try {
    const { item: one, messages, packet, in_words: inWords, handling, grants, contact } = await api.get(`/conversations/${id}`);
    const before = items.value.get(id);
    batch(() => {
      takeItem(one);
      patchDetail(id, (before) => ({
        packet,
        inWords,
        handling,
        grants,
        contact,
        state: "ready",
        problem: null,
        messages: mergeMessages(before?.messages ?? [], messages),
      }));
    });
    // What is news may come this way first: the live frame then brings nothing new.
    if (before) alertOf(before, one);
    if (id === selected.value) watch();
    loadCase(id);
  } catch (problem) {
    if (details.value.get(id)?.state !== "ready") patchDetail(id, { state: "failed", problem: problem.message });
  }
}

/** What the rules know of the case: its facts, and what may be granted. Slower than the words, so it comes after. */
async function loadCase(id) {
  const [facts, levers] = await Promise.allSettled([
    api.get(`/conversations/${id}/facts`),
    api.get(`/conversations/${id}/levers`),
  ]);
  patchDetail(id, {
    ...(facts.value && { facts: facts.value.facts }),
    ...(levers.value && { levers: levers.value.levers }),
  });
}

let looking = 0;

/** Fetch what a view holds; or what a search finds, wherever it is. */
export async function look() {
  const mine = (looking += 1);
  const q = query.value.trim();
  const key = q ? `?${q}` : view.value;
  found.value = { key, state: "loading", ids: found.value.key === key ? found.value.ids : [] };
  try {
    const { items: all } = await api.get("/conversations", q ? { view: "all", q } : { view: view.value });
    if (mine !== looking) return;
    batch(() => {
      takeItems({ changed: all });
      found.value = { key, state: "ready", ids: all.map(({ id }) => id) };
    });
  } catch {
    if (mine === looking) found.value = { ...found.value, state: "failed" };
  }
}

/** Ask for something to be done to a conversation. Gives why it cannot be, in words; empty when it was done. */
export async function attempt(id, what, body = {}, done = "") {
  const one = items.value.get(id);
  try {
    const after = await api.post(`/conversations/${id}/${what}`, { epoch: one.epoch, ...body });
    takeItem(after);
    if (done) tell(done);
    load(id);
    return "";
  } catch (problem) {
    return explain(id, problem);
  }
}

/** The same, told where it cannot be. Gives whether it was done. */
export async function carryOut(id, what, body, done) {
  const why = await attempt(id, what, body, done);
  if (why) tell(why, "bad");
  return !why;
}

/** Why something was refused, in words; brings the conversation up to date where it has moved on. */
export async function explain(id, problem) {
  if (problem.status === 0) return say("problemNetwork");
  const hasMoved = ["stale", "wrong_owner"].includes(problem.code);
  if (hasMoved || problem.code === "unread") await load(id);
  if (!hasMoved) return problem.message || say("problemUnknown");
  const now = items.value.get(id);
  const name = problem.details?.name ?? now?.agent?.name;
  return name && !isMine(now) ? say("rival", { name }) : say("movedOn");
}

export async function claim(id) {
  claimedHere.add(id);
  const done = await carryOut(id, "claim", {}, say("claimedDone"));
  if (done && !draftOf(id).note) changeDraft(id, { mode: "reply" });
  if (done && id === selected.value) focusOn("#reply");
  // The live connection may tell it a moment before or after the answer.
  setTimeout(() => claimedHere.delete(id), done ? AGAIN : 0);
  return done;
}

/** Take the conversation that waits longest. */
export async function takeNext() {
  const [first] = ofView("queue");
  if (!first) return tell(say("nobodyWaits"));
  if (await claim(first.id)) select(first.id, { focus: "#reply" });
}

export async function setAvailable(available) {
  const before = me.value;
  me.value = { ...before, available };
  try {
    me.value = { ...me.value, ...(await api.post("/me", { available })) };
  } catch (problem) {
    me.value = before;
    tell(problem.message || say("problemNetwork"), "bad");
  }
}

let typedAt = 0;

/** Tell colleagues and the customer that we write. */
export function typing() {
  if (Date.now() - typedAt < LAST_TYPED || !selected.value) return;
  if (socket.send({ type: "typing", conversation: selected.value })) typedAt = Date.now();
}

/** After a page load: the conversation its address names. */
export function openFromAddress() {
  const id = decodeURIComponent(location.hash.slice(1));
  if (/^[\w-]{1,64}$/.test(id) && id !== selected.value) select(id);
}

/** Find out who we are. Tries until it works; false when nobody is signed in. */
export async function signIn() {
  for (;;) {
    try {
      me.value = await api.me();
      return true;
    } catch (problem) {
      if (problem.status === 401) return false;
      connection.value = "lost";
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
}

/** After the sign-in was over: perhaps it was renewed in another tab. */
export async function comeBack() {
  if (connection.value !== "ended" || !(await signIn())) return;
  connection.value = "connecting";
  socket.start();
}
