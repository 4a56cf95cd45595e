// Talks to the gateway: single calls, and a live socket or, where sockets do not get through, a long poll.
const HELLO = 8_000;
const QUIET = 25_000;
const ECHO = 8_000;
const POLL_SECONDS = 25;
const MOST_POLLS = 48;
const PAGE = 200; // what the gateway gives at a time

/** Milliseconds before try number `fails`, at random, so that a crowd does not return at once. */
export function pauseBefore(fails, seconds = 0, most = 30_000) {
  const span = Math.min(most, 1_000 * 1.7 ** Math.min(fails, 20));
  return Math.max(seconds * 1_000, 1_000 + Math.random() * (span - 1_000));
}

/** Calls `hooks`: messages(frame), state(frame), gone(), and is("connecting" | "live" | "offline" | "unreachable"). */
export class Link {
  #turn = 0;
  #polls = 4;
  #wake = () => {};
  #nudge = () => {};
  #cut = () => {};
  typed = () => {};

  constructor(api, hooks) {
    this.api = api;
    this.hooks = hooks;
  }

  start(key, after) {
    this.stop();
    this.#run(key, after, this.#turn);
  }

  stop() {
    this.#turn += 1;
    this.#cut();
    this.#wake();
  }

  /** Something says that now is a good time: look at once, or try at once. */
  kick() {
    this.#wake();
    this.#nudge();
  }

  lost() {
    this.#cut();
  }

  async #run(key, after, mine) {
    const current = () => mine === this.#turn;
    let fails = 0;
    let tell = "connecting";
    while (current()) {
      this.hooks.is(navigator.onLine === false ? "offline" : tell);
      let end = await this.#bySocket(key, after, current);
      if (current() && !end.worked && !end.gone) end = await this.#byPolling(key, after, current);
      if (!current()) return;
      if (end.gone) return this.hooks.gone(key);
      fails = end.worked ? 1 : fails + 1;
      tell = end.worked ? "connecting" : "unreachable";
      if (!end.again) {
        this.hooks.is(navigator.onLine === false ? "offline" : tell);
        await this.#pause(pauseBefore(fails, end.seconds));
      }
    }
  }

  #pause(milliseconds) {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }

  #bySocket(key, after, current) {
    return new Promise((resolve) => {
      const end = { worked: false, gone: false };
      let socket;
      try {
        socket = this.api.live(key);
      } catch {
        return resolve(end);
      }
      let patience = setTimeout(finish, HELLO);
      const ask = (extra = {}) => {
        if (socket.readyState !== WebSocket.OPEN) return;
        socket.send(JSON.stringify({ ...extra, after: after() }));
        clearTimeout(patience);
        patience = setTimeout(finish, ECHO);
      };

      function finish() {
        clearTimeout(patience);
        socket.onmessage = socket.onclose = socket.onopen = null;
        socket.close();
        resolve(end);
      }
      socket.onopen = () => ask({ token: key.token });
      socket.onclose = (event) => {
        end.gone ||= event.code === 4401;
        finish();
      };
      socket.onmessage = ({ data }) => {
        if (!current()) return finish();
        clearTimeout(patience);
        patience = setTimeout(ask, QUIET);
        this.#receive(JSON.parse(data), end);
      };
      this.#cut = finish;
      this.#nudge = ask;
      this.typed = () => socket.readyState === WebSocket.OPEN && socket.send('{"typing":true}');
    });
  }

  #receive(frame, end) {
    if (frame.type === "error") {
      end.gone ||= frame.error.code === "no_access";
      end.seconds = frame.error.details?.seconds;
      return;
    }
    end.worked = true;
    this.#polls = 4;
    this.hooks.is("live");
    if (frame.type === "messages") this.hooks.messages(frame);
    this.hooks.state(frame);
    if (frame.messages?.length >= PAGE) this.#nudge();
  }

  async #byPolling(key, after, current) {
    const end = { worked: false, gone: false };
    const control = new AbortController();
    this.#cut = () => control.abort();
    this.#nudge = () => {};
    try {
      for (let count = 0; current() && count < this.#polls; count += 1) {
        const frame = await this.api.read(key, after(), { wait: count ? POLL_SECONDS : 0, signal: control.signal });
        if (!current()) return end;
        end.worked = true;
        this.hooks.is("live");
        if (frame.messages.length) this.hooks.messages(frame);
        this.hooks.state(frame);
      }
      // Sockets may get through again; look for that less and less often.
      this.#polls = Math.min(MOST_POLLS, this.#polls * 2);
      end.again = true;
    } catch (problem) {
      end.gone = problem instanceof Refused && problem.gone;
      end.seconds = problem.seconds;
    }
    return end;
  }
}

const PATIENCE = 15_000;

/** The gateway answered, and said no. */
export class Refused extends Error {
  constructor(status, error, seconds) {
    super(error?.message || `The server answered ${status}.`);
    this.status = status;
    this.code = error?.code ?? "";
    this.seconds = seconds;
  }

  get gone() {
    return this.status === 401 || this.status === 404;
  }

  /** The message itself cannot be taken; sending it again would not help. */
  get final() {
    return this.status === 413 || this.status === 422 || this.status === 400;
  }
}

/** No answer, or not the gateway's. */
export class Unreachable extends Error {}

export class Api {
  constructor(base) {
    this.base = base;
  }

  /** A new conversation; when the page's token is not taken, of nobody known. */
  async open(token) {
    try {
      if (token) return await this.#call("POST", "/identity", { body: { token } });
    } catch (problem) {
      if (!(problem instanceof Refused) || problem.seconds) throw problem;
    }
    return this.#call("POST", "/conversations");
  }

  rate({ id, token }, body) {
    return this.#call("POST", `/conversations/${id}/rating`, { token, body, as: "blob" });
  }

  transcript({ id, token }) {
    return this.#call("GET", `/conversations/${id}/transcript`, { token, as: "blob" });
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

  async #call(method, path, { token, body, signal, patience = PATIENCE, as = "json" } = {}) {
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
      data = await answer[answer.ok ? as : "json"]();
    } catch (problem) {
      if (!answer || answer.ok) throw new Unreachable(String(problem));
    }
    if (answer.ok) return data;
    throw new Refused(answer.status, data?.error, Number(answer.headers.get("Retry-After")) || 0);
  }
}
