// The middle: who it is, what to do with them, the packet, what was said, and where to write.
import { html } from "./html.js";
import { ACTIONS, label, run } from "./actions.js";
import { load, takeNext } from "./desk.js";
import { Composer } from "./composer.js";
import { say } from "./labels.js";
import { Packet } from "./packet.js";
import { Name, Vouched, ownerOf } from "./people.js";
import { Wait } from "./queue.js";
import { tame } from "./rich.js";
import { hint } from "./shortcuts.js";
import { detail, isMine, item, ofView } from "./state.js";
import { Transcript } from "./transcript.js";

const OFFERED = ["resolve", "transfer", "snooze", "handBack", "reopen"];

export function Conversation() {
  const one = item.value;
  const inside = detail.value;
  if (!inside) return html`<${Nothing} />`;
  if (!one || inside.state === "failed") return html`<${Missing} problem=${inside.problem} loading=${inside.state === "loading"} />`;
  return html`
    <section class="talk" aria-labelledby="talk-title" id="talk">
      <${Head} item=${one} />
      ${inside.state === "loading"
        ? html`<p class="empty soft" role="status">${say("logBusy")}</p>`
        : html`
            <${Packet} item=${one} detail=${inside} />
            <${Transcript} key=${one.id} item=${one} detail=${inside} />
          `}
      <${Composer} item=${one} />
    </section>
  `;
}

function Head({ item: one }) {
  return html`
    <header class="head">
      <div class="who">
        <h2 id="talk-title" tabindex="-1"><${Name} of=${one} /></h2>
        <${Vouched} of=${one} />
        <span class="soft"><bdi>${tame(ownerOf(one))}</bdi></span>
        <${Wait} item=${one} />
      </div>
      <div class="tools" role="group" aria-label=${say("actions")}>
        ${OFFERED.filter((name) => ACTIONS[name].when()).map((name) => html`
          <button type="button" key=${name} class=${name === "resolve" && isMine(one) ? "main" : ""} onClick=${() => run(name)}
            ...${hint(name, label(name))}>${say(name === "snooze" && one.snoozed_until ? "wake" : name)}</button>`)}
      </div>
    </header>
  `;
}

function Nothing() {
  const waiting = ofView("queue").length;
  return html`
    <section class="talk none" aria-labelledby="talk-title" id="talk">
      <h2 id="talk-title" tabindex="-1">${say("nothingOpen")}</h2>
      <p class="soft">${say(waiting ? "nothingOpenHint" : "nobodyWaits")}</p>
      ${waiting > 0 && html`
        <p>${say("nowWaiting", { count: waiting })}</p>
        <button type="button" class="main" onClick=${takeNext} ...${hint("takeNext")}>${say("takeNext")}</button>`}
    </section>
  `;
}

function Missing({ problem, loading }) {
  const again = () => load(location.hash.slice(1));
  return html`
    <section class="talk none" aria-labelledby="talk-title" id="talk">
      <h2 id="talk-title" tabindex="-1">${say(loading ? "loading" : "noSuch")}</h2>
      ${!loading && html`<p class="problem">${problem}</p><button type="button" onClick=${again}>${say("again")}</button>`}
    </section>
  `;
}
