// Keeps one conversation connected: a live socket, a long poll where sockets do not get through, and patience.
import { Refused } from "./api.js";

const HELLO = 8_000;
const QUIET = 25_000;
const ECHO = 8_000;
const POLL_SECONDS = 25;
const MOST_POLLS = 48;
const PAGE = 200; // what the gateway gives at a time

/** Milliseconds before try number `fails`: up to `most`, with full jitter, so that a crowd does not return at once. */
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

  constructor(api, hooks) {
    this.api = api;
    this.hooks = hooks;
  }

  /** Connect; `after()` gives the number of the last message we have. */
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

  /** The browser says that the network is gone. */
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
      // Sockets may get through again some time; look for that less and less often.
      this.#polls = Math.min(MOST_POLLS, this.#polls * 2);
      end.again = true;
    } catch (problem) {
      end.gone = problem instanceof Refused && problem.gone;
      end.seconds = problem.seconds;
    }
    return end;
  }
}
