// The customer API of the gateway.

const PATIENCE = 15_000;

/** The gateway answered, and said no. */
export class Refused extends Error {
  constructor(status, error, seconds) {
    super(error?.message || `The server answered ${status}.`);
    this.status = status;
    this.code = error?.code ?? "";
    this.seconds = seconds;
  }

  /** The conversation is not there any more, or was never ours. */
  get gone() {
    return this.status === 401 || this.status === 404;
  }

  /** The message itself cannot be taken; sending it again would not help. */
  get final() {
    return this.status === 413 || this.status === 422 || this.status === 400;
  }
}

/** Nobody answered, or something that is not the gateway did. */
export class Unreachable extends Error {}

export class Api {
  constructor(base) {
    this.base = base;
  }

  open() {
    return this.#call("POST", "/conversations");
  }

  send({ id, token }, message) {
    return this.#call("POST", `/conversations/${id}/messages`, { token, body: message });
  }

  read({ id, token }, after, { wait = 0, signal } = {}) {
    return this.#call("GET", `/conversations/${id}/messages?after=${after}&wait=${wait}`, {
      token,
      signal,
      patience: PATIENCE + wait * 1000,
    });
  }

  clause(policy, number) {
    return this.#call("GET", `/policies/${encodeURIComponent(policy)}/clauses/${encodeURIComponent(number)}`);
  }

  business() {
    return this.#call("GET", "/business");
  }

  live({ id }) {
    return new WebSocket(`${this.base.replace(/^http/, "ws")}/api/v1/conversations/${id}/live`);
  }

  async #call(method, path, { token, body, signal, patience = PATIENCE } = {}) {
    const late = AbortSignal.timeout(patience);
    const headers = { Accept: "application/json" };
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    let answer, data;
    try {
      answer = await fetch(`${this.base}/api/v1${path}`, {
        method,
        headers,
        body: body && JSON.stringify(body),
        signal: signal ? AbortSignal.any([signal, late]) : late,
        credentials: "omit",
        cache: "no-store",
      });
      data = await answer.json();
    } catch (problem) {
      if (!answer || answer.ok) throw new Unreachable(String(problem));
    }
    if (answer.ok) return data;
    throw new Refused(answer.status, data?.error, Number(answer.headers.get("Retry-After")) || 0);
  }
}
