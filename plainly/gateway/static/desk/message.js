// One message of the transcript, one line of what happened, and one that waits to be sent.
import { html, names, useEffect, useState } from "./html.js";
import { list, readable, say, sayOne } from "./labels.js";
import { discard, giveBack, retry, warned } from "./outbox.js";
import { nameOf } from "./people.js";
import { Plain, Rich, Sources, tame } from "./rich.js";
import { me } from "./state.js";
import { insert } from "./inserting.js";
import { when } from "./times.js";

/** Who wrote a message. */
export function author(message, item) {
  if (message.author === "customer") return nameOf(item);
  if (message.author !== "agent") return say(message.author);
  return message.by === me.value?.id ? say("you") : tame(message.name) || say("agent");
}

const sideOf = (message) => (message.author === "customer" ? "theirs" : message.author === "system" ? "between" : "ours");

export function Message({ message, item }) {
  const who = author(message, item);
  const theirs = message.author === "customer";
  const { kind } = message;
  return html`
    <li class=${names("message", sideOf(message), `by-${message.author}`, `kind-${kind}`)} data-seq=${message.seq}>
      <p class="meta">
        <strong><bdi>${who}</bdi></strong>
        ${kind === "note" && html`<span class="tag warm">${say("note")}</span>`}
        ${kind === "button" && html`<span class="soft">${say("buttonTapped")}</span>`}
        <time datetime=${message.created_at}>${when(message.created_at)}</time>
      </p>
      ${kind === "draft" && html`<p class="soft small">${say("draftKept")}</p>`}
      <div class="bubble">${theirs || kind === "note" ? html`<${Plain} text=${message.text} />` : html`<${Rich} text=${message.text} />`}</div>
      <${Sources} of=${message.citations} />
      ${message.buttons?.length > 0 && html`
        <p class="soft small">${say("offeredButtons", { labels: list(message.buttons.map(({ label }) => label)) })}</p>`}
      ${kind === "draft" && html`<button type="button" class="small" onClick=${() => insert(message.text)}>${say("useDraft")}</button>`}
    </li>
  `;
}

/** A line such as "Dana took it". */
export function Happening({ row }) {
  const { what, data = {} } = row;
  const by = tame(row.by?.name) || sayOne("actor", row.by?.id);
  const to = tame(row.to) || (data.team ? say("aTeam", { team: tame(data.team) }) : say("backToQueue"));
  const reason = data.reason ? sayOne("reason", data.reason) : "";
  const outcome = data.outcome ? sayOne("outcome", data.outcome) : "";
  const slots = { by, to, what: readable(what), reason, outcome, until: data.until ? when(data.until) : "", fact: readable(data.fact), lever: readable(data.lever) };
  const known = say(`did_${what}`, slots);
  const words = known === `did_${what}` ? say("did_other", slots) : known;
  return html`
    <li class="happening">
      <span><bdi>${words}</bdi> <time datetime=${row.at}>${when(row.at)}</time></span>
    </li>
  `;
}

/** What was written here and is on its way, or is not. */
export function Unsent({ entry }) {
  const { id, kind, state, text } = entry;
  return html`
    <li class=${names("message ours unsent by-agent", kind === "note" ? "kind-note" : "", state)} data-state=${state}>
      <p class="meta">
        <strong>${say("you")}</strong>
        ${kind === "note" && html`<span class="tag warm">${say("note")}</span>`}
      </p>
      <div class="bubble"><${Plain} text=${text} /></div>
      <div class="fate">
        <span>${state === "held" ? html`<${Countdown} until=${entry.until} />` : say(...fate(entry))}</span>
        ${state === "held" && html`<button type="button" class="small" onClick=${() => giveBack(id)}>${say("takeBack")}</button>`}
        ${state === "waiting" && html`<button type="button" class="small" onClick=${() => retry(id)}>${say("retry")}</button>`}
        ${state === "warned" && html`
          <button type="button" class="small" onClick=${() => (warned.value = id)}>${say("lookAgain")}</button>`}
        ${(state === "refused" || state === "warned") && html`
          <button type="button" class="small" onClick=${() => giveBack(id)}>${say("edit")}</button>
          <button type="button" class="small" onClick=${() => discard(id)}>${say("throwAway")}</button>`}
      </div>
    </li>
  `;
}

const FATES = { queued: "sending", sending: "sending", waiting: "waiting", warned: "warnedState", refused: "refused" };

const fate = ({ state, why }) => [FATES[state] ?? "sending", { why }];

function Countdown({ until }) {
  const left = () => Math.max(0, Math.ceil((until - Date.now()) / 1_000));
  const [seconds, setSeconds] = useState(left());
  useEffect(() => {
    const timer = setInterval(() => setSeconds(left()), 250);
    return () => clearInterval(timer);
  }, [until]);
  return say("held", { seconds });
}
