// Calls for attention without getting in the way: the page's title, two live regions, and by choice sound and notices.
import { computed, effect, html, signal } from "./html.js";
import { say, sayOne } from "./labels.js";
import { preferences } from "./preferences.js";
import { nameOf } from "./people.js";
import { tame } from "./rich.js";
import { connection, isMine, items, ofView, selected } from "./state.js";

const urgent = signal("");
const polite = signal("");

/** Conversations of ours with something new. */
export const unreadMine = computed(() => [...items.value.values()].filter((one) => isMine(one) && isUnread(one)).length);

/** What was looked at: the number of the last message that was on the screen, by conversation. */
const seen = signal({});
const hidden = signal(document.hidden);
addEventListener("visibilitychange", () => (hidden.value = document.hidden));

/** The customer wrote, nobody answered, and it was not looked at here. */
export const isUnread = (one) => Boolean(one.unread) && one.seq > (seen.value[one.id] ?? 0);

effect(() => {
  const one = items.value.get(selected.value);
  if (!one || hidden.value || (seen.peek()[one.id] ?? 0) >= one.seq) return;
  seen.value = { ...seen.peek(), [one.id]: one.seq };
});

effect(() => {
  const count = unreadMine.value + ofView("queue").length;
  document.title = count ? say("titleCount", { count }) : say("title");
});

effect(() => {
  if (connection.value === "lost") urgent.value = say("lost");
  else if (connection.value === "ended") urgent.value = say("ended");
  else if (connection.value === "live" && urgent.peek()) urgent.value = say("backAgain");
});

/** A conversation changed: tell what its owner would want to know. `before` is undefined for a new one. */
export function alertOf(before, one) {
  const name = nameOf(one);
  const isNew = one.last?.author === "customer" && one.seq > (before?.seq ?? 0);
  if (isMine(one) && before && !isMine(before) && !claimedHere.has(one.id)) {
    urgent.value = say("givenToYou", { name });
    call(say("givenToYou", { name }), one.id);
  } else if (isMine(one) && before && isNew && (document.hidden || one.id !== selected.value)) {
    polite.value = say("newMessage", { name, text: tame(one.last.text) });
    call(polite.value, one.id);
  } else if (one.owner === "queue" && before?.owner !== "queue") {
    polite.value = say("newWaiting", { name, reason: sayOne("reason", one.reason) });
    call(polite.value, one.id);
  }
}

/** What we take ourselves needs no alarm. */
export const claimedHere = new Set();

function call(text, id) {
  if (preferences.value.sound) chime();
  if (preferences.value.notifications && document.hidden) notify(text, id);
}

function notify(text, id) {
  try {
    const shown = new Notification(say("title"), { body: text, tag: id });
    shown.onclick = () => {
      focus();
      location.hash = id;
      shown.close();
    };
  } catch {
    // Some browsers only allow notifications from a service worker.
  }
}

let audio = null;

/** Two soft notes, made here: no file to load. */
function chime() {
  try {
    audio ??= new AudioContext();
    const begin = audio.currentTime;
    for (const [place, pitch] of [660, 880].entries()) {
      const tone = new OscillatorNode(audio, { frequency: pitch });
      const volume = new GainNode(audio, { gain: 0 });
      tone.connect(volume).connect(audio.destination);
      volume.gain.setValueAtTime(0.12, begin + place * 0.14);
      volume.gain.exponentialRampToValueAtTime(0.001, begin + place * 0.14 + 0.3);
      tone.start(begin + place * 0.14);
      tone.stop(begin + place * 0.14 + 0.3);
    }
  } catch {
    // No sound is no reason to stop.
  }
}

/** What a screen reader hears beside the conversation itself. */
export function Announcements() {
  return html`
    <div class="sr" role="status" data-polite>${polite.value}</div>
    <div class="sr" role="alert" data-urgent>${urgent.value}</div>
  `;
}
