// Puts words into the reply that is being written: at the cursor, stacked as paragraphs, undone with one Ctrl+Z.
import { focusOn } from "./desk.js";
import { changeDraft, draftOf } from "./drafts.js";
import { gaps } from "./placeholders.js";
import { pane, selected } from "./state.js";

/** The composer's field, while there is one. */
export const field = { current: null };

/** Put words into the reply. With `suggestion`, it is remembered as used. */
export function insert(text, { suggestion = null } = {}) {
  const id = selected.value;
  if (!id) return;
  const draft = draftOf(id);
  const box = draft.mode === "reply" ? field.current : null;
  pane.value = "talk";
  if (box) {
    const stacked = stack(box.value, text, box.selectionStart, box.selectionEnd);
    replace(box, box.selectionStart, box.selectionEnd, stacked.text);
    changeDraft(id, { reply: box.value });
    selectGap(box, stacked.from);
  } else {
    const stacked = stack(draft.reply, text, draft.reply.length, draft.reply.length);
    changeDraft(id, { mode: "reply", reply: draft.reply + stacked.text });
  }
  if (suggestion) changeDraft(id, { used: [...new Set([...draftOf(id).used, suggestion])] });
  focusOn("#reply");
}

/** The words with what must stand around them: parts are paragraphs, unless they go into a sentence. */
export function stack(value, text, start, end) {
  const before = value.slice(0, start);
  const after = value.slice(end);
  const inSentence = /[^\s.!?:]\s?$/.test(before) && !text.includes("\n");
  const glue = inSentence ? " " : "\n\n";
  const lead = before.trim() ? missing(glue, before.match(/\s*$/)[0]) : "";
  const tail = after.trim() ? missing(glue, after.match(/^\s*/)[0]) : "";
  return { text: lead + text + tail, from: start + lead.length };
}

const missing = (glue, there) => (there.length >= glue.length ? "" : glue.slice(there.length));

/** Replace a part of the field the way typing does, so that the browser can undo it. */
export function replace(box, start, end, text) {
  box.focus();
  box.setSelectionRange(start, end);
  // Deprecated on paper, but the only way that keeps the field's own undo.
  const typed = text ? document.execCommand("insertText", false, text) : document.execCommand("delete");
  if (!typed) box.setRangeText(text, start, end, "end");
}

/** Select the first gap from a place on, so that typing fills it. Whether there was one. */
export function selectGap(box, from = 0) {
  const gap = gaps(box.value).find(({ start }) => start >= from);
  if (gap) box.setSelectionRange(gap.start, gap.end);
  return Boolean(gap);
}
