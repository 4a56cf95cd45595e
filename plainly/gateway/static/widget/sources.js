// The clauses an answer rests on: each a chip that opens the clause's own words in place.
import { make } from "./dom.js";
import { link, render } from "./markdown.js";

let count = 0;

/** "faulty_goods" as people read it. The clause itself brings the policy's true title. */
export function policyTitle(id) {
  const words = id.replaceAll("_", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

/** Chips for the citations of a message, and the place where a clause opens. */
export function sourcesView(item, { say, api, base }) {
  const seen = new Set();
  const citations = item.citations.filter(({ policy, clause }) => {
    const key = `${policy} ${clause}`;
    return !seen.has(key) && seen.add(key);
  });
  if (!citations.length) return [];
  const panel = make("section", { class: "clause", id: `clause-${(count += 1)}`, hidden: true });
  const chips = citations.map((citation) => {
    const label = `${policyTitle(citation.policy)} ${citation.clause}`;
    const chip = make("button", { type: "button", class: "chip", "aria-expanded": "false", "aria-controls": panel.id });
    chip.append(label);
    chip.addEventListener("click", () => toggle(chip, citation));
    return chip;
  });
  const rows = chips.map((chip) => make("li", {}, chip));
  return [make("ul", { class: "sources", role: "list", "aria-label": say("sources") }, rows), panel];

  async function toggle(chip, citation) {
    const open = chip.getAttribute("aria-expanded") === "true";
    chips.forEach((one) => one.setAttribute("aria-expanded", String(one === chip && !open)));
    panel.hidden = open;
    if (open) return;
    panel.setAttribute("aria-label", chip.textContent);
    panel.replaceChildren(make("p", { role: "status" }, say("clauseLoading")));
    const words = await clauseView(citation, { say, api, base });
    if (chip.getAttribute("aria-expanded") === "true") panel.replaceChildren(...words);
    panel.scrollIntoView({ block: "nearest" });
  }
}

async function clauseView({ policy, clause }, { say, api, base }) {
  const page = link(`${base}/policies/${encodeURIComponent(policy)}#${encodeURIComponent(clause)}`, say("clausePage"));
  try {
    const found = await api.clause(policy, clause);
    const heading = make("h3", {}, `${found.policy_title} ${found.number} ${found.title}`.trim());
    return [heading, ...render(found.text, base), make("p", {}, page)];
  } catch {
    return [make("p", {}, say("clauseFailed")), make("p", {}, page)];
  }
}
