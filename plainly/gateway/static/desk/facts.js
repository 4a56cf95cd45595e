// Facts of a case: how they are read, and how they are mended.
import { html, useState } from "./html.js";
import { api, load } from "./desk.js";
import { Dialog, close, open } from "./dialog.js";
import { list, readable, say, sayOne } from "./labels.js";
import { tame } from "./rich.js";
import { patchDetail, selected, tell } from "./state.js";

/** A fact's value as people read it. Typed values look as docs/architecture.md says. */
export function told(value) {
  if (value === true || value === false) return say(value ? "yes" : "no");
  if (typeof value !== "object" || value === null) return readable(value);
  if (value.between) return say("between", { low: told(value.between[0]), high: told(value.between[1]) });
  if (value.unit) return say(`unit_${value.unit}`, { count: value.amount });
  if (value.date) return dated(value.date);
  return String(value.number ?? "");
}

function dated(iso) {
  const at = new Date(`${iso}T12:00:00`);
  return Number.isNaN(at.getTime()) ? iso : at.toLocaleDateString([], { day: "numeric", month: "long", year: "numeric" });
}

/** A fact's value as a form holds it. */
function written(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value && typeof value === "object") {
    if (value.between) return "";
    return value.unit ? `${value.amount} ${value.unit}s` : (value.date ?? value.number ?? "");
  }
  return String(value ?? "");
}

const isKnown = (fact) => fact.value !== null && fact.value !== undefined;

/** The facts of the case; before the rules were asked, those of the packet, which are sentences. */
function factsOf({ facts, packet }) {
  if (facts) return facts;
  return Object.entries(packet?.facts ?? {}).map(([name, fact]) =>
    typeof fact === "object" ? { name, value: fact.value, source: fact.source } : { name, said: fact, value: true },
  );
}

/** "It arrived 40 days ago", or "order value: 45" where the folder has no sentence for it. */
function sentence(fact) {
  const said = tame(fact.said);
  return said ? said[0].toUpperCase() + said.slice(1) : `${readable(fact.name)}: ${told(fact.value)}`;
}

/** What is known, with where it comes from, each to be corrected; and what is not known yet. */
export function Facts({ detail, editable }) {
  const all = factsOf(detail);
  const known = all.filter(isKnown);
  const missing = all.filter((fact) => !isKnown(fact));
  return html`
    <div class="facts">
      <h3>${say("facts")}</h3>
      ${known.length === 0 && html`<p class="soft">${say("noFacts")}</p>`}
      <ul>
        ${known.map((fact) => html`
          <li key=${fact.name}>
            <bdi><strong>${sentence(fact)}</strong></bdi>
            ${fact.source && html` <span class="soft small">${sayOne("factSource", fact.source)}</span>`}
            ${editable && detail.facts && html`
              <button type="button" class="link" aria-label=${say("correctFact", { name: readable(fact.name) })}
                onClick=${() => open("fact", { fact: fact.name })}>${say("correct")}</button>`}
          </li>`)}
      </ul>
      ${missing.length > 0 && html`
        <p><span class="soft">${say("factsMissing")}</span> <bdi>${list(missing.map(({ name }) => readable(name)))}</bdi>
          ${editable && html` <button type="button" class="link" onClick=${() => open("fact", { fact: missing[0].name })}>${say("addFact")}</button>`}</p>`}
    </div>
  `;
}

/** Mend one fact, or add one that is missing; the rules are asked again at once. */
export function FactDialog({ given, detail }) {
  const all = detail.facts ?? [];
  const [name, setName] = useState(given.fact ?? all[0]?.name ?? "");
  const fact = all.find((one) => one.name === name);
  const [value, setValue] = useState(written(fact?.value));
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const pick = (next) => {
    setName(next);
    setValue(written(all.find((one) => one.name === next)?.value));
  };
  const correct = async (right) => {
    const id = selected.value;
    setBusy(true);
    try {
      const { packet, facts } = await api.post(`/conversations/${id}/facts`, { name, value: right });
      patchDetail(id, { packet, facts, corrected: Date.now() });
      close();
      tell(say("factSaved"));
      load(id);
    } catch (refused) {
      setProblem(refused.message || say("problemNetwork"));
    } finally {
      setBusy(false);
    }
  };
  const submit = () => (value.trim() ? correct(value.trim()) : setProblem(say("factMissing")));
  if (!fact) return html`<${Dialog} title=${say("factTitle")}><p>${say("noFacts")}</p><//>`;
  return html`
    <${Dialog} title=${say("factTitle")} submit=${submit} submitLabel=${say("save")} problem=${problem} busy=${busy}>
      <label class="field">
        <span>${say("factName")}</span>
        <select onChange=${(event) => pick(event.currentTarget.value)}>
          ${all.map((one) => html`<option key=${one.name} value=${one.name} selected=${one.name === name}>${readable(one.name)}</option>`)}
        </select>
      </label>
      ${fact.ask && html`<p class="soft"><bdi>${tame(fact.ask)}</bdi></p>`}
      <label class="field" key=${name}>
        <span>${say("factValue")}</span>
        <${FactInput} fact=${fact} value=${value} set=${setValue} />
      </label>
      ${isKnown(fact) && html`
        <p class="soft"><bdi>${say("factWas", { value: tame(fact.said) || told(fact.value) })}</bdi></p>
        <p><button type="button" onClick=${() => correct(null)}>${say("factForget")}</button></p>`}
    <//>
  `;
}

const YES_NO = ["yes", "no"];

function FactInput({ fact, value, set }) {
  const change = (event) => set(event.currentTarget.value);
  const options = fact.type === "yes_no" ? YES_NO.map((name) => ({ name, label: say(name) })) : fact.options;
  if (!options?.length) {
    return html`<input data-first type=${fact.type === "date" ? "date" : "text"} value=${value} dir="auto" onInput=${change} />`;
  }
  return html`
    <select data-first onChange=${change}>
      ${!options.some((one) => one.name === value) && html`<option value="" selected></option>`}
      ${options.map((one) => html`<option key=${one.name} value=${one.name} selected=${one.name === value}>${tame(one.label) || readable(one.name)}</option>`)}
    </select>
  `;
}
