// <plainly-chat>: the launcher, the panel, and what ties page, conversation and views together.
import { Conversation } from "./conversation.js";
import { Announcer, icon, make } from "./dom.js";
import { Composer, Rating } from "./forms.js";
import { Api } from "./link.js";
import { Log } from "./log.js";
import { plain } from "./markdown.js";
import { Storage } from "./storage.js";
import { sheet } from "./style.js";
import { wordsFor } from "./words.js";

const BUBBLE = "M5 5h14a2 2 0 0 1 2 2v8a2 2 0 0 1-2 2h-7l-5 4v-4H5a2 2 0 0 1-2-2V7a2 2 0 0 1 2-2z";
const CROSS = "M6 6l12 12M18 6 6 18";
const OWN_BASE = import.meta.url.split("/static/")[0];
const FULL_SCREEN = "(max-width: 30rem), (max-height: 26rem)";

class PlainlyChat extends HTMLElement {
  #opener = null;
  #title = "";
  #listening = null;

  connectedCallback() {
    if (this.shadowRoot?.childElementCount) {
      // Only moved to another place of the page.
      this.#listen();
      return this.conversation.start();
    }
    const language = this.lang || document.documentElement.lang || "en";
    this.base = String(new URL(this.dataset.base || OWN_BASE, document.baseURI)).replace(/\/+$/, "");
    this.say = wordsFor(language, this.dataset);
    this.storage = new Storage(this.base);
    this.api = new Api(this.base);
    this.conversation = new Conversation(this.api, this.storage, () => this.dataset.identity);
    this.#build(language);
    this.#listen();
    this.#name(this.dataset.name);
    this.#suggest((this.dataset.suggestions ?? this.say("examples")).split("|"));
    this.conversation.start();
    // It was open on the page before; focus stays where this page put it.
    if (this.storage.tab.read("open")) this.#show(true);
    this.#refresh();
  }

  disconnectedCallback() {
    this.#listening?.abort();
    this.conversation.stop();
  }

  /** Open the chat and put the focus into it; closing gives the focus back to `from`. */
  open({ from = null } = {}) {
    this.#opener = from ?? this.#opener ?? this.launcher;
    this.#show(true);
    // On a touch screen the field would raise the keyboard over what there is to read.
    const target = matchMedia("(pointer: coarse)").matches ? this.panel : this.composer.field;
    target.focus();
  }

  close() {
    this.#show(false);
    const back = this.#opener?.isConnected ? this.#opener : this.launcher;
    this.#opener = null;
    back.focus();
  }

  ask(text) {
    if (String(text).trim()) this.conversation.say(String(text).trim());
  }

  #build(language) {
    const { say } = this;
    const root = this.shadowRoot ?? this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    this.badge = make("span", { class: "badge", "aria-hidden": "true", hidden: true });
    this.launcher = make("button", { class: "launcher", type: "button", "aria-expanded": "false", "aria-controls": "panel" });
    this.launcher.append(icon(BUBBLE), make("span", { class: "ask" }, say("launcher")), this.badge);
    this.launcher.addEventListener("click", () => this.open());
    this.heading = make("h2", { id: "title" });
    this.person = make("button", { class: "person", type: "button" });
    this.person.addEventListener("click", () => this.#askForPerson());
    const close = make("button", { class: "close", type: "button", "aria-label": say("close") }, icon(CROSS));
    close.addEventListener("click", () => this.close());
    this.line = make("p", { class: "connection", role: "status" });
    this.place = make("p", { class: "place", role: "status" });
    this.save = make("button", { type: "button", class: "plain save", hidden: true, onclick: () => this.#save() }, say("save"));
    this.rating = new Rating({ say, send: (rating) => this.#rate(rating) });
    this.announcer = new Announcer();
    this.log = new Log({
      say,
      base: this.base,
      api: this.api,
      names: ({ author, name }) => name || (author === "bot" && this.business) || say(author),
      act: { tap: (button, item) => this.conversation.tap(button, item), retry: () => this.conversation.kick() },
    });
    this.composer = new Composer({ say, shelf: this.storage.tab, send: (text) => this.ask(text) });
    this.panel = make(
      "section",
      { id: "panel", class: "panel", role: "dialog", "aria-labelledby": "title", tabindex: "-1", hidden: true },
      make("div", { class: "head" }, this.heading, this.person, close),
      make("div", { class: "middle" }, this.log.box, this.log.more),
      this.place,
      this.line,
      this.composer.form,
      this.save,
    );
    root.append(make("div", { class: "root", lang: language }, this.panel, this.launcher, this.announcer.element));
  }

  #listen() {
    this.#listening?.abort();
    const { signal } = (this.#listening = new AbortController());
    const on = (target, name, does) => target.addEventListener(name, does, { signal });
    const { conversation } = this;
    on(this.composer.field, "input", () => conversation.typed());
    on(conversation, "item", ({ detail }) => this.#item(detail));
    on(conversation, "said", ({ detail }) => this.#announce(detail));
    on(conversation, "state", () => this.#refresh());
    on(conversation, "fresh", () => this.log.divide(this.say("fresh")));
    on(conversation, "refused", ({ detail }) => this.composer.giveBack(detail.text, detail.message));
    on(this.panel, "keydown", (event) => this.#key(event));
    on(this.panel, "click", (event) => this.#followed(event));
    on(globalThis, "online", () => conversation.kick());
    on(globalThis, "offline", () => conversation.lost());
    on(globalThis, "pageshow", (event) => event.persisted && conversation.kick());
    on(document, "visibilitychange", () => this.#looked());
    on(globalThis, "storage", () => this.#refresh());
    on(matchMedia(FULL_SCREEN), "change", () => this.#refresh());
    if (globalThis.visualViewport) on(visualViewport, "resize", () => this.#fit());
  }

  async #name(given) {
    const set = (name) => {
      this.business = name;
      this.heading.textContent = name || this.say("title");
      this.panel.setAttribute("aria-labelledby", "title");
    };
    set(given);
    if (given) return;
    try {
      set((await this.api.business()).name);
    } catch {
      // The general title does.
    }
  }

  #suggest(questions) {
    const ask = (question) => () => {
      this.ask(question);
      this.composer.field.focus();
    };
    const buttons = questions
      .map((question) => question.trim())
      .filter(Boolean)
      .map((question) => make("button", { type: "button", class: "choice", onclick: ask(question) }, question));
    this.log.intro.append(
      make("p", { class: "greeting" }, this.say("greeting")),
      make("div", { class: "choices", role: "group", "aria-label": this.say("suggestions") }, buttons),
    );
  }

  get #isOpen() {
    return !this.panel.hidden;
  }

  #show(open) {
    this.panel.hidden = !open;
    this.launcher.setAttribute("aria-expanded", String(open));
    if (open) this.storage.tab.write("open", true);
    else this.storage.tab.forget("open");
    if (open) {
      this.#fit();
      this.composer.grow();
      this.log.toEnd();
    }
    this.#refresh();
  }

  #item(item) {
    this.log.put(item);
    this.save.hidden = false;
    this.#refresh();
  }

  /** Each new message is spoken once, as plain words; while the chat is closed, only that there is one. */
  #announce(item) {
    if (!this.#isOpen) return this.announcer.tell(this.say("announceClosed", { count: this.conversation.unread() }));
    const who = this.log.names(item);
    const choices = item.buttons.map((button) => button.label).join(", ");
    const text = this.say("spoken", { who, text: plain(item.text, this.base) });
    this.announcer.tell(choices ? `${text} ${this.say("choicesSpoken", { choices })}` : text);
  }

  #refresh() {
    const { conversation, say } = this;
    if (this.#isOpen && document.visibilityState === "visible") conversation.markSeen();
    const count = conversation.unread();
    this.badge.hidden = count === 0;
    this.badge.textContent = count > 9 ? "9+" : String(count || "");
    if (count) this.launcher.setAttribute("aria-label", say("launcherUnread", { count }));
    else this.launcher.removeAttribute("aria-label");
    this.#countInTitle(count);
    this.panel.setAttribute("aria-modal", String(matchMedia(FULL_SCREEN).matches));
    this.classList.toggle("open", this.#isOpen);
    const words = { queue: "personWaiting", agent: "personHere" };
    this.person.textContent = say(words[conversation.owner] ?? "person");
    this.person.setAttribute("aria-disabled", String(conversation.owner in words));
    this.log.showTyping(conversation.answering);
    this.#ask(conversation.rating);
    const place = this.#placeInLine(conversation.queue);
    if (this.place.textContent !== place) this.place.textContent = place;
    this.#connection(conversation.connection);
  }

  #ask(episode) {
    if (!this.rating.ask(episode ?? null)) return;
    this.log.end(this.rating.element);
    if (this.#isOpen) this.announcer.tell(this.say("rate"));
  }

  async #rate(rating) {
    await this.conversation.rate(rating);
    this.composer.field.focus();
    if (!rating.score) return;
    this.log.divide(this.say("rated"));
    this.announcer.tell(this.say("rated"));
  }

  async #save() {
    try {
      const href = URL.createObjectURL(await this.conversation.transcript());
      make("a", { href, download: `${this.say("log")}.txt` }).click();
      setTimeout(() => URL.revokeObjectURL(href), 60_000);
    } catch {
      this.line.textContent = this.say("broken");
    }
  }

  #placeInLine(queue) {
    if (!queue) return "";
    const { place, wait_minutes: count, opens } = queue;
    const when = opens && new Date(opens).toLocaleString([], { weekday: "long", hour: "numeric", minute: "2-digit" });
    const wait = opens ? this.say("queueOpens", { when }) : count && this.say("queueWait", { count });
    return [this.say("queuePlace", { count: place }), wait].filter(Boolean).join(" ");
  }

  /** Short waits need no words. */
  #connection(state) {
    if (this.line.dataset.state === state) return;
    this.line.dataset.state = state;
    clearTimeout(this.lineTimer);
    const tell = () => (this.line.textContent = { live: "", none: "" }[state] ?? this.say(state));
    if (state === "connecting") this.lineTimer = setTimeout(tell, 1_000);
    else tell();
  }

  #countInTitle(count) {
    const bare = document.title.startsWith(this.#title) ? document.title.slice(this.#title.length) : document.title;
    this.#title = count ? `(${count}) ` : "";
    if (document.title !== this.#title + bare) document.title = this.#title + bare;
  }

  #askForPerson() {
    if (this.person.getAttribute("aria-disabled") === "true") return;
    this.ask(this.say("personAsk"));
    this.composer.field.focus();
  }

  #looked() {
    if (document.visibilityState === "visible") this.conversation.kick();
    this.#refresh();
  }

  #key(event) {
    if (event.key === "Escape" && !event.isComposing) {
      event.stopPropagation();
      this.close();
    } else if (event.key === "Tab" && matchMedia(FULL_SCREEN).matches) this.#stayInside(event);
  }

  /** In full screen the page behind cannot be seen, so Tab goes round inside. */
  #stayInside(event) {
    const all = [...this.panel.querySelectorAll("a, button, textarea, summary, [tabindex='0']")];
    const seen = all.filter((one) => one.checkVisibility?.() ?? one.offsetParent);
    const active = this.shadowRoot.activeElement;
    const [from, to] = event.shiftKey ? [seen[0], seen.at(-1)] : [seen.at(-1), seen[0]];
    if (active !== from && !(event.shiftKey && active === this.panel)) return;
    event.preventDefault();
    to.focus();
  }

  /** A link inside a full-screen chat leads to a page, so the chat makes room for it. */
  #followed(event) {
    const link = event.target.closest("a[href]");
    if (!link || link.target || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (matchMedia(FULL_SCREEN).matches) this.#show(false);
  }

  /** Keyboards on the screen take room from the panel. */
  #fit() {
    const { height = innerHeight, offsetTop = 0 } = globalThis.visualViewport ?? {};
    this.panel.style.setProperty("--room", `${Math.round(height)}px`);
    this.panel.style.setProperty("--top", `${Math.round(offsetTop)}px`);
  }
}

if (!customElements.get("plainly-chat")) customElements.define("plainly-chat", PlainlyChat);
