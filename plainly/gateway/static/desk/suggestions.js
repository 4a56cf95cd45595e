// Replies the rules would give, put before the agent: insert, send as they are, or discard with a reason.
import { html, signal, useEffect, useState } from "./html.js";
import { sendText } from "./composer.js";
import { api } from "./desk.js";
import { Dialog, close, open } from "./dialog.js";
import { changeDraft } from "./drafts.js";
import { insert } from "./inserting.js";
import { say, sayOne } from "./labels.js";
import { How } from "./packet.js";
import { Rich, Sources } from "./rich.js";
import { hint, keysOf } from "./shortcuts.js";
import { isMine, selected, tell, unanswered } from "./state.js";

/** By conversation: {key, state, drafts, covered, note}. */
const shelf = signal(new Map());

const put = (id, change) => (shelf.value = new Map(shelf.value).set(id, { drafts: [], ...shelf.value.get(id), ...change }));

/** The suggestions that can be used now. */
export const suggestionsOf = (id) => shelf.value.get(id)?.drafts ?? [];

const numbered = (number) => suggestionsOf(selected.value)[number - 1];

export const hasSuggestion = (number) => Boolean(numbered(number));

async function fetchFor(id, seq, key) {
  if (shelf.value.get(id)?.key === key && shelf.value.get(id).state !== "failed") return;
  put(id, { key, state: "loading", drafts: [], seq });
  try {
    const { drafts = [], covered = true, note = "" } = await api.get(`/conversations/${id}/suggestions`, { for: seq });
    if (shelf.value.get(id).key === key) put(id, { state: "ready", drafts, covered, note });
  } catch (problem) {
    if (shelf.value.get(id).key === key) put(id, { state: "failed", problem: problem.message });
  }
}

/** Put a suggestion into the reply. */
export function insertSuggestion(number) {
  const draft = numbered(number);
  if (!draft) return;
  insert(draft.text, { suggestion: draft.id });
  tell(say("inserted", { number }));
}

/** Take a suggestion away, and say why. */
export const discardSuggestion = (number) => hasSuggestion(number) && open("discard", { number, draft: numbered(number) });

const REASONS = ["wrong", "off_topic", "tone", "repeat", "incomplete", "other"];

export function DiscardDialog({ given: { number, draft } }) {
  const [reason, setReason] = useState("wrong");
  const [words, setWords] = useState("");
  const [problem, setProblem] = useState("");
  const submit = async () => {
    const id = selected.value;
    const told = words.trim();
    if (reason === "other" && !told) return setProblem(say("reasonMissing"));
    try {
      await api.post(`/suggestions/${draft.id}/discard`, { reason: [reason, told].filter(Boolean).join(": ") });
      put(id, { drafts: suggestionsOf(id).filter((one) => one.id !== draft.id), discarded: true });
      close();
      tell(say("discarded", { number }));
    } catch (refused) {
      setProblem(refused.message || say("problemNetwork"));
    }
  };
  return html`
    <${Dialog} title=${say("discardTitle", { number })} submit=${submit} submitLabel=${say("discard")} problem=${problem}>
      <fieldset class="choices">
        <legend class="sr">${say("discardTitle", { number })}</legend>
        ${REASONS.map((one, place) => html`
          <label class="check" key=${one}>
            <input type="radio" name="reason" value=${one} checked=${reason === one} ...${place ? {} : { "data-first": true }}
              onChange=${() => setReason(one)} />
            <span>${say(`discard_${one}`)}</span>
          </label>`)}
      </fieldset>
      <label class="field"><span>${say("inYourWords")}</span>
        <input value=${words} maxlength="300" dir="auto" onInput=${(event) => setWords(event.currentTarget.value)} /></label>
    <//>
  `;
}

export function Suggestions({ item, detail }) {
  const mine = isMine(item);
  const asked = unanswered(detail.messages);
  const key = mine && asked && detail.state === "ready" ? `${asked.seq}:${detail.corrected ?? ""}` : "";
  useEffect(() => {
    if (key) fetchFor(item.id, asked.seq, key);
  }, [item.id, key]);
  return html`
    <section class="suggestions" aria-labelledby="suggestions-title" tabindex="-1" id="suggestions">
      <h2 id="suggestions-title">${say("suggestions")}</h2>
      <${Inside} item=${item} mine=${mine} asked=${asked} retry=${() => fetchFor(item.id, asked.seq, key)} />
    </section>
  `;
}

function Inside({ item, mine, asked, retry }) {
  if (!mine) return html`<p class="soft">${say("suggestionsTake")}</p>`;
  const { state, drafts = [], covered = true, note, problem, discarded, seq } = shelf.value.get(item.id) ?? {};
  if (!asked) return html`<p class="soft">${say(seq ? "answered" : "suggestionsNone")}</p>`;
  if (state === "failed") {
    return html`
      <p class="problem">${problem || say("suggestionsFailed")}</p>
      <button type="button" class="small" onClick=${retry}>${say("again")}</button>`;
  }
  if (state !== "ready") return html`<p class="soft" role="status">${say("suggestionsLoading")}</p>`;
  return html`
    ${covered === false && html`<p class="uncovered">${note || say("notCovered")}</p>`}
    ${covered !== false && note && html`<p class="soft">${note}</p>`}
    ${drafts.length === 0 && discarded && html`<p class="soft">${say("allDiscarded")}</p>`}
    <ol class="drafts" data-for=${seq}>
      ${drafts.map((draft, place) => html`<${Draft} key=${draft.id} draft=${draft} number=${place + 1} item=${item} />`)}
    </ol>
  `;
}

function Draft({ draft, number, item }) {
  const sendIt = () => {
    const why = sendText(item, "reply", draft.text, [draft.id]);
    // With gaps to fill it cannot go as it is, so it goes where they can be filled.
    if (why) return insert(draft.text, { suggestion: draft.id });
    changeDraft(item.id, { used: [] });
  };
  const percent = Math.round((draft.confidence ?? 0) * 100);
  return html`
    <li class="card" data-suggestion=${draft.id}>
      <p class="meta">
        <strong>${say("suggestion", { number })}</strong>
        ${draft.status && html`<span class="tag">${sayOne("status", draft.status)}</span>`}
        ${percent > 0 && html`<span class="soft">${say("confidence", { percent })}</span>`}
        ${keysOf(`insert${number}`) && html`<kbd aria-hidden="true">${keysOf(`insert${number}`)}</kbd>`}
      </p>
      <${Rich} text=${draft.text} />
      <${Sources} of=${draft.citations} />
      ${draft.decision && html`<${How} decided=${draft.decision} />`}
      <div class="tools">
        <button type="button" class="main small" aria-label=${say("insertNumber", { number })} onClick=${() => insertSuggestion(number)}
          ...${hint(`insert${number}`)}>${say("insert")}</button>
        <button type="button" class="small" aria-label=${say("sendAsIsNumber", { number })} onClick=${sendIt}>${say("sendAsIs")}</button>
        <button type="button" class="small" aria-label=${say("discardNumber", { number })} onClick=${() => discardSuggestion(number)}
          ...${hint(`discard${number}`)}>${say("discard")}</button>
      </div>
    </li>
  `;
}
