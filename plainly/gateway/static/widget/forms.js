// Where the customer writes: messages, and after the conversation how it was.
import { icon, make } from "./dom.js";

const MOST = 4_000;
const COUNT_FROM = 3_600;
const SEND = "M4 12 20 4l-5 16-4-6zm7 2 9-10";

/** Enter sends, Shift+Enter starts a new line, and input methods keep their Enter. */
export class Composer {
  /** `send(text)` is called with what was written; `shelf` keeps the draft. */
  constructor({ say, shelf, send }) {
    Object.assign(this, { say, shelf, send });
    this.field = make("textarea", {
      id: "field",
      rows: "1",
      dir: "auto",
      enterkeyhint: "send",
      autocomplete: "off",
      placeholder: say("placeholder"),
      "aria-describedby": "hint problem",
    });
    this.button = make("button", { class: "send", type: "submit", "aria-label": say("send") }, icon(SEND));
    this.note = make("p", { class: "note", id: "problem", role: "status" });
    this.form = make(
      "form",
      { class: "composer", novalidate: true },
      make("label", { class: "sr", for: "field" }, say("label")),
      make("p", { class: "sr", id: "hint" }, say("hint")),
      this.note,
      make("div", { class: "line" }, this.field, this.button),
    );
    this.field.addEventListener("input", () => this.#changed());
    this.field.addEventListener("keydown", (event) => this.#key(event));
    this.form.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#submit();
    });
    this.field.value = shelf.read("draft") ?? "";
    this.#changed();
  }

  /** A message was refused: give its words back, before whatever was written meanwhile. */
  giveBack(text, reason) {
    this.field.value = [text, this.field.value].filter(Boolean).join("\n");
    this.#changed();
    this.note.textContent = reason;
    this.note.dataset.tone = "bad";
  }

  /** The field takes the height of its text once it can be measured. */
  grow() {
    this.field.style.height = "auto";
    if (this.field.scrollHeight) this.field.style.height = `${this.field.scrollHeight + 2}px`;
  }

  #key(event) {
    // 229 is how some browsers say that an input method has the key.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  #submit() {
    const text = this.field.value.trim();
    if (!text || length(text) > MOST) return this.field.focus();
    this.field.value = "";
    this.#changed();
    this.send(text);
    this.field.focus();
  }

  #changed() {
    const text = this.field.value;
    const count = text.length < COUNT_FROM ? 0 : length(text.trim());
    const tooLong = count > MOST;
    const slots = { count: count.toLocaleString(), most: MOST.toLocaleString() };
    this.note.textContent = count < COUNT_FROM ? "" : this.say(tooLong ? "tooLong" : "counter", slots);
    this.note.dataset.tone = tooLong ? "bad" : "";
    this.field.setAttribute("aria-invalid", String(tooLong));
    this.button.setAttribute("aria-disabled", String(!text.trim() || tooLong));
    if (text) this.shelf.write("draft", text);
    else this.shelf.forget("draft");
    this.grow();
  }
}

/** Counted as the gateway counts: composed, by code point. */
function length(text) {
  return [...text.normalize("NFC")].length;
}

/** How was it, was it solved, anything to add. Asked once, and easy to skip. */
export class Rating {
  #episode = null;

  /** `send(rating)`; one without a score skips the question. */
  constructor({ say, send }) {
    Object.assign(this, { say, send });
    this.element = make("form", { class: "rate", hidden: true, onsubmit: (event) => this.#submit(event) });
    this.element.addEventListener("change", () => (this.rest.hidden = false));
  }

  /** Ask about an episode, or no more; whether the question is new. */
  ask(episode) {
    if (episode === this.#episode) return false;
    this.#episode = episode;
    this.element.hidden = !episode;
    if (episode) this.#build();
    return Boolean(episode);
  }

  #build() {
    const { say } = this;
    this.note = make("p", { role: "status" });
    this.rest = make(
      "div",
      { hidden: true },
      choice("solved", say("solved"), [say("yes"), say("no")]),
      make("label", {}, say("rateWords"), make("textarea", { name: "words", rows: "2", maxlength: "2000", dir: "auto" })),
      make("button", { class: "quiet" }, say("rateSend")),
    );
    const skip = make("button", { type: "button", class: "plain", onclick: () => this.#give({}) }, say("rateSkip"));
    this.element.replaceChildren(choice("score", say("rate"), say("scores").split("|")), this.rest, skip, this.note);
  }

  #submit(event) {
    event.preventDefault();
    const given = new FormData(this.element);
    const solved = given.get("solved");
    this.#give({ score: Number(given.get("score")), solved: solved && solved === "1", words: given.get("words") });
  }

  async #give(rating) {
    try {
      await this.send({ ...rating, episode: this.#episode });
      this.element.hidden = true;
    } catch {
      this.note.textContent = this.say("broken");
    }
  }
}

function choice(name, legend, labels) {
  const radio = (place) => make("input", { type: "radio", name, value: place + 1, required: name === "score" });
  const options = labels.map((label, place) => make("label", {}, radio(place), make("span", {}, label)));
  return make("fieldset", { class: name }, make("legend", {}, legend), options);
}
