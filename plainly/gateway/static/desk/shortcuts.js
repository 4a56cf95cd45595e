// Keys for actions. All can be changed or turned off; where a key stands on the keyboard counts, not its letter.
import { signal } from "./html.js";
import { say } from "./labels.js";
import { preferences } from "./preferences.js";
import { dialog } from "./state.js";
import { read, write } from "./shelf.js";

const NUMBERS = [1, 2, 3, 4, 5, 6, 7, 8, 9];

/** What each action has at first. The names are those of actions.js. */
export const DEFAULTS = {
  next: ["Alt+ArrowDown", "Alt+KeyJ"],
  previous: ["Alt+ArrowUp", "Alt+KeyK"],
  claim: ["Alt+KeyC"],
  takeNext: ["Alt+KeyN"],
  reply: ["Alt+KeyL"],
  note: ["Alt+KeyP"],
  send: ["Mod+Enter"],
  resolve: ["Alt+KeyE"],
  resolveNext: ["Mod+Alt+KeyE"],
  snooze: ["Alt+KeyM"],
  transfer: ["Alt+KeyT"],
  handBack: ["Alt+KeyB"],
  reopen: ["Alt+KeyR"],
  suggestions: ["Alt+KeyS"],
  discretion: ["Alt+KeyG"],
  packet: ["Alt+KeyI"],
  fact: ["Alt+KeyU"],
  list: ["Alt+KeyQ"],
  search: ["Alt+Slash"],
  saved: ["Alt+KeyY"],
  available: ["Alt+KeyA"],
  palette: ["Mod+KeyK"],
  preferences: ["Alt+Comma"],
  shortcuts: ["?"],
  ...Object.fromEntries(NUMBERS.map((number) => [`insert${number}`, [`Alt+Digit${number}`]])),
  ...Object.fromEntries(NUMBERS.map((number) => [`discard${number}`, [`Alt+Shift+Digit${number}`]])),
};

const IS_MAC = /Mac|iPhone|iPad/.test(navigator.userAgentData?.platform ?? navigator.platform ?? "");
const WRITES = "input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]";
const changed = signal({});

export function loadShortcuts() {
  changed.value = read("shortcuts") ?? {};
}

/** The keys of an action now: a list, empty when turned off. */
export const bound = (action) => changed.value[action] ?? DEFAULTS[action] ?? [];

export function bind(action, chords) {
  const next = { ...changed.value, [action]: chords };
  if (String(chords) === String(DEFAULTS[action])) delete next[action];
  changed.value = next;
  write("shortcuts", next);
}

export function bindAnew() {
  changed.value = {};
  write("shortcuts", {});
}

/** The action that has these keys, if any. */
export const actionOf = (chord) => Object.keys(DEFAULTS).find((action) => bound(action).includes(chord));

/** What was pressed, such as "Alt+KeyJ" or "?"; null for what is part of writing. */
export function chordOf(event) {
  // AltGr writes letters on many keyboards, and pretends to be Ctrl and Alt.
  if (event.getModifierState?.("AltGraph") || event.isComposing) return null;
  const [mod, other] = IS_MAC ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (other || !event.code) return null;
  const held = [mod && "Mod", event.altKey && "Alt", event.shiftKey && "Shift"].filter(Boolean);
  if (mod || event.altKey || /^F\d+$/.test(event.code)) return [...held, event.code].join("+");
  return event.key.length === 1 ? event.key : null;
}

/** Run actions by their keys, anywhere on the page but in dialogs. */
export function listen(run) {
  addEventListener("keydown", (event) => {
    if (event.defaultPrevented || dialog.value || !preferences.value.shortcuts) return;
    const chord = chordOf(event);
    if (!chord || (chord.length === 1 && event.target.closest?.(WRITES))) return;
    const action = actionOf(chord);
    if (action && action !== "send" && run(action)) event.preventDefault();
  });
}

/** Keys as people read them: "Alt + J". */
export function shown(chord) {
  return parts(chord).map((part) => (part === "Mod" && IS_MAC ? say("key_ModMac") : keyName(part))).join(" + ");
}

const parts = (chord) => (chord.length === 1 ? [chord] : chord.split("+"));

function keyName(part) {
  const named = say(`key_${part}`);
  if (named !== `key_${part}`) return named;
  const symbols = { Slash: "/", Comma: ",", Period: ".", Minus: "-", Equal: "=", Semicolon: ";", Backquote: "`" };
  return symbols[part] ?? part.replace(/^(?:Key|Digit)/, "");
}

/** All keys of an action in words, or "" when it has none. */
export function keysOf(action) {
  if (!preferences.value.shortcuts) return "";
  return bound(action).map(shown).join(` ${say("or")} `);
}

/** The same as `aria-keyshortcuts` wants it; undefined when there are none. */
export function ariaKeys(action) {
  if (!preferences.value.shortcuts) return undefined;
  const spelled = bound(action).map((chord) =>
    parts(chord)
      .map((part) => (part === "Mod" ? (IS_MAC ? "Meta" : "Control") : part.replace(/^(?:Key|Digit)/, "")))
      .join("+"),
  );
  return spelled.join(" ") || undefined;
}

/** What a button says about its keys. */
export const hint = (action, words) => ({
  "aria-keyshortcuts": ariaKeys(action),
  title: [words, keysOf(action) && `(${keysOf(action)})`].filter(Boolean).join(" ") || undefined,
});
