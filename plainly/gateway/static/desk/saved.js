// Saved replies: found by their words after a `/` in the reply, kept and mended in a dialog.
import { html, names, useEffect, useId, useRef, useState } from "./html.js";
import { api } from "./desk.js";
import { Dialog, close } from "./dialog.js";
import { draftOf } from "./drafts.js";
import { field, insert, replace, selectGap } from "./inserting.js";
import { say } from "./labels.js";
import { pieces } from "./placeholders.js";
import { me, selected, tell } from "./state.js";

const PAUSE = 120;
const MOST_SHOWN = 8;
// A slash at the start or after a space, and the words up to the cursor.
const ASKED = /(?:^|\s)\/([^\n/]{0,60})$/;

/** What the gateway answers, as a list. */
async function find(words) {
  const answer = await api.get("/saved-replies", { q: words || null });
  return answer.replies;
}

/** The most used ones come first. */
const noteUse = ({ id }) => api.post(`/saved-replies/${id}/used`).catch(() => null);

/** The list that opens after a `/`. `look(caret)` follows the field; `pressed(event)` says whether it took the key. */
export function useSaved(box, enabled) {
  const id = useId();
  const timer = useRef(0);
  const [state, setState] = useState({ open: false, all: [], at: 0, query: "" });
  const dismissed = useRef("");
  useEffect(() => () => clearTimeout(timer.current), []);

  const shut = () => {
    clearTimeout(timer.current);
    if (state.open) setState({ ...state, open: false });
  };
  const look = () => {
    const value = box.current?.value ?? "";
    const asked = enabled && ASKED.exec(value.slice(0, box.current.selectionStart));
    if (!asked) {
      dismissed.current = "";
      return shut();
    }
    const query = asked[1].trim();
    if (dismissed.current && asked[1].startsWith(dismissed.current)) return;
    if (state.open && state.query === query) return;
    clearTimeout(timer.current);
    timer.current = setTimeout(async () => {
      const all = await find(query).catch(() => []);
      // Words that fit nothing are more likely part of a sentence: "and / or".
      if (!all.length && asked[1].includes(" ")) return shut();
      setState({ open: true, all: all.slice(0, MOST_SHOWN), at: 0, query });
    }, PAUSE);
  };
  const pick = (reply) => {
    const end = box.current.selectionStart;
    const asked = ASKED.exec(box.current.value.slice(0, end));
    const start = asked ? end - asked[1].length - 1 : end;
    setState({ ...state, open: false });
    replace(box.current, start, end, reply.body);
    noteUse(reply);
    selectGap(box.current, start);
  };
  const pressed = (event) => {
    if (!state.open || event.isComposing) return false;
    const count = state.all.length;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && count) setState({ ...state, at: (state.at + step + count) % count });
    else if ((event.key === "Enter" || event.key === "Tab") && count && !event.shiftKey) pick(state.all[state.at]);
    else if (event.key === "Escape") {
      dismissed.current = state.query || " ";
      setState({ ...state, open: false });
    } else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  };
  const aria = {
    "aria-autocomplete": enabled ? "list" : undefined,
    "aria-controls": state.open ? `${id}list` : undefined,
    "aria-activedescendant": state.open && state.all.length ? `${id}${state.at}` : undefined,
  };
  return { id, state, look, pressed, pick, aria };
}

export function SavedPopup({ saved }) {
  const { state, id, pick } = saved;
  const told = state.open ? (state.all.length ? say("savedFound", { count: state.all.length }) : say("savedNone")) : "";
  return html`
    <p class="sr" role="status">${told}</p>
    ${state.open && html`
      <div class="popup">
        ${state.all.length === 0 && html`<p class="soft">${say("savedNone")}</p>`}
        <ul role="listbox" id=${`${id}list`} aria-label=${say("savedPick")}>
          ${state.all.map((reply, place) => html`
            <li role="option" key=${reply.id} id=${`${id}${place}`} aria-selected=${String(place === state.at)}
              onMouseDown=${(event) => { event.preventDefault(); pick(reply); }}>
              <strong><bdi>${reply.title}</bdi></strong> <span class="soft"><bdi>${reply.body}</bdi></span>
            </li>`)}
        </ul>
      </div>`}
  `;
}

/** All saved replies: search, insert, make, mend, delete. */
export function SavedDialog() {
  const [words, setWords] = useState("");
  const [all, setAll] = useState(null);
  const [edited, setEdited] = useState(null);
  const [problem, setProblem] = useState("");
  const refresh = async () => {
    try {
      setAll(await find(words.trim()));
      setProblem("");
    } catch (refused) {
      setProblem(refused.message || say("problemNetwork"));
    }
  };
  useEffect(() => {
    const timer = setTimeout(refresh, all ? PAUSE : 0);
    return () => clearTimeout(timer);
  }, [words]);
  if (edited) {
    const back = (done) => {
      setEdited(null);
      if (done) refresh();
    };
    return html`<${SavedForm} reply=${edited} back=${back} />`;
  }
  const canInsert = Boolean(selected.value && field.current);
  const written = selected.value ? draftOf(selected.value).reply.trim() : "";
  return html`
    <${Dialog} title=${say("savedTitle")} problem=${problem} wide>
      <div class="bar">
        <label class="field"><span>${say("savedSearch")}</span>
          <input type="search" data-first value=${words} onInput=${(event) => setWords(event.currentTarget.value)} /></label>
        <button type="button" onClick=${() => setEdited({ title: "", body: "", shared: false })}>${say("savedNew")}</button>
        ${written && html`<button type="button" onClick=${() => setEdited({ title: "", body: written, shared: false })}>${say("savedFromDraft")}</button>`}
      </div>
      ${all?.length === 0 && html`<p class="soft">${say(words ? "savedNone" : "savedEmpty")}</p>`}
      <ul class="replies">
        ${(all ?? []).map((reply) => html`<${SavedLine} key=${reply.id} reply=${reply} canInsert=${canInsert}
          edit=${() => setEdited(reply)} refresh=${refresh} fail=${setProblem} />`)}
      </ul>
    <//>
  `;
}

/** Replies for everybody are kept by supervisors. */
const mayShare = () => me.value.role !== "agent";
const mayChange = (reply) => !reply.shared || mayShare();

function SavedLine({ reply, canInsert, edit, refresh, fail }) {
  const [sure, setSure] = useState(false);
  const remove = async () => {
    if (!sure) return setSure(true);
    try {
      await api.remove(`/saved-replies/${reply.id}`);
      tell(say("savedDeleted"));
      refresh();
    } catch (refused) {
      fail(refused.message || say("problemNetwork"));
    }
  };
  const use = () => {
    close();
    insert(reply.body);
    noteUse(reply);
  };
  const name = reply.title;
  return html`
    <li>
      <p><strong><bdi>${name}</bdi></strong> <span class="tag">${say(reply.shared ? "savedEverybodys" : "savedMine")}</span></p>
      <p class="plain" dir="auto">${pieces(reply.body).map((one) => (one.gap ? html`<mark>${one.gap}</mark>` : one))}</p>
      <div class="tools">
        ${canInsert && html`<button type="button" class="small" aria-label=${say("savedInsert", { name })} onClick=${use}>${say("insert")}</button>`}
        ${mayChange(reply) && html`
          <button type="button" class="small" aria-label=${say("savedEdit", { name })} onClick=${edit}>${say("edit")}</button>
          <button type="button" class=${names("small", { bad: sure })} aria-label=${sure ? undefined : say("savedDelete", { name })} onClick=${remove}>
            ${say(sure ? "savedReally" : "throwAway")}</button>`}
      </div>
    </li>
  `;
}

function SavedForm({ reply, back }) {
  const [title, setTitle] = useState(reply.title);
  const [body, setBody] = useState(reply.body);
  const [shared, setShared] = useState(reply.shared);
  const [problem, setProblem] = useState("");
  const submit = async () => {
    if (!title.trim() || !body.trim()) return setProblem(say("savedFill"));
    const given = { title: title.trim(), body: body.trim(), shared };
    try {
      await (reply.id ? api.put(`/saved-replies/${reply.id}`, given) : api.post("/saved-replies", given));
      tell(say("savedSaved"));
      back(true);
    } catch (refused) {
      setProblem(refused.message || say("problemNetwork"));
    }
  };
  return html`
    <${Dialog} title=${reply.id ? say("savedEdit", { name: reply.title }) : say("savedNew")} submit=${submit}
      submitLabel=${say("save")} problem=${problem} wide>
      <label class="field"><span>${say("savedName")}</span>
        <input data-first value=${title} dir="auto" maxlength="200" onInput=${(event) => setTitle(event.currentTarget.value)} /></label>
      <label class="field"><span>${say("savedBody")}</span>
        <textarea rows="7" dir="auto" value=${body} onInput=${(event) => setBody(event.currentTarget.value)}></textarea></label>
      <p class="soft">${say("savedBodyHint", { slot: "{order number}" })}</p>
      ${mayShare() && html`
        <label class="check"><input type="checkbox" checked=${shared} onChange=${(event) => setShared(event.currentTarget.checked)} />
          <span>${say("savedShared")}</span></label>`}
      <p><button type="button" onClick=${() => back(false)}>${say("savedTitle")}</button></p>
    <//>
  `;
}
