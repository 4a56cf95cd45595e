// What the browser keeps for us; where keeping is forbidden, this page's memory stands in.

class Memory {
  #kept = new Map();
  getItem(key) {
    return this.#kept.get(key) ?? null;
  }
  setItem(key, value) {
    this.#kept.set(key, value);
  }
  removeItem(key) {
    this.#kept.delete(key);
  }
}

function allowed(kind) {
  try {
    const storage = globalThis[kind];
    storage.setItem("plainly:probe", "1");
    storage.removeItem("plainly:probe");
    return storage;
  } catch {
    return new Memory();
  }
}

/** Values by name, of one gateway: `browser` is shared by all tabs, `tab` ends with the tab. */
export class Storage {
  constructor(base) {
    this.prefix = `plainly:${base}:`;
    this.browser = this.#shelf(allowed("localStorage"));
    this.tab = this.#shelf(allowed("sessionStorage"));
  }

  #shelf(storage) {
    const full = new Memory();
    return {
      read: (name) => parse(full.getItem(name) ?? storage.getItem(this.prefix + name)),
      write: (name, value) => {
        const text = JSON.stringify(value);
        try {
          storage.setItem(this.prefix + name, text);
          full.removeItem(name);
        } catch {
          full.setItem(name, text);
        }
      },
      forget: (name) => {
        full.removeItem(name);
        storage.removeItem(this.prefix + name);
      },
    };
  }

  watch(then) {
    const listen = (event) => event.key?.startsWith(this.prefix) && then(event.key.slice(this.prefix.length));
    addEventListener("storage", listen);
    return () => removeEventListener("storage", listen);
  }
}

function parse(text) {
  try {
    return text === null ? null : JSON.parse(text);
  } catch {
    return null;
  }
}

/** What the customer said and the gateway has not taken yet. Kept in the browser: a reload loses nothing. */
export class Outbox {
  #tries = 0;
  // Of what two tabs keep at once, the browser may lose one: each remembers its own.
  #own = [];

  constructor(storage) {
    this.shelf = storage.browser;
  }

  /** Entries {id, at, text, button?}, the oldest first. */
  all() {
    const kept = this.shelf.read("outbox") ?? [];
    const lost = this.#own.filter(({ id }) => !kept.some((entry) => entry.id === id));
    return [...kept, ...lost].sort((one, other) => one.at - other.at);
  }

  add(entry) {
    this.#tries = 0;
    this.#own.push(entry);
    this.shelf.write("outbox", this.all());
  }

  remove(id) {
    this.#tries = 0;
    const all = this.all();
    const left = all.filter((entry) => entry.id !== id);
    this.#own = this.#own.filter((entry) => entry.id !== id);
    if (left.length !== all.length) this.shelf.write("outbox", left);
  }

  /** The entries as words: buttons belong to one conversation, words fit any. */
  words() {
    const entries = (this.#own = this.all().map(({ button, ...entry }) => entry));
    if (entries.length) this.shelf.write("outbox", entries);
    return entries;
  }

  tried() {
    return (this.#tries += 1);
  }
}
