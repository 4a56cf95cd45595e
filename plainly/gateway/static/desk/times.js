// Times and lengths as people read them. The clock is the server's: `setNow` keeps the difference.
import { say } from "./labels.js";

let ahead = 0;

/** The server says what time it is; it may be pretending. */
export function setNow(iso) {
  const told = Date.parse(iso);
  if (Number.isFinite(told)) ahead = told - Date.now();
}

export function now() {
  return new Date(Date.now() + ahead);
}

/** "14:05", or "3 Nov, 14:05" on another day. */
export function when(iso) {
  const at = new Date(iso);
  if (Number.isNaN(at.getTime())) return "";
  const sameDay = at.toDateString() === now().toDateString();
  const day = sameDay ? {} : { day: "numeric", month: "short" };
  return at.toLocaleString([], { ...day, hour: "2-digit", minute: "2-digit" });
}

/** "Tuesday, 24 November". */
export function day(iso) {
  const at = new Date(iso);
  if (at.toDateString() === now().toDateString()) return say("today");
  return at.toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}

/** A date as an input of type datetime-local wants it. */
export function local(date) {
  const shifted = new Date(date.getTime() - date.getTimezoneOffset() * 60_000);
  return shifted.toISOString().slice(0, 16);
}

/** The times a conversation is usually snoozed until. */
export function snoozeChoices(from = now()) {
  const at = (days) => new Date(from.getFullYear(), from.getMonth(), from.getDate() + days, 9);
  return {
    half_hour: new Date(from.getTime() + 30 * 60_000),
    two_hours: new Date(from.getTime() + 120 * 60_000),
    tomorrow: at(1),
    monday: at((8 - from.getDay()) % 7 || 7),
  };
}
