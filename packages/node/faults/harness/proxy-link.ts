// One connection through the proxy, and what its weather does to it.
import { connect, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import type { SeededRandom } from "./seeded-random.ts";
import type { Harm, ResetWay, Weather } from "./weather.ts";

/** What a connection sees of its proxy. */
export interface ProxyWeather {
  readonly weather: Weather;
  readonly random: SeededRandom;
  /** Hears of requests that begin. */
  tried(isRefused: boolean): void;
  /** How the next request is to be reset: each way in its turn, so that few requests see all of them. */
  nextReset(): ResetWay;
  harmed(how: Harm): void;
}

/** Longest life of a connection before it falls silent. */
const SILENT_AFTER_MS = 1_500;
const PIECES_PER_S = 10;
const REQUEST = Buffer.from("POST ");

/** A connection of a client, and the one that goes on to the target. */
export class ProxyLink {
  readonly #proxy: ProxyWeather;
  readonly #client: Socket;
  readonly #server: Socket;
  #isSilent = false;
  #isOver = false;
  #timer: NodeJS.Timeout | undefined;

  constructor(proxy: ProxyWeather, client: Socket, port: number, onOver: () => void) {
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

  /** The weather has changed. */
  changed(): void {
    const { kind } = this.#proxy.weather;
    if (kind === "refusing" || kind === "resetting") this.reset();
    if (kind === "half_open")
      this.#timer ??= setTimeout(() => this.#fallSilent(), this.#proxy.random.between(1, SILENT_AFTER_MS));
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
    if (weather.kind === "black_hole") this.#fallSilent();
    if (this.#isSilent || this.#isOver) return;
    if (weather.kind === "cut_bodies" && begins) return this.#cut(to, chunk);
    if (weather.kind === "resets" && begins && random.next() < weather.share) {
      const way = this.#proxy.nextReset();
      if (way === "reset") return this.#resetRequest();
      if (way === "cut_body") return this.#cut(to, chunk);
      // The request gets there; its answer never comes.
      to.prependOnceListener("data", () => {
        this.#proxy.harmed("lost_answer");
        this.reset();
      });
    }
    if (weather.kind === "slow") return this.#trickle(from, to, chunk);
    if (!to.write(chunk)) {
      from.pause();
      to.once("drain", () => from.resume());
    }
  }

  #resetRequest(): void {
    this.#proxy.harmed("reset");
    this.reset();
  }

  #cut(to: Socket, chunk: Buffer): void {
    this.#proxy.harmed("cut_body");
    to.write(chunk.subarray(0, chunk.length >> 1), () => this.reset());
  }

  #fallSilent(): void {
    if (!this.#isSilent) this.#proxy.harmed("silent");
    this.#isSilent = true;
  }

  async #trickle(from: Socket, to: Socket, chunk: Buffer): Promise<void> {
    this.#proxy.harmed("slowed");
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
