// The dialogs that end or move a conversation: transfer, snooze, resolve; and the warning before sending.
import { html, useRef, useState } from "./html.js";
import { attempt, takeNext } from "./desk.js";
import { Dialog, close } from "./dialog.js";
import { say, sayOne } from "./labels.js";
import { giveBack, outbox, override, warned } from "./outbox.js";
import { Plain, tame } from "./rich.js";
import { details, item, items, me, staff } from "./state.js";
import { local, now, snoozeChoices, when } from "./times.js";

const text = (set) => (event) => set(event.currentTarget.value);

/** One conversation's change from a dialog, which stays open with all that was typed until it is done; and the newest message seen. */
function useChange(what) {
  const [id] = useState(item.value.id);
  const seen = useRef(item.value.seq);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const change = async (body, done) => {
    setBusy(true);
    const why = await attempt(id, what, body, done);
    setBusy(false);
    // Who was told that there are new words may go through with it.
    seen.current = items.value.get(id)?.seq ?? seen.current;
    if (why) setProblem(why);
    else close();
    return !why;
  };
  return { change, seen, setProblem, problem, busy };
}

export function TransferDialog() {
  const others = staff.value.filter((one) => one.id !== me.value.id);
  const teams = [...new Set(staff.value.map((one) => one.team).filter(Boolean))].sort();
  const [to, setTo] = useState("");
  const [note, setNote] = useState("");
  const next = details.value.get(item.value.id)?.inWords?.next_step;
  const { change, setProblem, problem, busy } = useChange("transfer");
  const submit = () => {
    if (!to) return setProblem(say("transferNeeds"));
    const [kind, name] = [to.slice(0, to.indexOf(":")), to.slice(to.indexOf(":") + 1)];
    const body = { to: kind === "staff" ? name : null, team: kind === "team" ? name : null, note: note.trim() };
    const called = kind === "staff" ? others.find((one) => one.id === name)?.name : kind === "team" ? say("aTeam", { team: name }) : say("backToQueue");
    return change(body, say("transferredDone", { name: tame(called) }));
  };
  return html`
    <${Dialog} title=${say("transferTitle")} submit=${submit} submitLabel=${say("transfer")} problem=${problem} busy=${busy}
      foot=${next && say("transferNext", { step: next })}>
      <label class="field"><span>${say("transferTo")}</span>
        <select data-first onChange=${text(setTo)}>
          <option value="" selected=${!to}></option>
          ${others.map((one) => html`
            <option key=${one.id} value=${`staff:${one.id}`}>
              ${say("aPerson", { name: tame(one.name), open: one.open ?? one.open_count ?? 0, presence: say(one.present ? "present" : "absent") })}
            </option>`)}
          ${teams.map((team) => html`<option key=${team} value=${`team:${team}`}>${say("aTeam", { team: tame(team) })}</option>`)}
          <option value="queue:">${say("backToQueue")}</option>
        </select>
      </label>
      <label class="field"><span>${say("transferNote")}</span>
        <textarea rows="3" dir="auto" maxlength="2000" value=${note} onInput=${text(setNote)}></textarea></label>
    <//>
  `;
}

export function SnoozeDialog() {
  const choices = snoozeChoices();
  const [chosen, setChosen] = useState("half_hour");
  const [other, setOther] = useState(local(choices.tomorrow));
  const { change, seen, setProblem, problem, busy } = useChange("snooze");
  const submit = () => {
    const until = chosen === "other" ? new Date(other) : choices[chosen];
    if (!(until > now())) return setProblem(say("snoozePast"));
    return change({ until: until.toISOString(), seq: seen.current }, say("snoozedDone", { when: when(until) }));
  };
  return html`
    <${Dialog} title=${say("snoozeTitle")} submit=${submit} submitLabel=${say("snooze")} problem=${problem} busy=${busy} foot=${say("snoozeHint")}>
      <fieldset class="choices">
        <legend class="sr">${say("snoozeTitle")}</legend>
        ${[...Object.keys(choices), "other"].map((one, place) => html`
          <label class="check" key=${one}>
            <input type="radio" name="until" checked=${chosen === one} ...${place ? {} : { "data-first": true }} onChange=${() => setChosen(one)} />
            <span>${say(`snooze_${one}`)} ${choices[one] && html`<span class="soft">${when(choices[one])}</span>`}</span>
          </label>`)}
      </fieldset>
      ${chosen === "other" && html`
        <label class="field"><span>${say("snoozeWhen")}</span>
          <input type="datetime-local" value=${other} onInput=${text(setOther)} /></label>`}
    <//>
  `;
}

const OUTCOMES = ["resolved", "confirmed", "abandoned"];

export function ResolveDialog({ given }) {
  const [outcome, setOutcome] = useState("resolved");
  const [note, setNote] = useState("");
  const { change, seen, problem, busy } = useChange("resolve");
  const submit = async () => {
    const done = await change({ outcome, note: note.trim(), seq: seen.current }, say("resolvedDone"));
    if (done && given.next) await takeNext();
  };
  return html`
    <${Dialog} title=${say("resolveTitle")} submit=${submit} submitLabel=${say(given.next ? "resolveNext" : "resolve")} problem=${problem} busy=${busy}>
      <fieldset class="choices">
        <legend class="sr">${say("resolveTitle")}</legend>
        ${OUTCOMES.map((one, place) => html`
          <label class="check" key=${one}>
            <input type="radio" name="outcome" checked=${outcome === one} ...${place ? {} : { "data-first": true }} onChange=${() => setOutcome(one)} />
            <span>${say(`outcome_${one}`)} <span class="soft">${say(`outcome_${one}_hint`)}</span></span>
          </label>`)}
      </fieldset>
      <label class="field"><span>${say("resolveNote")}</span>
        <textarea rows="3" dir="auto" maxlength="2000" value=${note} onInput=${text(setNote)}></textarea></label>
    <//>
  `;
}

/** Before words go out that the rules contradict. Closing it leaves the message unsent, where it can be looked at again. */
export function WarningDialog() {
  const entry = outbox.value.find(({ id }) => id === warned.value);
  const [reason, setReason] = useState("");
  const [problem, setProblem] = useState("");
  if (!entry) return null;
  const submit = () => {
    if (!reason.trim()) return setProblem(say("reasonMissing"));
    close();
    override(entry.id, reason.trim());
  };
  const change = () => {
    close();
    giveBack(entry.id);
  };
  return html`
    <${Dialog} title=${say("warnTitle")} submit=${submit} submitLabel=${say("warnSend")} tone="bad" problem=${problem} wide>
      <p>${say("warnIntro")}</p>
      <ul class="warnings">
        ${entry.warnings.map((one, place) => html`
          <li key=${place}>
            <strong>${sayOne("warn", one.kind)}</strong>
            <dl>
              <div><dt>${say("warnYours")}</dt><dd><${Plain} text=${one.text} /></dd></div>
              <div><dt>${say("warnRules")}</dt><dd><${Plain} text=${one.says} /></dd></div>
            </dl>
          </li>`)}
      </ul>
      <p><button type="button" class="main" data-first onClick=${change}>${say("warnEdit")}</button></p>
      <label class="field"><span>${say("warnReason")}</span>
        <textarea rows="2" dir="auto" maxlength="1000" value=${reason} onInput=${text(setReason)}></textarea></label>
      <p class="soft">${say("warnReasonHint")}</p>
    <//>
  `;
}
