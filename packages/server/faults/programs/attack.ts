// An attacker on the door of OTLP: hostile bodies, many at a time, and slow senders; counts what they are answered.
import { setMaxListeners } from "node:events";
import type { Agent } from "node:http";
import { createSeededRandom, type SeededRandom } from "../../../node/faults/harness/seeded-random.ts";
import { answerOrders } from "../desk/answer-orders.ts";
import { ask, createAgent } from "../load/ask.ts";
import { createHonestBodies, type HonestBody } from "../load/honest-bodies.ts";
import { createHostileBodies, type HostileBody, mutate } from "../load/hostile-bodies.ts";
import { createRequestMaker } from "../load/numbered-requests.ts";
import { dripBody, dripHead, type SlowEnd, sendWithoutEnd } from "../load/slow-socket.ts";

/** What an attacker is told: to get ready, to send each body once, to throw bodies for so long, to hold connections for so long. */
export type AttackOrder =
  | { readonly kind: "prepare" }
  | { readonly kind: "probe"; readonly url: string }
  | {
      readonly kind: "throw";
      readonly url: string;
      /** Those that a stock exporter sends, or of the hostile ones those that cost little, or that are as large as may be. */
      readonly which: "honest" | "cheap" | "giant";
      readonly forMs: number;
      readonly parallel: number;
      readonly seed: number;
    }
  | {
      readonly kind: "hold";
      readonly url: string;
      readonly forMs: number;
      readonly slow: number;
      readonly endless: number;
    };

/** How often what was answered how: by name, then by status; `cut` where the connection ended without an answer. */
export type AttackReport = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** The bodies, as they were made ready. */
export type PreparedBody = Pick<HostileBody, "name" | "answers" | "isGiant">;

/** Beside the bodies that are always the same: good ones with some bytes changed. */
const MUTATED = { name: "some bytes changed", answers: [200, 400] } as const;

/** So often a body is sent that is to be answered. */
const PROBES = 20;

let bodies: readonly HostileBody[] = [];
let honest: readonly HonestBody[] = [];

answerOrders<AttackOrder>((order) => {
  if (order.kind === "throw") return throwBodies(order);
  if (order.kind === "hold") return holdConnections(order);
  if (order.kind === "probe") return probe(order.url);
  bodies = createHostileBodies();
  honest = createHonestBodies();
  const prepared: PreparedBody[] = bodies.map(({ name, answers, isGiant }) => ({ name, answers, isGiant }));
  return [...prepared, { ...MUTATED, isGiant: false }];
});

class Tally {
  readonly counts: Record<string, Record<string, number>> = {};

  count(name: string, status: number): void {
    const of = this.counts[name] ?? {};
    const key = status === 0 ? "cut" : String(status);
    of[key] = (of[key] ?? 0) + 1;
    this.counts[name] = of;
  }
}

/** One after the other, so that none is refused for want of memory. */
async function probe(url: string): Promise<AttackReport> {
  const tally = new Tally();
  const agent = createAgent(1);
  for (const body of [...bodies, mutated(createSeededRandom(1))]) {
    let status = await send(url, body, agent);
    // Who is refused before the end of its body may be cut off before it sees the answer.
    for (let tries = 1; status === 0 && tries < PROBES; tries++) status = await send(url, body, agent);
    tally.count(body.name, status);
  }
  agent.destroy();
  return tally.counts;
}

async function throwBodies(order: Extract<AttackOrder, { kind: "throw" }>): Promise<AttackReport> {
  const { url, which, forMs, parallel, seed } = order;
  const over = AbortSignal.timeout(forMs);
  const tally = new Tally();
  const chosen = which === "honest" ? honest : bodies.filter((body) => body.isGiant === (which === "giant"));
  const random = createSeededRandom(seed);
  const work = async (from: number): Promise<void> => {
    const agent = createAgent(1);
    for (let next = from; !over.aborted; next++) {
      // All by turns; among those that cost little one more, which is another each time.
      const body = chosen[next % (chosen.length + (which === "cheap" ? 1 : 0))] ?? mutated(random);
      tally.count(body.name, await send(url, body, agent));
    }
    agent.destroy();
  };
  await Promise.all(Array.from({ length: parallel }, (_, i) => work(i)));
  return tally.counts;
}

type Sendable = HonestBody;

/** The status that it is answered with; 0 where the connection ended without an answer. */
async function send(url: string, { headers, body }: Sendable, agent: Agent): Promise<number> {
  const withLength = { ...headers, "content-length": String(body.byteLength) };
  const asked = { method: "POST", headers: withLength, body, agent } as const;
  const { status } = await ask(`${url}/v1/logs`, asked).catch(() => ({ status: 0 }));
  return status;
}

function mutated(random: SeededRandom): Sendable {
  const good = createRequestMaker({ run: random.between(1, 0xffff) }).next();
  return { ...MUTATED, headers: { "content-type": "application/x-protobuf" }, body: mutate(good.body, random) };
}

async function holdConnections(order: Extract<AttackOrder, { kind: "hold" }>): Promise<AttackReport> {
  const { url, forMs, slow, endless } = order;
  const over = AbortSignal.timeout(forMs);
  setMaxListeners(0, over);
  const port = Number(new URL(url).port);
  const tally = new Tally();
  const hold = async (name: string, send: (port: number, ended: AbortSignal) => SlowEnd): Promise<void> => {
    while (!over.aborted) {
      const status = await send(port, over);
      // Those that were ended from here were not ended by the desk.
      if (!over.aborted) tally.count(name, status);
    }
  };
  await Promise.all([
    ...Array.from({ length: slow }, (_, i) =>
      i % 2 === 0 ? hold("slow head", dripHead) : hold("slow body", dripBody),
    ),
    ...Array.from({ length: endless }, () => hold("chunks without end", sendWithoutEnd)),
  ]);
  return tally.counts;
}
