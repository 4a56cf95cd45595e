// Talks to the gateway. Every problem is a Refused with a code; a lost connection has the code "network".

const BASE = "/api/v1/desk";

export class Refused extends Error {
  constructor({ status = 0, code = "network", message = "", details = {}, seconds = 0 }) {
    super(message);
    Object.assign(this, { status, code, details, seconds });
  }

  /** Whether the same request may well succeed later. */
  get passing() {
    return this.status === 0 || this.status === 429 || this.status >= 500;
  }
}

export class Api {
  #csrf = "";
  #ended;

  /** `ended` is called when the sign-in is over. */
  constructor(ended) {
    this.#ended = ended;
  }

  get(path, given = {}) {
    const query = new URLSearchParams(Object.entries(given).filter(([, value]) => value != null));
    return this.#ask("GET", query.size ? `${path}?${query}` : path);
  }

  post(path, body = {}) {
    return this.#change("POST", path, body);
  }

  put(path, body) {
    return this.#change("PUT", path, body);
  }

  remove(path) {
    return this.#change("DELETE", path);
  }

  /** Who is signed in; keeps what changing requests must carry. */
  async me() {
    const me = await this.#ask("GET", "/me");
    this.#csrf = me.csrf;
    return me;
  }

  async #change(method, path, body) {
    try {
      return await this.#ask(method, path, body);
    } catch (problem) {
      if (problem.code !== "csrf") throw problem;
      // Signed in again in another tab: the session has a new token.
      await this.me();
      return this.#ask(method, path, body);
    }
  }

  async #ask(method, path, body) {
    const answer = await this.#fetch(method, path, body);
    if (answer.status === 204) return null;
    const read = await answer.json().catch(() => null);
    if (answer.ok && read !== null) return read;
    const error = read?.error ?? {};
    const seconds = Number(answer.headers.get("Retry-After")) || 0;
    const problem = new Refused({ status: answer.status, code: "http_error", ...error, seconds });
    if (answer.status === 401) this.#ended();
    throw problem;
  }

  async #fetch(method, path, body) {
    const headers = { Accept: "application/json" };
    if (method !== "GET") headers["X-CSRF"] = this.#csrf;
    if (body !== undefined) headers["Content-Type"] = "application/json";
    try {
      const signal = AbortSignal.timeout(20_000);
      return await fetch(BASE + path, { method, headers, body: body && JSON.stringify(body), signal });
    } catch {
      throw new Refused({});
    }
  }
}
