// A TCP proxy with weather: what lies between a bot and its Collector, and goes wrong there.
import { createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { ProxyLink } from "./proxy-link.ts";
import type { Receiver } from "./receiver.ts";
import type { SeededRandom } from "./seeded-random.ts";
import { type Harm, RESET_WAYS, type ResetWay, type Weather } from "./weather.ts";

/** A running proxy. */
export interface TcpProxy extends Receiver {
  /** Changes the weather, for connections that are there as well. What hangs in them hangs on, unless the new weather resets it. */
  set(weather: Weather): Promise<void>;
  /** The most in any one second so far: requests that began and connections that were reset as they came; and of these the latter alone. */
  mostInOneSecond(): { readonly tries: number; readonly refused: number };
  /** How often each has been done. */
  harm(): Readonly<Partial<Record<Harm, number>>>;
}

/** Somebody else may have the port for a moment. */
const LISTEN_TRIES = 50;
const LISTEN_AGAIN_MS = 100;

/** Starts a proxy in front of a port of the loopback interface. */
export async function startTcpProxy(targetPort: number, random: SeededRandom): Promise<TcpProxy> {
  const proxy = new RunningProxy(targetPort, random);
  await proxy.listen();
  return proxy;
}

class RunningProxy implements TcpProxy {
  weather: Weather = { kind: "clear" };
  readonly random: SeededRandom;
  readonly #targetPort: number;
  readonly #links = new Set<ProxyLink>();
  readonly #seconds = new Map<number, { tries: number; refused: number }>();
  readonly #harm: Partial<Record<Harm, number>> = {};
  #server: Server | undefined;
  #port = 0;
  #resets = 0;

  constructor(targetPort: number, random: SeededRandom) {
    this.#targetPort = targetPort;
    this.random = random;
  }

  get url(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The same port each time: a Collector comes back where it was. */
  async listen(): Promise<void> {
    for (let tries = 1; ; tries++) {
      const server = createServer((client) => this.#take(client));
      const error = await new Promise<Error | undefined>((resolve) => {
        server.once("error", resolve);
        server.listen(this.#port, "127.0.0.1", () => resolve(undefined));
      });
      if (error !== undefined && tries === LISTEN_TRIES) throw error;
      if (error !== undefined) {
        await sleep(LISTEN_AGAIN_MS);
        continue;
      }
      this.#server = server;
      this.#port = (server.address() as { port: number }).port;
      return;
    }
  }

  async set(weather: Weather): Promise<void> {
    this.weather = weather;
    for (const link of this.#links) link.changed();
    if (weather.kind === "refusing") await this.#stopListening();
    else if (this.#server === undefined) await this.listen();
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

  nextReset(): ResetWay {
    return RESET_WAYS[this.#resets++ % RESET_WAYS.length]!;
  }

  harmed(how: Harm): void {
    this.#harm[how] = (this.#harm[how] ?? 0) + 1;
  }

  harm(): Partial<Record<Harm, number>> {
    return { ...this.#harm };
  }

  async close(): Promise<void> {
    for (const link of this.#links) link.reset();
    await this.#stopListening();
  }

  async #stopListening(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (server !== undefined) await new Promise<void>((resolve) => server.close(() => resolve()));
  }

  #take(client: Socket): void {
    const { kind } = this.weather;
    // Who came in before the port was closed, and is told only now.
    if (kind === "resetting" || kind === "refusing") {
      this.tried(true);
      this.harmed("refused");
      client.on("error", () => {}).resetAndDestroy();
      return;
    }
    const link = new ProxyLink(this, client, this.#targetPort, () => this.#links.delete(link));
    this.#links.add(link);
    link.changed();
  }
}
