// The list of messages. Each message has one list item, kept up to date in place, so focus and reading stay.
import { icon, make } from "./dom.js";
import { link, render } from "./markdown.js";

const NEAR_END = 64;
const DOWN = "M12 5v14m-6-6 6 6 6-6";

export class Log {
  #rows = new Map();

  /** `act`: tap(button, item), retry(). */
  constructor({ say, base, api, names, act }) {
    Object.assign(this, { say, base, api, names, act });
    this.list = make("ol", { role: "list" });
    this.typing = make("div", { class: "typing", hidden: true }, make("span", { class: "sr" }, say("typing")), dots());
    this.intro = make("div", { class: "intro" });
    // The log itself is not read out: the announcer says each new message once.
    this.box = make(
      "div",
      { class: "log", role: "log", "aria-live": "off", "aria-label": say("log"), tabindex: "0" },
      this.intro,
      this.list,
      this.typing,
    );
    this.box.addEventListener("scroll", () => this.#atEnd() && this.#more(false), { passive: true });
    this.more = make("button", { type: "button", class: "more", hidden: true, onclick: () => this.toEnd() });
    this.moreWords = make("span");
    this.more.append(icon(DOWN), this.moreWords);
  }

  put(item) {
    const stay = !this.#atEnd();
    const row = this.#rows.get(item.id);
    if (item.dropped) return this.#drop(item.id);
    if (row && row.era === item.era) this.#update(row, item);
    else this.#insert(item);
    this.intro.hidden = true;
    if (item.kind === "button") this.#markChosen(item);
    if (item.seq === Infinity) this.toEnd();
    else if (item.theirs && !row) this.#arrived(item, stay);
  }

  /** What comes after the conversation. */
  end(rating) {
    const follow = this.#atEnd();
    this.box.append(rating);
    if (follow) this.toEnd();
  }

  divide(text) {
    this.list.append(make("li", { class: "divider" }, text));
    this.toEnd();
  }

  showTyping(on) {
    const end = this.#atEnd();
    this.typing.hidden = !on;
    if (end) this.toEnd();
  }

  toEnd() {
    this.box.scrollTop = this.box.scrollHeight;
    this.#more(false);
  }

  #drop(id) {
    this.#rows.get(id)?.element.remove();
    this.#rows.delete(id);
    this.intro.hidden = this.#rows.size > 0;
  }

  #insert(item) {
    this.#rows.get(item.id)?.element.remove();
    const row = { id: item.id, era: item.era, seq: item.seq, ...this.#build(item) };
    this.#rows.set(item.id, row);
    this.#place(row);
    this.#delivery(row, item);
  }

  #update(row, item) {
    if (row.seq !== item.seq) {
      row.seq = item.seq;
      this.#place(row);
    }
    this.#delivery(row, item);
  }

  /** Rows stand in the order of their numbers; what is not sent yet stands last. */
  #place(row) {
    const later = [...this.#rows.values()].filter((one) => one !== row && one.era === row.era && one.seq > row.seq);
    const next = later.sort((a, b) => a.seq - b.seq)[0]?.element ?? null;
    if (row.element.isConnected && row.element.nextElementSibling === next) return;
    this.list.insertBefore(row.element, next);
  }

  #arrived(item, stay) {
    if (stay) return this.#more(true, "newMessage");
    const { element } = this.#rows.get(item.id);
    // A message taller than the window is shown from its beginning.
    this.box.scrollTop = Math.min(this.box.scrollHeight, element.offsetTop - this.box.offsetTop - 12);
    this.#more(!this.#atEnd(), "moreBelow");
  }

  #more(on, words) {
    this.more.hidden = !on;
    if (on) this.moreWords.textContent = this.say(words);
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.box;
    return scrollHeight - scrollTop - clientHeight < NEAR_END;
  }

  #build(item) {
    const who = item.theirs ? this.names(item) : this.say("you");
    const meta = make("p", { class: "meta" });
    const element = make(
      "li",
      { class: `message ${item.theirs ? "theirs" : "mine"} ${item.author}`, "data-seq": item.seq },
      make("span", { class: "sr" }, this.say("says", { who })),
      item.author === "agent" ? make("p", { class: "who", "aria-hidden": "true", dir: "auto" }, who) : null,
      this.#bubble(item),
      this.#choices(item),
      this.#foot(item),
      meta,
    );
    return { element, meta };
  }

  #bubble(item) {
    const content = item.theirs ? render(item.text, this.base) : [make("p", { dir: "auto" }, item.text)];
    return make("div", { class: "bubble" }, content);
  }

  #foot(item) {
    const [chips, clause] = sourcesView(item, this);
    const parts = [chips, receiptView(item, this), clause].filter(Boolean);
    return parts.length ? make("div", { class: "foot" }, parts) : null;
  }

  #choices(item) {
    if (!item.buttons.length) return null;
    const tap = (button) => (event) => {
      const tapped = event.currentTarget;
      if (tapped.getAttribute("aria-disabled") === "true") return;
      this.#chosen(tapped, "now");
      this.act.tap(button, item);
    };
    const buttons = item.buttons.map((button) =>
      make("button", { type: "button", class: "choice", "data-label": button.label, onclick: tap(button) }, button.label),
    );
    return make("div", { class: "choices", role: "group", "aria-label": this.say("choices") }, buttons);
  }

  /** A tap of another tab or before a reload is found by its label in the last message that offered it. */
  #markChosen(item) {
    const offers = [...this.list.querySelectorAll(".choice")].filter((one) => one.dataset.label === item.text);
    if (offers.some((one) => one.dataset.by === item.id)) return;
    const now = offers.find((one) => one.dataset.by === "now");
    const earlier = offers.filter((one) => !one.dataset.by && Number(one.closest("li").dataset.seq) < item.seq);
    const tapped = now ?? earlier.at(-1);
    if (tapped) this.#chosen(tapped, item.id);
  }

  #chosen(button, by) {
    const again = Boolean(button.dataset.by);
    button.dataset.by = by;
    if (again) return;
    button.setAttribute("aria-disabled", "true");
    button.append(make("span", { class: "sr" }, ` (${this.say("chosen")})`));
  }

  #delivery(row, item) {
    row.element.dataset.delivery = item.delivery ?? "";
    row.element.dataset.seq = item.seq;
    const unsent = item.delivery === "waiting" || item.delivery === "failed";
    const retry = unsent && make("button", { type: "button", class: "retry", onclick: this.act.retry }, this.say("retry"));
    const words = item.delivery ? this.say(item.delivery) : "";
    row.meta.replaceChildren(...[words, words && item.delivery === "sent" ? " " : "", this.#time(item), retry].filter(Boolean));
  }

  #time(item) {
    if (item.delivery && item.delivery !== "sent") return "";
    const at = new Date(item.created_at);
    const options = at.toDateString() === new Date().toDateString() ? {} : { day: "numeric", month: "short" };
    const text = at.toLocaleString([], { ...options, hour: "numeric", minute: "2-digit" });
    return make("time", { datetime: item.created_at }, text);
  }
}

function dots() {
  return make("span", { class: "dots", "aria-hidden": "true" }, make("i"), make("i"), make("i"));
}

let count = 0;

/** "faulty_goods" as people read it. The clause itself brings the policy's true title. */
function policyTitle(id) {
  const words = id.replaceAll("_", " ");
  return words.slice(0, 1).toUpperCase() + words.slice(1);
}

function sourcesView(item, { say, api, base }) {
  const seen = new Set();
  const citations = item.citations.filter(({ policy, clause }) => {
    const key = `${policy} ${clause}`;
    return !seen.has(key) && seen.add(key);
  });
  if (!citations.length) return [];
  const panel = make("section", { class: "clause", id: `clause-${(count += 1)}`, hidden: true });
  const chips = citations.map((citation) => {
    const label = `${policyTitle(citation.policy)} ${citation.clause}`;
    const opens = { "aria-expanded": "false", "aria-controls": panel.id, onclick: () => toggle(chip, citation) };
    const chip = make("button", { type: "button", class: "chip", ...opens }, label);
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

function receiptView(item, { say }) {
  const { receipt } = item;
  if (!receipt?.id) return null;
  const rows = lines(receipt, say);
  const told = make("span", { role: "status", class: "told" });
  const tell = async () => (told.textContent = say((await copied(rows)) ? "copied" : "copyFailed"));
  const copy = make("button", { type: "button", class: "quiet", onclick: tell }, say("copy"));
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
