// What this agent may grant in this case, what is left, and what was granted. One click; the ledger keeps the reason.
import { html, names, useEffect, useState } from "./html.js";
import { api, load } from "./desk.js";
import { insert } from "./inserting.js";
import { readable, say, sayOne } from "./labels.js";
import { told } from "./facts.js";
import { Sources, tame } from "./rich.js";
import { isMine, patchDetail, tell } from "./state.js";
import { when } from "./times.js";

/** What the ledger may say, from what the packet says. */
function usualReason({ packet = {} }, item) {
  if (packet.situation) return readable(packet.situation);
  if (packet.pushbacks) return sayOne("reason", "second_refusal");
  return item.reason ? sayOne("reason", item.reason) : "";
}

export function Discretion({ item, detail }) {
  const [reason, setReason] = useState(null);
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState("");
  const given = reason ?? usualReason(detail, item);
  const levers = detail.levers ?? [];
  const grants = detail.grants ?? [];
  const mine = isMine(item);
  useEffect(() => setProblem(""), [item.id]);
  const grant = async (lever) => {
    if (busy) return;
    if (!given.trim()) return setProblem(say("grantReasonMissing"));
    setBusy(lever.lever);
    setProblem("");
    try {
      const body = { id: newId(), policy: lever.policy, lever: lever.lever, reason: given.trim() };
      const { words, levers: after } = await again(() => api.post(`/conversations/${item.id}/grants`, body));
      if (after) patchDetail(item.id, { levers: after });
      if (words) insert(words);
      tell(say("granted", { name: tame(lever.label) }));
      load(item.id);
    } catch (refused) {
      setProblem(refused.status ? refused.message || say("problemUnknown") : say("problemNetwork"));
      load(item.id);
    } finally {
      setBusy("");
    }
  };
  return html`
    <section class="discretion" aria-labelledby="discretion-title" tabindex="-1" id="discretion">
      <h2 id="discretion-title">${say("discretion")}</h2>
      ${grants.length > 0 && html`<${Granted} grants=${grants} levers=${levers} />`}
      ${levers.length === 0 && html`<p class="soft">${say("noLevers")}</p>`}
      ${mine && levers.some((lever) => lever.allowed) && html`
        <label class="field"><span>${say("grantReason")}</span>
          <input value=${given} maxlength="300" dir="auto" onInput=${(event) => setReason(event.currentTarget.value)} /></label>`}
      <p class="problem" role="alert">${problem}</p>
      <ul class="levers">
        ${levers.map((lever) => html`<${Lever} key=${`${lever.policy}.${lever.lever}`} lever=${lever} mine=${mine}
          busy=${busy === lever.lever} grant=${() => grant(lever)} />`)}
      </ul>
    </section>
  `;
}

function Lever({ lever, mine, busy, grant }) {
  const name = tame(lever.label);
  const amount = lever.amount && (typeof lever.amount === "object" ? told(lever.amount) : lever.amount);
  return html`
    <li class=${names("card", { closed: !lever.allowed })}>
      <p><strong><bdi>${name}</bdi></strong></p>
      <p class="soft small">
        ${[
          amount && say("amount", { amount }),
          lever.left > 0 ? say("left", { count: lever.left }) : say("leftNone"),
          lever.by && say("grantBy", { by: sayOne("by", lever.by) }),
        ].filter(Boolean).join(" · ")}
      </p>
      ${lever.say && html`<p class="small"><bdi>${tame(lever.say)}</bdi></p>`}
      ${lever.clause && html`<${Sources} of=${[{ policy: lever.policy, clause: lever.clause }]} />`}
      ${lever.check && html`<p class="small warmly"><bdi>${tame(lever.check)}</bdi></p>`}
      ${!lever.allowed && lever.why_not && html`<p class="small warmly"><bdi>${tame(lever.why_not)}</bdi></p>`}
      ${mine && lever.allowed && html`
        <button type="button" class="small main" aria-label=${say("grantNamed", { name })} aria-disabled=${String(busy)} onClick=${grant}>
          ${say(busy ? "granting" : "grant")}</button>`}
    </li>
  `;
}

function Granted({ grants, levers }) {
  const labelOf = (one) => levers.find(({ policy, lever }) => policy === one.policy && lever === one.lever)?.label;
  return html`
    <h3>${say("grantsGiven")}</h3>
    <ul class="granted">
      ${grants.map((one, place) => html`
        <li key=${one.id ?? place}>
          <bdi>${tame(labelOf(one)) || readable(one.lever)}</bdi>
          ${one.amount && html` (${typeof one.amount === "object" ? told(one.amount) : one.amount})`}
          <span class="soft small"> ${[tame(one.by?.name) || sayOne("actor", one.by?.id), one.at && when(one.at)].filter(Boolean).join(", ")}</span>
          ${one.reason && html`<span class="soft small">: <bdi>${tame(one.reason)}</bdi></span>`}
        </li>`)}
    </ul>
  `;
}

/** Once more when the connection broke: the id makes that harmless. */
async function again(ask) {
  try {
    return await ask();
  } catch (problem) {
    if (problem.status !== 0) throw problem;
    return ask();
  }
}

const newId = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
