// What the customer said and the gateway has not taken yet. Kept in the browser: a reload loses nothing.

export class Outbox {
  #tries = 0;

  constructor(storage) {
    this.shelf = storage.browser;
  }

  /** Entries {id, at, text, button?}, the oldest first. */
  all() {
    return this.shelf.read("outbox") ?? [];
  }

  first() {
    return this.all()[0];
  }

  add(entry) {
    this.#tries = 0;
    this.shelf.write("outbox", [...this.all(), entry]);
  }

  remove(id) {
    this.#tries = 0;
    const all = this.all();
    const left = all.filter((entry) => entry.id !== id);
    if (left.length !== all.length) this.shelf.write("outbox", left);
  }

  /** Give an entry a new id; `before` is called in between. */
  rename(id, next, before) {
    const entry = { ...this.all().find((one) => one.id === id), id: next };
    this.remove(id);
    before();
    this.shelf.write("outbox", [entry, ...this.all()]);
    return entry;
  }

  /** The entries as words: buttons belong to one conversation, words fit any. */
  words() {
    const entries = this.all().map(({ button, ...entry }) => entry);
    if (entries.length) this.shelf.write("outbox", entries);
    return entries;
  }

  /** Count one more try in vain, and tell how many there were. */
  tried() {
    return (this.#tries += 1);
  }
}
