// One customer's conversation: what was said, what still waits to be sent, and who has it.
// Fires: item (added or changed), said (a new message from the other side), state, refused, fresh.
import { Link, Refused, pauseBefore } from "./link.js";
import { Outbox } from "./storage.js";

const EXPECT = 20_000;
// Somebody waits: shorter than for a connection nobody needs at the moment.
const MOST_PAUSE = 8_000;

export class Conversation extends EventTarget {
  items = new Map();
  owner = "bot";
  typing = false;
  queue = null;
  rating = null;
  connection = "none";
  #key = null;
  #era = 0;
  #last = 0;
  #known = 0;
  #expecting = 0;
  #retry = 0;
  #sending = false;
  #ended = 0;
  #typed = 0;

  /** `token()` is the page's word on who the customer is. */
  constructor(api, storage, token) {
    super();
    Object.assign(this, { api, storage, token });
    this.outbox = new Outbox(storage);
    this.link = new Link(api, {
      messages: (frame) => this.#merge(frame.messages),
      state: ({ owner, typing, queue, rating }) => this.#state({ owner, typing, queue, rating }),
      is: (connection) => this.#connected(connection),
      gone: (key) => this.#gone(key),
    });
  }

  /** Take up what this browser has: a conversation, and what it could not send. */
  start() {
    let key = this.storage.browser.read("conversation");
    // The next person at this computer must not see what the last one said.
    if (key && (key.who ?? "") !== subject(this.token())) {
      this.#forget("conversation", "outbox");
      this.outbox = new Outbox(this.storage);
      key = null;
    }
    this.outbox.all().forEach((entry) => this.#show(entry));
    if (key?.id && key.token) this.#take(key);
    this.#send();
    this.unwatch = this.storage.watch((name) => name === "conversation" && this.#otherTab());
  }

  stop() {
    this.unwatch?.();
    clearTimeout(this.#retry);
    this.link.stop();
  }

  say(text) {
    this.#add({ text });
  }

  /** Tap a button of a message. One of an earlier conversation is said in words. */
  tap(button, item) {
    this.#add(item.era === this.#era ? { button: button.id, text: button.label } : { text: button.label });
  }

  /** A good moment to try. */
  kick() {
    this.link.kick();
    this.#send();
  }

  /** The customer writes; who waits for that sees it. */
  typed() {
    if (this.owner !== "agent" || Date.now() < this.#typed) return;
    this.#typed = Date.now() + 3_000;
    this.link.typed();
  }

  lost() {
    this.link.lost();
    this.outbox.all().forEach(({ id }) => this.#mark(id, "waiting"));
  }

  async rate(rating) {
    try {
      await this.api.rate(this.#key, rating);
    } catch (problem) {
      // Nobody asks any more: answered in another tab.
      if (problem.status !== 409) throw problem;
    }
  }

  transcript() {
    return this.api.transcript(this.#key);
  }

  unread() {
    const seen = this.storage.browser.read("seen") ?? 0;
    return [...this.items.values()].filter((item) => item.era === this.#era && item.theirs && item.seq > seen).length;
  }

  markSeen() {
    if ((this.storage.browser.read("seen") ?? 0) >= this.#last) return;
    this.storage.browser.write("seen", this.#last);
  }

  #add(said) {
    const entry = { id: randomId(), at: Date.now(), ...said };
    this.outbox.add(entry);
    this.#show(entry);
    if (this.owner === "bot") this.#expect();
    this.link.kick();
    this.#send();
  }

  #show({ id, text, button, at }) {
    const created_at = new Date(at).toISOString();
    const kind = button ? "button" : "text";
    const item = { id, seq: Infinity, author: "customer", kind, text, created_at, delivery: "sending" };
    this.#put({ buttons: [], citations: [], receipt: null, ...item, era: this.#era, theirs: false });
  }

  #put(item) {
    this.items.set(item.id, item);
    this.#tell("item", item);
  }

  #mark(id, delivery) {
    const item = this.items.get(id);
    if (!item || item.delivery === delivery) return;
    item.delivery = delivery;
    this.#tell("item", item);
  }

  #merge(messages) {
    for (const message of messages) {
      if (message.seq <= this.#last) continue;
      this.#last = message.seq;
      const theirs = message.author !== "customer";
      if (theirs) this.#expect(false);
      else this.outbox.remove(message.id);
      const item = { ...message, era: this.#era, theirs, delivery: theirs ? null : "sent" };
      this.#put(item);
      if (theirs && message.seq > this.#known) this.#tell("said", item);
    }
    this.#known = Math.max(this.#known, this.#last);
    this.storage.browser.write("last", this.#last);
  }

  #expect(on = true) {
    clearTimeout(this.#expecting);
    this.#expecting = on ? setTimeout(() => this.#expect(false), EXPECT) : 0;
    this.#tell("state");
  }

  /** Whether an answer is on its way, as far as we know or hope. */
  get answering() {
    return this.typing || (this.#expecting !== 0 && this.owner === "bot");
  }

  #state(news) {
    Object.assign(this, news);
    this.#tell("state");
  }

  #connected(connection) {
    if (connection === this.connection) return;
    this.#state({ connection });
    if (connection === "live") this.#send();
  }

  #take(key) {
    this.#key = key;
    this.#last = 0;
    this.#known = this.storage.browser.read("last") ?? 0;
    this.link.start(key, () => this.#last);
  }

  #gone(key) {
    if (this.#key?.id !== key.id) return;
    this.#leave();
    if (this.storage.browser.read("conversation")?.id === key.id) this.storage.browser.forget("conversation");
    this.#tell("fresh");
    this.#send();
  }

  #leave() {
    this.link.stop();
    this.#key = null;
    this.#era += 1;
    this.#forget();
    this.#state({ owner: "bot", typing: false, queue: null, rating: null, connection: "none" });
    this.outbox.words().forEach((entry) => this.#show(entry));
  }

  #forget(...names) {
    ["last", "seen", ...names].forEach(this.storage.browser.forget);
  }

  #otherTab() {
    const key = this.storage.browser.read("conversation");
    if (!key || key.id === this.#key?.id) return;
    if (this.#key) this.#era += 1;
    this.#take(key);
  }

  async #send() {
    if (this.#sending) return;
    this.#sending = true;
    clearTimeout(this.#retry);
    try {
      for (let [entry] = this.outbox.all(); entry; [entry] = this.outbox.all()) await this.#deliver(entry);
    } catch (problem) {
      this.#later(problem);
    } finally {
      this.#sending = false;
    }
  }

  async #deliver(entry) {
    const key = this.#key ?? (await this.#open());
    const { id, text, button } = entry;
    this.#mark(id, "sending");
    try {
      const { seq } = await this.api.send(key, button ? { id, button } : { id, text });
      this.#ended = 0;
      this.outbox.remove(id);
      this.#acknowledge(id, seq);
      if (this.connection !== "live") this.link.kick();
    } catch (problem) {
      if (!(problem instanceof Refused)) throw problem;
      if (problem.gone) {
        this.#gone(key);
        // Never in a circle.
        if ((this.#ended += 1) > 2) throw problem;
      } else if (problem.status === 409) {
        this.outbox.remove(id);
        this.#drop(id);
        this.#add({ text, button, at: entry.at });
      } else if (problem.final) this.#refuse(entry, problem);
      else throw problem;
    }
  }

  #acknowledge(id, seq) {
    const item = this.items.get(id);
    if (!item || item.seq <= seq) return;
    this.#put({ ...item, seq, delivery: "sent" });
  }

  #refuse(entry, problem) {
    this.outbox.remove(entry.id);
    this.#drop(entry.id);
    this.#expect(false);
    this.#tell("refused", { text: entry.button ? "" : entry.text, message: problem.message });
  }

  #drop(id) {
    const item = this.items.get(id);
    this.items.delete(id);
    if (item) this.#tell("item", { ...item, dropped: true });
  }

  #later(problem) {
    const tries = this.outbox.tried();
    const offline = navigator.onLine === false;
    this.outbox.all().forEach(({ id }) => this.#mark(id, offline || tries < 4 ? "waiting" : "failed"));
    this.#expect(false);
    if (offline || !this.#key) this.#state({ connection: offline ? "offline" : "unreachable" });
    this.#retry = setTimeout(() => this.#send(), pauseBefore(tries, problem.seconds, MOST_PAUSE));
  }

  async #open() {
    const open = async () => {
      const kept = this.storage.browser.read("conversation");
      if (kept?.id && kept.token) return kept;
      const vouched = this.token();
      const { id, token } = await this.api.open(vouched);
      const key = { id, token, who: subject(vouched) };
      this.#forget();
      this.storage.browser.write("conversation", key);
      return key;
    };
    const key = await new Promise((done) => {
      // Held until other tabs can read what was kept.
      const held = () => new Promise((end) => done(open().finally(() => setTimeout(end, 500))));
      // Not every page may lock.
      (navigator.locks?.request(`${this.storage.prefix}open`, held) ?? held()).catch(held);
    });
    if (this.#key?.id !== key.id) this.#take(key);
    return key;
  }

  #tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail }));
  }
}

/** Whom a token names; whether that is true is for the gateway to say. */
function subject(token) {
  try {
    return JSON.parse(atob(token.split(".")[1].replace(/-/g, "+").replace(/_/g, "/"))).sub;
  } catch {
    return "";
  }
}

function randomId() {
  return [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
