// How customers and colleagues are named.
import { html } from "./html.js";
import { list, say } from "./labels.js";
import { tame } from "./rich.js";
import { me } from "./state.js";

/** The customer's name as text, or what stands for one. */
export const nameOf = (one) => tame(one?.customer?.name).trim() || say("visitor", { short: String(one?.id ?? "").slice(-4) });

/** The name on its own island, so that its direction never turns the words around it. */
export const Name = ({ of }) => html`<bdi>${nameOf(of)}</bdi>`;

/** Whether the shop vouches for who they are. */
export function Vouched({ of }) {
  const verified = Boolean(of.customer?.verified);
  return html`<span class=${verified ? "tag good" : "tag"}>${say(verified ? "verified" : "unverified")}</span>`;
}

/** Who has it, from where we stand. */
export function ownerOf(one) {
  if (one.owner === "agent") return one.agent?.id === me.value?.id ? say("withYou") : say("withPerson", { name: one.agent?.name || say("someone") });
  return say({ queue: "inQueue", bot: "withBot", closed: "isClosed" }[one.owner] ?? "inQueue");
}

/** Who is writing at the moment, in words; "" when nobody is. */
export function whoTypes(one) {
  const others = (one?.typing?.staff ?? []).filter((name) => name !== me.value?.name);
  const words = [];
  if (one?.typing?.customer) words.push(say("customerTyping"));
  if (others.length) words.push(say(others.length > 1 ? "staffTypingMany" : "staffTyping", { names: list(others) }));
  return words.join(" ");
}
