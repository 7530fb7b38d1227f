// A TCP proxy with weather: what lies between a bot and its Collector, and goes wrong there.
import { connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { SeededRandom } from "./seeded-random.ts";

/** What happens to connections and bytes. */
export type Weather =
  | { readonly kind: "clear" }
  /** Connections are reset as they come, and those that are there. */
  | { readonly kind: "refusing" }
  /** Connections are taken, and nothing comes back. */
  | { readonly kind: "black_hole" }
  | { readonly kind: "slow"; readonly latencyMs: number; readonly bytesPerS: number }
  /** This share of requests ends in a reset: at once, in the middle of the body, or instead of the answer. */
  | { readonly kind: "resets"; readonly share: number }
  /** Every request is reset in the middle of its body. */
  | { readonly kind: "cut_bodies" }
  /** Every connection falls silent after a while, without a word to either side. */
  | { readonly kind: "half_open" };

/** A running proxy. */
export interface TcpProxy {
  /** Base URL. */
  readonly url: string;
  /** Changes the weather, for connections that are there as well. What hangs in them hangs on, unless the new weather resets it. */
  set(weather: Weather): void;
  /** The most in any one second so far: requests that began and connections that were refused; and of these the refused alone. */
  mostInOneSecond(): { readonly tries: number; readonly refused: number };
  close(): Promise<void>;
}

/** Longest life of a connection before it falls silent. */
const SILENT_AFTER_MS = 1_500;
const PIECES_PER_S = 10;
const REQUEST = Buffer.from("POST ");

/** Starts a proxy in front of a port of the loopback interface. */
export async function startTcpProxy(targetPort: number, random: SeededRandom): Promise<TcpProxy> {
  const proxy = new RunningProxy(targetPort, random);
  await proxy.listen();
  return proxy;
}

class RunningProxy implements TcpProxy {
  weather: Weather = { kind: "clear" };
  readonly random: SeededRandom;
  readonly #server: Server;
  readonly #targetPort: number;
  readonly #links = new Set<Link>();
  readonly #seconds = new Map<number, { tries: number; refused: number }>();
  #port = 0;

  constructor(targetPort: number, random: SeededRandom) {
    this.#targetPort = targetPort;
    this.random = random;
    this.#server = createServer((client) => this.#take(client));
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  listen(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.listen(0, "127.0.0.1", () => {
        this.#port = (this.#server.address() as { port: number }).port;
        resolve();
      });
    });
  }

  set(weather: Weather): void {
    this.weather = weather;
    for (const link of this.#links) link.changed();
  }

  tried(isRefused: boolean): void {
    const second = Math.floor(performance.now() / 1e3);
    const { tries, refused } = this.#seconds.get(second) ?? { tries: 0, refused: 0 };
    this.#seconds.set(second, { tries: tries + 1, refused: refused + (isRefused ? 1 : 0) });
  }

  mostInOneSecond(): { tries: number; refused: number } {
    const seconds = [...this.#seconds.values()];
    const most = (of: "tries" | "refused"): number => seconds.reduce((max, one) => Math.max(max, one[of]), 0);
    return { tries: most("tries"), refused: most("refused") };
  }

  close(): Promise<void> {
    for (const link of this.#links) link.reset();
    return new Promise((resolve) => this.#server.close(() => resolve()));
  }

  #take(client: Socket): void {
    if (this.weather.kind === "refusing") {
      this.tried(true);
      client.on("error", () => {}).resetAndDestroy();
      return;
    }
    const link = new Link(this, client, this.#targetPort, () => this.#links.delete(link));
    this.#links.add(link);
    link.changed();
  }
}

/** One connection. */
class Link {
  readonly #proxy: RunningProxy;
  readonly #client: Socket;
  readonly #server: Socket;
  #isSilent = false;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(proxy: RunningProxy, client: Socket, port: number, onOver: () => void) {
    this.#proxy = proxy;
    this.#client = client;
    this.#server = connect(port, "127.0.0.1");
    for (const [from, to] of [
      [client, this.#server],
      [this.#server, client],
    ] as const) {
      from.on("data", (chunk: Buffer) => void this.#pass(from, to, chunk));
      from.on("error", () => this.reset());
      from.on("end", () => {
        if (!this.#isSilent) to.end();
      });
      from.on("close", () => {
        clearTimeout(this.#timer);
        onOver();
      });
    }
  }

  changed(): void {
    const { kind } = this.#proxy.weather;
    if (kind === "refusing") this.reset();
    if (kind === "half_open")
      this.#timer ??= setTimeout(
        () => {
          this.#isSilent = true;
        },
        this.#proxy.random.between(1, SILENT_AFTER_MS),
      );
    else {
      clearTimeout(this.#timer);
      this.#timer = undefined;
    }
  }

  reset(): void {
    this.#isOver = true;
    this.#client.resetAndDestroy();
    this.#server.destroy();
  }

  async #pass(from: Socket, to: Socket, chunk: Buffer): Promise<void> {
    const isRequest = from === this.#client;
    const begins = isRequest && chunk.subarray(0, REQUEST.length).equals(REQUEST);
    if (begins) this.#proxy.tried(false);
    const { weather, random } = this.#proxy;
    if (weather.kind === "black_hole") this.#isSilent = true;
    if (this.#isSilent || this.#isOver) return;
    if (weather.kind === "cut_bodies" && begins) return this.#cut(to, chunk);
    if (weather.kind === "resets" && begins && random.next() < weather.share) {
      const how = random.between(1, 3);
      if (how === 1) return this.reset();
      if (how === 2) return this.#cut(to, chunk);
      // The request gets there; its answer never comes.
      to.once("data", () => this.reset());
    }
    if (weather.kind === "slow") return this.#trickle(from, to, chunk);
    if (!to.write(chunk)) {
      from.pause();
      to.once("drain", () => from.resume());
    }
  }

  #cut(to: Socket, chunk: Buffer): void {
    to.write(chunk.subarray(0, chunk.length >> 1), () => this.reset());
  }

  async #trickle(from: Socket, to: Socket, chunk: Buffer): Promise<void> {
    from.pause();
    const { weather } = this.#proxy;
    if (weather.kind === "slow") await sleep(weather.latencyMs);
    for (let at = 0; at < chunk.length && !this.#isOver && !to.destroyed; ) {
      const now = this.#proxy.weather;
      const size = now.kind === "slow" ? Math.ceil(now.bytesPerS / PIECES_PER_S) : chunk.length;
      to.write(chunk.subarray(at, at + size));
      at += size;
      if (now.kind === "slow") await sleep(1_000 / PIECES_PER_S);
    }
    from.resume();
  }
}
