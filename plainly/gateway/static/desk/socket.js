// The one live connection. Frames are numbered; after a gap we ask for everything again.
import { pauseBefore } from "../widget/link.js";

const QUIET = 25_000;
const ECHO = 8_000;
const SLOWEST = 8_000;

/** Calls `frame(frame)` for each frame in order, and `is("connecting" | "live" | "lost" | "ended")`. */
export class Socket {
  #socket = null;
  #seq = null;
  #asking = false;
  #fails = 0;
  #patience = 0;
  #retry = 0;
  #stopped = false;

  constructor({ address, frame, is }) {
    Object.assign(this, { address, frame, is });
    addEventListener("online", () => this.kick());
    addEventListener("offline", () => this.#end());
    addEventListener("visibilitychange", () => document.hidden || this.kick());
  }

  start() {
    this.#stopped = false;
    this.#connect();
  }

  stop() {
    this.#stopped = true;
    clearTimeout(this.#retry);
    this.#socket?.close();
  }

  /** A good moment to try, or to see whether the connection still lives. */
  kick() {
    if (this.#stopped) return;
    if (this.#socket === null) this.#connect();
    else if (this.#socket.readyState === WebSocket.OPEN) this.#again();
  }

  /** Whether the frame went out; nothing is kept for later. */
  send(frame) {
    const open = this.#socket?.readyState === WebSocket.OPEN;
    if (open) this.#socket.send(JSON.stringify(frame));
    return open;
  }

  #connect() {
    clearTimeout(this.#retry);
    if (this.#socket || navigator.onLine === false) return;
    this.#seq = null;
    this.#asking = false;
    const socket = new WebSocket(this.address);
    this.#socket = socket;
    this.#wait(ECHO);
    socket.onmessage = ({ data }) => socket === this.#socket && this.#receive(data);
    socket.onclose = ({ code }) => socket === this.#socket && this.#end(code);
  }

  #receive(data) {
    this.#wait(QUIET);
    const frame = JSON.parse(data);
    if (frame.type === "hello") {
      this.#seq = frame.seq;
      this.#asking = false;
      this.#fails = 0;
      this.is("live");
    } else if (frame.type === "error") {
      return;
    } else if (this.#seq === null || frame.seq !== this.#seq + 1) {
      // One was missed: hello brings the whole picture, so this one may be dropped.
      this.#seq = null;
      if (!this.#asking) this.#again();
      return;
    } else {
      this.#seq = frame.seq;
    }
    this.frame(frame);
  }

  #again() {
    this.#asking = this.send({ type: "again" });
    if (this.#asking) this.#wait(ECHO);
  }

  /** Silence: first ask, then give up on this connection. */
  #wait(milliseconds) {
    clearTimeout(this.#patience);
    this.#patience = setTimeout(() => (milliseconds === QUIET ? this.#again() : this.#end()), milliseconds);
  }

  #end(code) {
    clearTimeout(this.#patience);
    const socket = this.#socket;
    this.#socket = null;
    if (socket) {
      socket.onmessage = socket.onclose = null;
      socket.close();
    }
    if (this.#stopped) return;
    this.is(code === 4401 ? "ended" : "lost");
    this.#fails += 1;
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => this.#connect(), pauseBefore(this.#fails, 0, SLOWEST));
  }
}
