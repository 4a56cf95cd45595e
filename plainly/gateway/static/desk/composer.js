// Where the agent writes: a reply or a private note. Drafts are kept, gaps are marked, `/` finds saved replies.
import { html, names, useEffect, useLayoutEffect, useRef, useState } from "./html.js";
import { claim, focusOn, typing } from "./desk.js";
import { changeDraft, draftOf } from "./drafts.js";
import { field, selectGap } from "./inserting.js";
import { say } from "./labels.js";
import { post } from "./outbox.js";
import { nameOf } from "./people.js";
import { gapName, gaps, pieces } from "./placeholders.js";
import { preferences } from "./preferences.js";
import { SavedPopup, useSaved } from "./saved.js";
import { actionOf, chordOf, hint, keysOf } from "./shortcuts.js";
import { isMine, selected } from "./state.js";
import { when } from "./times.js";

export const MOST = 4_000;
const COUNT_FROM = 3_600;

// Which field had the focus, so that the next conversation's field has it again.
let wrote = false;

/** Whether writing is possible as a reply; else why not. */
function standing(item) {
  if (isMine(item)) return { reply: true, why: item.snoozed_until ? say("asleepHint", { when: when(item.snoozed_until) }) : "" };
  if (item.owner === "closed") return { reply: false, why: say("closedHint") };
  if (item.owner === "bot") return { reply: false, claim: true, why: say("withBotHint") };
  if (item.owner === "queue") return { reply: false, claim: true, why: say("notMineYet") };
  return { reply: false, why: say("notMine", { name: item.agent?.name || say("someone") }) };
}

export function Composer({ item }) {
  const { reply, why, claim: claimable } = standing(item);
  const draft = draftOf(item.id);
  const mode = reply ? draft.mode : "note";
  // Where only a note can be written, it waits until somebody wants to.
  const shown = reply || draft.mode === "note" || draft.note;
  return html`
    <section class=${names("composer", shown && mode)} aria-label=${say("composer")}>
      ${why && html`
        <div class="standing">
          <p>${why}</p>
          ${!shown && html`<button type="button" onClick=${() => write("note")} ...${hint("note")}>${say("note")}</button>`}
          ${claimable && html`<button type="button" class="main" onClick=${() => claim(item.id)} ...${hint("claim")}>${say("claim")}</button>`}
        </div>`}
      ${reply && html`<div class="modes" role="group" aria-label=${say("composer")}>
        ${["reply", "note"].map((one) => html`
          <button type="button" key=${one} aria-pressed=${String(mode === one)} onClick=${() => write(one)} ...${hint(one)}>${say(one)}${draft[one].trim() && mode !== one && html` <span class="soft">(${say("draft")})</span>`}</button>`)}
      </div>`}
      ${shown && html`<${Field} key=${`${item.id}:${mode}`} item=${item} mode=${mode} draft=${draft} />`}
    </section>
  `;
}

/** Go and write a reply or a note. */
export function write(mode) {
  if (!selected.value) return;
  changeDraft(selected.value, { mode });
  focusOn(`#${mode}`);
}

/** Send a text with the suggestions that were put into it, unless something is missing. Gives why not, or "". */
export function sendText(item, mode, text, suggestions = []) {
  const open = mode === "reply" ? gaps(text) : [];
  if (open.length) return say("fillIn");
  if ([...text].length > MOST) return say("tooLong", { count: [...text].length, most: MOST });
  post(item.id, mode === "reply" ? "message" : "note", text, { suggestions });
  return "";
}

function Field({ item, mode, draft }) {
  const box = useRef(null);
  const text = draft[mode];
  const saved = useSaved(box, mode === "reply");
  const [caret, setCaret] = useState(0);
  useLayoutEffect(() => {
    field.current = box.current;
    if (wrote) box.current.focus();
    wrote = false;
    const end = box.current.value.length;
    box.current.setSelectionRange(end, end);
    return () => {
      wrote = document.activeElement === box.current;
      if (field.current === box.current) field.current = null;
    };
  }, []);
  // The draft may change from outside: another tab, or a message that came back.
  useLayoutEffect(() => {
    if (box.current.value !== text) box.current.value = text;
  }, [text]);
  useEffect(() => saved.look(caret), [text, caret]);

  const submit = () => {
    const words = box.current.value.trim();
    if (!words) return box.current.focus();
    if (sendText(item, mode, words, mode === "reply" ? draft.used : [])) return void selectGap(box.current) || box.current.focus();
    changeDraft(item.id, { [mode]: "", why: "", used: mode === "reply" ? [] : draft.used });
    box.current.value = "";
    box.current.focus();
  };
  const pressed = (event) => {
    if (saved.pressed(event)) return;
    if (event.key === "Escape") return box.current.blur();
    const asked = actionOf(chordOf(event) ?? "") === "send";
    const enter = event.key === "Enter" && !event.shiftKey && !event.altKey && !event.ctrlKey && !event.metaKey;
    // 229 is how some browsers say that an input method has the key.
    if (event.isComposing || event.keyCode === 229 || !(asked || (enter && preferences.value.enterSends))) return;
    event.preventDefault();
    submit();
  };
  const changed = (event) => {
    changeDraft(item.id, { [mode]: event.currentTarget.value, why: "" });
    setCaret(event.currentTarget.selectionStart);
    if (mode === "reply") typing();
  };
  const moved = (event) => setCaret(event.currentTarget.selectionStart);
  const count = [...text].length;
  const open = mode === "reply" ? gaps(text) : [];
  const enter = { send: sendKeys(), line: lineKeys() };
  return html`
    <form class="write" onSubmit=${(event) => { event.preventDefault(); submit(); }} novalidate>
      <label class="sr" for=${mode}>${mode === "reply" ? say("replyTo", { name: nameOf(item) }) : say("noteLabel")}</label>
      <div class="paper">
        <div class="mirror" aria-hidden="true">${mode === "reply" ? pieces(text).map((one) => (one.gap ? html`<mark>${one.gap}</mark>` : one)) : text}${"\n"}</div>
        <textarea id=${mode} ref=${box} dir="auto" rows="2" autocomplete="off" enterkeyhint="enter"
          placeholder=${mode === "reply" ? say("replyTo", { name: nameOf(item) }) : say("noteLabel")}
          aria-describedby="write-hint write-note" aria-invalid=${String(count > MOST)} ...${saved.aria}
          onInput=${changed} onKeyDown=${pressed} onKeyUp=${moved} onClick=${moved}></textarea>
      </div>
      <${SavedPopup} saved=${saved} />
      <div class="under">
        <div class="notes" id="write-note" role="status">
          ${draft.why && html`<p class="problem">${say("cameBack", { why: draft.why })}</p>`}
          ${open.length > 0 && html`
            <p class="gaps"><span>${say("fillIn")}</span>
              ${open.map((gap, place) => html`
                <button type="button" key=${place} class="small warm" aria-label=${say("fillThis", { name: gapName(gap.text) })}
                  onClick=${() => { box.current.focus(); box.current.setSelectionRange(gap.start, gap.end); }}>${gapName(gap.text)}</button>`)}
            </p>`}
          ${count >= COUNT_FROM && html`<p class=${count > MOST ? "problem" : "soft"}>${say(count > MOST ? "tooLong" : "counter", { count, most: MOST })}</p>`}
        </div>
        <p class="soft small" id="write-hint">${say(mode === "reply" ? "replyHint" : "noteHint", enter)}</p>
        <button type="submit" class="main" aria-disabled=${String(!text.trim() || open.length > 0 || count > MOST)} ...${hint("send")}>
          ${say(mode === "reply" ? "send" : "keepNote")}
        </button>
      </div>
    </form>
  `;
}

const sendKeys = () => (preferences.value.enterSends ? say("key_Enter") : keysOf("send"));
const lineKeys = () => (preferences.value.enterSends ? `${say("key_Shift")} + ${say("key_Enter")}` : say("key_Enter"));

