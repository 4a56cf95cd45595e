// Everything that can be done, by name: for buttons, keys and the command palette alike.
import { carryOut, claim, focusOn, select, setAvailable, takeNext } from "./desk.js";
import { write } from "./composer.js";
import { open } from "./dialog.js";
import { say } from "./labels.js";
import { togglePacket } from "./packet.js";
import { showView } from "./queue.js";
import { discardSuggestion, hasSuggestion, insertSuggestion } from "./suggestions.js";
import { VIEWS, detail, isMine, item, listed, me, ofView, pane, selected } from "./state.js";
import { DEFAULTS } from "./shortcuts.js";

const mine = () => isMine(item.value);
const here = () => Boolean(item.value);
/** Supervisors and owners may also pass on and wake what others have. */
const leads = () => me.value && me.value.role !== "agent";
const owner = (...allowed) => allowed.includes(item.value?.owner);

function step(by) {
  const all = listed.value;
  const at = all.findIndex(({ id }) => id === selected.value);
  const next = all[at === -1 ? (by > 0 ? 0 : all.length - 1) : (at + by + all.length) % all.length];
  select(next.id);
}

function goTo(name, selectors) {
  pane.value = name;
  focusOn(selectors);
}

function writeHere(mode) {
  pane.value = "talk";
  write(mode);
}

const snoozeOrWake = () => (item.value.snoozed_until ? carryOut(item.value.id, "wake", {}, say("wokenDone")) : open("snooze"));

async function handBack() {
  await carryOut(item.value.id, "hand-back", {}, say("handBackDone"));
}

/** `when` says whether it makes sense now, `run` does it. */
export const ACTIONS = {
  next: { when: () => listed.value.length > 0, run: () => step(1) },
  previous: { when: () => listed.value.length > 0, run: () => step(-1) },
  claim: { when: () => owner("queue", "bot"), run: () => claim(item.value.id) },
  takeNext: { when: () => ofView("queue").length > 0, run: takeNext },
  reply: { when: here, run: () => writeHere("reply") },
  note: { when: here, run: () => writeHere("note") },
  resolve: { when: () => mine() || owner("queue"), run: () => open("resolve") },
  resolveNext: { when: mine, run: () => open("resolve", { next: true }) },
  snooze: { when: () => mine() || (leads() && Boolean(item.value?.snoozed_until)), run: snoozeOrWake },
  transfer: { when: () => mine() || (leads() && owner("queue", "agent")), run: () => open("transfer") },
  handBack: { when: mine, run: handBack },
  reopen: { when: () => owner("closed"), run: () => carryOut(item.value.id, "reopen", {}, say("reopenedDone")) },
  suggestions: { when: here, run: () => goTo("help", ["#suggestions .tools button", "#suggestions"]) },
  discretion: { when: here, run: () => goTo("help", ["#discretion input", "#discretion button", "#discretion"]) },
  packet: { when: here, run: togglePacket },
  fact: { when: () => mine() && Boolean(detail.value?.facts?.length), run: () => open("fact") },
  list: { when: () => true, run: () => goTo("list", [".lines a[tabindex='0']", "#search"]) },
  search: { when: () => true, run: () => goTo("list", "#search") },
  saved: { when: () => true, run: () => open("saved") },
  available: { when: () => Boolean(me.value), run: () => setAvailable(!me.value.available) },
  palette: { when: () => true, run: () => open("palette") },
  preferences: { when: () => true, run: () => open("preferences") },
  shortcuts: { when: () => true, run: () => open("shortcuts") },
  ...numbered("insert", insertSuggestion),
  ...numbered("discard", discardSuggestion),
};

function numbered(name, run) {
  const all = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  return Object.fromEntries(all.map((number) => [`${name}${number}`, { when: () => hasSuggestion(number), run: () => run(number) }]));
}

/** Do it if it makes sense now. Whether it was done. */
export function run(name) {
  const action = ACTIONS[name];
  if (!action?.when()) return false;
  action.run();
  return true;
}

/** What an action is called. */
export function label(name) {
  const [, word, number] = /^(\D+)(\d?)$/.exec(name);
  return say(`do_${word}`, { number });
}

/** What the palette offers beside the actions with keys: {name, words, run}. */
export function commands() {
  const named = Object.keys(DEFAULTS).filter((name) => name !== "palette" && ACTIONS[name]?.when());
  return [
    ...named.map((name) => ({ name, words: label(name), run: ACTIONS[name].run })),
    ...VIEWS.map((name) => ({ name: `view:${name}`, words: say("do_view", { view: say(`view${name[0].toUpperCase()}${name.slice(1)}`) }), run: () => showView(name) })),
  ];
}
