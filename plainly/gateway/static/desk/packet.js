// What an agent must know before the first word, to be read in ten seconds. One line when folded up.
import { html, names, signal } from "./html.js";
import { Facts, told } from "./facts.js";
import { list, readable, say, sayOne } from "./labels.js";
import { Plain, Sources, tame, titled } from "./rich.js";
import { isMine, tell } from "./state.js";
import { hint } from "./shortcuts.js";

const folded = signal(matchMedia("(max-width: 48rem), (max-height: 40rem)").matches);

export const togglePacket = () => {
  folded.value = !folded.value;
};

/** The verdict in words, with its tone for the colour beside the words. */
export function verdictOf({ decided, outcome }) {
  if (decided?.verdict) return { words: say(`verdict_${decided.verdict}`), tone: decided.verdict };
  if (decided?.missing?.length) return { words: say("verdictOpen", { missing: list(decided.missing.map(readable)) }), tone: "open" };
  return { words: outcome ? readable(outcome) : say("verdictNone"), tone: "open" };
}

export function Packet({ item, detail }) {
  const packet = detail.packet ?? {};
  const verdict = verdictOf(packet);
  const toggle = html`
    <button type="button" class="small" aria-expanded=${String(!folded.value)} aria-controls="packet-all"
      onClick=${togglePacket} ...${hint("packet", say("packet"))}>${say(folded.value ? "packetShow" : "packetHide")}</button>`;
  return html`
    <section class=${names("packet", { folded: folded.value })} aria-label=${say("packet")} tabindex=${folded.value ? undefined : "0"}>
      <div class="top">
        <p class="wants"><span class="soft">${say("wants")}</span> <bdi>${tame(packet.wants || item.wants) || say("wantsUnknown")}</bdi></p>
        ${toggle}
      </div>
      <p class="verdict">
        <span class="soft">${say("verdict")}</span>
        <strong class=${`tag ${verdict.tone}`}>${verdict.words}</strong>
        ${packet.decided?.outcome && html`<span>${readable(packet.decided.outcome)}</span>`}
        ${(packet.policy ?? item.policy) && html`<span class="soft">${titled(packet.policy ?? item.policy)}</span>`}
        <${Sources} of=${packet.decided?.citations} />
      </p>
      <div id="packet-all" hidden=${folded.value}>${!folded.value && html`<${Inside} item=${item} packet=${packet} detail=${detail} />`}</div>
    </section>
  `;
}

function Inside({ item, packet, detail }) {
  const pushed = packet.pushbacks ?? item.pushbacks ?? 0;
  const inWords = detail.inWords ?? {};
  const contact = detail.contact ?? item.customer?.contact;
  return html`
    <dl class="glance">
      ${line("whyHere", item.reason && sayOne("reason", item.reason))}
      ${line("situation", packet.situation && readable(packet.situation))}
      ${line("goal", inWords.goal)}
      ${line("offered", toldList(inWords.offered))}
      ${line("declined", toldList(inWords.declined))}
      ${line("pushbacks", pushed ? say("times", { count: pushed }) : say("never"))}
      ${line("tones", packet.tones?.length && html`<${Tones} of=${packet.tones} />`)}
      ${line("contact", contact && html`<bdi>${tame(contact.value ?? contact)}</bdi>`)}
      ${line("nearestYes", nearest(packet))}
      ${line("nextStep", inWords.next_step)}
    </dl>
    <${Facts} detail=${detail} editable=${isMine(item)} />
    ${packet.decided && html`<${How} decided=${packet.decided} />`}
    ${inWords.receipts?.length > 0 && html`<${Receipts} of=${inWords.receipts} />`}
    ${!packet.wants && packet.last_messages?.[0] && html`<${Plain} text=${packet.last_messages[0].text} />`}
  `;
}

const line = (label, value) => (value ? html`<div><dt>${say(label)}</dt><dd>${value}</dd></div>` : null);

const toldList = (words) => words?.length && html`<bdi>${list(words)}</bdi>`;

function nearest({ decided }) {
  const changes = Object.entries(decided?.nearest_yes?.changes ?? {});
  return changes.length && list(changes.map(([name, value]) => `${readable(name)}: ${told(value)}`));
}

/** "calm, annoyed, angry", in the order they came; repeats in a row are told once. */
function Tones({ of }) {
  const turns = of.filter((tone, place) => tone !== of[place - 1]);
  return html`<span class="tones">${turns.map((tone, place) => html`<span key=${place} class=${`tag tone-${tone}`}>${sayOne("tone", tone)}</span>`)}</span>`;
}

/** The trace: for staff who want to see, or must explain. */
export function How({ decided }) {
  const { trace = {}, receipt } = decided;
  return html`
    <details class="how">
      <summary>${say("how")}</summary>
      <ul class="rows">
        ${(trace.rows ?? []).map((row) => html`
          <li key=${row.rule} class=${row.result}>
            <bdi>${readable(row.rule)}</bdi>: ${say(`row_${row.result}`, { missing: list((row.missing ?? []).map(readable)) })}${" "}
            ${row.overridden_by && html`<span class="soft">${say("overridden", { by: readable(row.overridden_by) })}</span>`}
          </li>`)}
      </ul>
      ${trace.parameters?.length > 0 && html`
        <p class="soft">${say("valuesUsed")}</p>
        <ul class="rows">
          ${trace.parameters.map((used) => html`
            <li key=${used.parameter}>
              ${say("valueUsed", { name: readable(used.parameter), value: told(used.value), start: told({ date: used.start }) })}
            </li>`)}
        </ul>`}
      ${trace.counts_from && html`<p class="soft">${say("countsFrom", { date: told({ date: trace.counts_from }) })}</p>`}
      ${receipt && html`<${Receipt} of=${receipt} />`}
    </details>
  `;
}

/** What the customer was given to show, and whether the rules still say it. */
function Receipts({ of }) {
  return html`
    <details class="how">
      <summary>${say("receiptsGiven")}</summary>
      ${of.map((one) => html`
        <${Receipt} key=${one.id} of=${one} />
        <p><strong>${readable(one.outcome)}.</strong> ${one.says}</p>`)}
    </details>
  `;
}

function Receipt({ of }) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(of.id);
      tell(say("copied"));
    } catch {
      tell(of.id);
    }
  };
  return html`
    <p class="receipt">
      <span class="soft">${say("receipt")}</span> <code>${of.id}</code>${" "}
      <button type="button" class="small" onClick=${copy}>${say("copy")}</button>
    </p>
  `;
}
