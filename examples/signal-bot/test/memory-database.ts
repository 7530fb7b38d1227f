// The tables of the backend in memory, for tests of what works with them: the same promises, and failures on request.
import type { Database } from "../src/backend/database.ts";
import type { OrderReport } from "../src/backend/exchange-client.ts";
import type { Signal } from "../src/backend/signal.ts";

/** What a signal has come to. */
export interface MemorySignal {
  readonly alertId: string;
  outcome: string | undefined;
  order: { readonly clientOrderId: string; status: string; report?: OrderReport } | undefined;
}

type Calls = Pick<Database, "stateOf" | "setOutcome" | "addOrder" | "endOrder">;

/** The tables. */
export interface MemoryDatabase extends Calls {
  readonly signals: Map<string, MemorySignal>;
  /** The next call of that name fails: `before` it is carried out, or `after`, when only its answer is lost. */
  failNext(call: keyof Calls, when: "before" | "after", error?: Error): void;
}

/** Tables with one row for each signal that is given. */
export function createMemoryDatabase(given: readonly (readonly [string, Signal])[]): MemoryDatabase {
  const signals = new Map(
    given.map(([id, { alertId }]): [string, MemorySignal] => [id, { alertId, outcome: undefined, order: undefined }]),
  );
  const failures: { call: keyof Calls; when: "before" | "after"; error: Error }[] = [];
  const failing = async <T>(call: keyof Calls, run: () => T): Promise<T> => {
    const at = failures.findIndex((failure) => failure.call === call);
    const [failure] = at < 0 ? [] : failures.splice(at, 1);
    if (failure?.when === "before") throw failure.error;
    const result = run();
    if (failure !== undefined) throw failure.error;
    return result;
  };
  const row = (id: string): MemorySignal => {
    const known = signals.get(id);
    if (known === undefined) throw Object.assign(new Error("no such signal"), { code: "23503" });
    return known;
  };
  return {
    signals,
    failNext: (call, when, error = new Error("PostgreSQL is away")) => void failures.push({ call, when, error }),
    stateOf: (id, alertId) =>
      failing("stateOf", () => {
        const known = signals.get(id);
        if (known?.alertId !== alertId) return undefined;
        const { outcome, order } = known;
        if (order === undefined) return { outcome, order };
        const { clientOrderId, status, report } = order;
        const reasonCode = report?.reasonCode === undefined ? undefined : { reasonCode: report.reasonCode };
        return { outcome, order: { clientOrderId, status, ...reasonCode } };
      }),
    setOutcome: (id, outcome) =>
      failing("setOutcome", () => {
        row(id).outcome ??= outcome;
      }),
    addOrder: ({ signalId, clientOrderId }) =>
      failing("addOrder", () => {
        row(signalId).order = { clientOrderId, status: "requested" };
      }),
    endOrder: ({ signalId }, report) =>
      failing("endOrder", () => {
        const known = row(signalId);
        if (known.order?.status !== "requested") return;
        Object.assign(known.order, { status: report.status, report });
        known.outcome ??= report.reasonCode ?? "order_submitted";
      }),
  };
}
