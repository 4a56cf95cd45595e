// What was begun and not sent, per conversation. Kept in the browser: a reload loses nothing.
import { signal } from "./html.js";
import { forget, read, write } from "./shelf.js";

const KEPT_DAYS = 30;
const EMPTY = { reply: "", note: "", mode: "reply", used: [] };

const drafts = signal(new Map());

/** {reply, note, mode, used}: `used` are the suggestions that were put into the reply. */
export function draftOf(id) {
  return drafts.value.get(id) ?? peek(id);
}

const peek = (id) => ({ ...EMPTY, ...read(`draft:${id}`) });

/** Whether a reply or a note was begun. */
export const hasDraft = (id) => Boolean(draftOf(id).reply.trim() || draftOf(id).note.trim());

export function changeDraft(id, change) {
  const next = { ...draftOf(id), ...change };
  if (!next.reply.trim()) next.used = [];
  drafts.value = new Map(drafts.value).set(id, next);
  if (next.reply || next.note) {
    write(`draft:${id}`, { ...next, at: Date.now() });
    noteKept(id);
  } else {
    forget(`draft:${id}`);
  }
}

/** Another tab wrote: take its words, unless the same are here. */
export function draftChanged(id) {
  drafts.value = new Map(drafts.value).set(id, peek(id));
}

function noteKept(id) {
  const kept = read("drafts") ?? [];
  if (!kept.includes(id)) write("drafts", [...kept, id]);
}

/** Let go of what nobody came back to. */
export function dropOldDrafts() {
  const oldest = Date.now() - KEPT_DAYS * 86_400_000;
  const kept = (read("drafts") ?? []).filter((id) => {
    const draft = read(`draft:${id}`);
    if (draft && draft.at < oldest) forget(`draft:${id}`);
    return draft && draft.at >= oldest;
  });
  write("drafts", kept);
}
