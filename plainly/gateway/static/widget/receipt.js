// What staff need to verify a decision later, folded away under the answer.
import { make } from "./dom.js";
import { policyTitle } from "./sources.js";

/** The receipt of a message as a disclosure, or null. */
export function receiptView(item, { say }) {
  const { receipt } = item;
  if (!receipt?.id) return null;
  const rows = lines(receipt, say);
  const copy = make("button", { type: "button", class: "quiet" }, say("copy"));
  const told = make("span", { role: "status", class: "told" });
  copy.addEventListener("click", async () => {
    told.textContent = say((await copied(rows)) ? "copied" : "copyFailed");
  });
  const list = rows.map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", { dir: "auto" }, value)));
  const summary = make("summary", {}, say("receipt"));
  return make("details", { class: "receipt" }, summary, make("dl", {}, list), make("p", {}, copy, told));
}

function lines(receipt, say) {
  const facts = Object.entries(receipt.facts ?? {}).map(([name, value]) => [policyTitle(name), said(value, say)]);
  return [
    [say("receiptId"), String(receipt.id)],
    [say("receiptPolicy"), policyTitle(String(receipt.policy ?? ""))],
    [say("receiptOutcome"), policyTitle(String(receipt.outcome ?? ""))],
    [say("receiptDate"), String(receipt.as_of ?? "")],
    [say("receiptClauses"), (receipt.clauses ?? []).join(", ")],
    ...facts,
  ].filter(([, value]) => value);
}

function said(value, say) {
  if (typeof value === "boolean") return say(value ? "yes" : "no");
  return value && typeof value === "object" ? Object.values(value).join(" ") : String(value).replaceAll("_", " ");
}

async function copied(rows) {
  try {
    await navigator.clipboard.writeText(rows.map(([name, value]) => `${name}: ${value}`).join("\n"));
    return true;
  } catch {
    return false;
  }
}
