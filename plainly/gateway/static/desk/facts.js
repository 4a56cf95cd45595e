// Facts of a case: how they are read, and how they are mended.
import { html, useState } from "./html.js";
import { api, load } from "./desk.js";
import { Dialog, close, open } from "./dialog.js";
import { readable, say, sayOne } from "./labels.js";
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

/** A fact's value as an answer to its question is written. */
function written(value) {
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (value && typeof value === "object") {
    if (value.unit) return `${value.amount} ${value.unit}s`;
    return value.date ?? value.number ?? "";
  }
  return String(value ?? "");
}

const valueOf = (fact) => (fact && typeof fact === "object" && "value" in fact ? fact.value : fact);

export const labelOf = (name, fact) => tame(fact?.label) || readable(name);

/** The facts with where they come from, each to be corrected. */
export function Facts({ facts = {}, editable }) {
  const all = Object.entries(facts);
  return html`
    <div class="facts">
      <h3>${say("facts")}</h3>
      ${all.length === 0 && html`<p class="soft">${say("noFacts")}</p>`}
      <dl>
        ${all.map(([name, fact]) => html`
          <div key=${name}>
            <dt><bdi>${labelOf(name, fact)}</bdi></dt>
            <dd>
              <bdi>${tame(fact?.shown) || told(valueOf(fact))}</bdi>
              ${" "}<span class="soft small"><bdi>${whence(fact)}</bdi></span>
              ${editable && html`
                <button type="button" class="link" aria-label=${say("correctFact", { name: labelOf(name, fact) })}
                  onClick=${() => open("fact", { fact: name })}>${say("correct")}</button>`}
            </dd>
          </div>`)}
      </dl>
    </div>
  `;
}

/** Where a fact comes from: the customer's own words, or who told it. */
const whence = (fact) => {
  const source = fact?.source ?? "customer";
  return source === "customer" && fact?.said ? say("factSaid", { said: tame(fact.said) }) : sayOne("factSource", source);
};

/** Mend one fact, or add one that is missing; the rules are asked again at once. */
export function FactDialog({ given, detail }) {
  const { facts = {}, decided, askable = [] } = detail.packet ?? {};
  const known = [...new Set([...Object.keys(facts), ...askable.map((one) => one.name), ...(decided?.missing ?? [])])];
  const [name, setName] = useState(given.fact ?? known[0] ?? "");
  const kind = kindOf(name, facts[name], askable);
  const [value, setValue] = useState(written(valueOf(facts[name])));
  const [problem, setProblem] = useState("");
  const [busy, setBusy] = useState(false);
  const pick = (next) => {
    setName(next);
    setValue(written(valueOf(facts[next])));
  };
  const submit = async () => {
    if (!value.trim()) return setProblem(say("factMissing"));
    const id = selected.value;
    setBusy(true);
    try {
      const { packet } = await api.post(`/conversations/${id}/facts`, { name, value: value.trim() });
      if (packet) patchDetail(id, { packet, corrected: Date.now() });
      close();
      tell(say("factSaved"));
      load(id);
    } catch (refused) {
      setProblem(refused.message || say("problemNetwork"));
    } finally {
      setBusy(false);
    }
  };
  return html`
    <${Dialog} title=${say("factTitle")} submit=${submit} submitLabel=${say("save")} problem=${problem} busy=${busy}>
      <label class="field">
        <span>${say("factName")}</span>
        <select onChange=${(event) => pick(event.currentTarget.value)}>
          ${known.map((one) => html`
            <option value=${one} selected=${one === name}>${labelOf(one, facts[one] ?? askable.find((ask) => ask.name === one))}</option>`)}
        </select>
      </label>
      <label class="field" key=${name}>
        <span>${say("factValue")}</span>
        <${FactInput} kind=${kind} value=${value} set=${setValue} />
      </label>
      ${facts[name] && html`<p class="soft"><bdi>${say("factWas", { value: tame(facts[name].shown) || told(valueOf(facts[name])) })}</bdi></p>`}
    <//>
  `;
}

function kindOf(name, fact, askable) {
  const told = { ...askable.find((one) => one.name === name), ...fact };
  if (told.options?.length) return { options: told.options };
  const value = valueOf(fact);
  if (told.type === "yes_no" || typeof value === "boolean") return { options: [{ name: "yes", label: say("yes") }, { name: "no", label: say("no") }] };
  if (told.type === "date" || value?.date) return { type: "date" };
  return { type: "text" };
}

function FactInput({ kind, value, set }) {
  const change = (event) => set(event.currentTarget.value);
  if (!kind.options) return html`<input data-first type=${kind.type} value=${value} dir="auto" onInput=${change} />`;
  return html`
    <select data-first onChange=${change}>
      ${!kind.options.some((one) => one.name === value) && html`<option value="" selected></option>`}
      ${kind.options.map((one) => html`<option value=${one.name} selected=${one.name === value}>${one.label ?? readable(one.name)}</option>`)}
    </select>
  `;
}
