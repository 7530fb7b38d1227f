// The balance of a run: what was made, what has arrived, what waits, what was counted as lost, and what is missing unsaid.
import type { TelemetryHealth } from "@tracebook/node";
import { EVIDENCE_KINDS, LOG_KINDS } from "../bot/observer.ts";
import { type Check, check, type FaultFigures } from "../fault-case.ts";
import type { Arrivals } from "./item-ledger.ts";

/** One bot: all of a run. */
export interface MadeRun {
  readonly run: number;
  /** Numbers by kind. */
  readonly made: Readonly<Record<string, number>>;
  /** Its last word; undefined for one that was killed, or that does not tell. */
  readonly health: TelemetryHealth | undefined;
}

/** What drops are counted by. */
export type ItemClass = "spans" | "logs" | "evidence";

/** Of one class. */
export interface ClassBalance {
  accepted: number;
  delivered: number;
  dropped: number;
}

/** The balance. */
export interface Account
  extends Pick<
    FaultFigures,
    "accepted" | "delivered" | "spooled" | "dropped_by_reason" | "silent_loss" | "duplicates"
  > {
  readonly by_class: Readonly<Record<ItemClass, Readonly<ClassBalance>>>;
  /** Counted as lost, or as waiting, and yet there: as wrong as a loss that nobody counts. */
  readonly surplus: number;
  /** Arrivals that nobody made. */
  readonly invented: number;
  /** First arrivals after one that was made later. */
  readonly out_of_order: number;
  /** What has not arrived, by kind; kinds of which all has arrived are left out. */
  readonly missing: Readonly<Record<string, number>>;
}

/** Under what a loss stands in `health().dropped`; a flow has two spans. What no bot numbers (metrics, the journal's records) is no part of it. */
const DROPPED_AS: Readonly<Record<string, readonly [of: ItemClass, itemsEach: number]>> = {
  spans: ["spans", 1],
  flow: ["spans", 2],
  logs: ["logs", 1],
  evidence: ["evidence", 1],
};

/**
 * Draws the balance of some runs. `heir` is the last word of a process that has taken over what all of them had left on disk: then
 * what waits, waits there.
 */
export function drawAccount(runs: readonly MadeRun[], arrivals: Arrivals, heir?: TelemetryHealth): Account {
  const tally = new Tally();
  for (const one of runs) tally.addRun(one, arrivals[one.run] ?? {});
  const healths = runs.map(({ health }) => health);
  for (const health of [...healths, heir]) tally.addDropped(health);
  for (const health of heir === undefined ? healths : [heir]) tally.addWaiting(health);
  return tally.balance();
}

class Tally {
  readonly #classes: Record<ItemClass, ClassBalance> = { spans: noItems(), logs: noItems(), evidence: noItems() };
  readonly #waiting = { spans: 0, logs: 0 };
  readonly #dropped: Record<string, number> = {};
  readonly #missing: Record<string, number> = {};
  #duplicates = 0;
  #invented = 0;
  #outOfOrder = 0;

  addRun({ made }: MadeRun, arrivals: NonNullable<Arrivals[number]>): void {
    for (const [kind, arrived] of Object.entries(arrivals))
      this.#invented += made[kind] === undefined ? arrived.distinct : Math.max(0, arrived.upTo - made[kind]);
    for (const [kind, count] of Object.entries(made)) {
      const { distinct = 0, duplicates = 0, outOfOrder = 0 } = arrivals[kind] ?? {};
      const balance = this.#classes[classOf(kind)];
      balance.accepted += count;
      balance.delivered += distinct;
      this.#duplicates += duplicates;
      this.#outOfOrder += outOfOrder;
      if (count > distinct) this.#missing[kind] = (this.#missing[kind] ?? 0) + count - distinct;
    }
  }

  addDropped(health: TelemetryHealth | undefined): void {
    for (const [lost, [of, itemsEach]] of Object.entries(DROPPED_AS))
      for (const [reason, count] of Object.entries(health?.dropped[lost] ?? {})) {
        const key = `${lost}/${reason}`;
        this.#dropped[key] = (this.#dropped[key] ?? 0) + count * itemsEach;
        this.#classes[of].dropped += count * itemsEach;
      }
  }

  addWaiting(health: TelemetryHealth | undefined): void {
    const { traces, logs } = health ?? {};
    this.#waiting.spans += (traces?.spooled ?? 0) + (traces?.queued ?? 0);
    this.#waiting.logs += (logs?.spooled ?? 0) + (logs?.queued ?? 0);
  }

  balance(): Account {
    const sum = (key: keyof ClassBalance): number =>
      Object.values(this.#classes).reduce((total, one) => total + one[key], 0);
    const open = this.#open();
    return {
      accepted: sum("accepted"),
      delivered: sum("delivered"),
      spooled: this.#waiting.spans + this.#waiting.logs,
      dropped_by_reason: this.#dropped,
      silent_loss: open.reduce((total, count) => total + Math.max(0, count), 0),
      duplicates: this.#duplicates,
      by_class: this.#classes,
      surplus: open.reduce((total, count) => total + Math.max(0, -count), 0),
      invented: this.#invented,
      out_of_order: this.#outOfOrder,
      missing: this.#missing,
    };
  }

  /** What is missing of each class and is explained by nothing; less than nothing where more is explained than is missing. */
  #open(): number[] {
    const missing = (of: ItemClass): number => {
      const { accepted, delivered, dropped } = this.#classes[of];
      return accepted - delivered - dropped;
    };
    // What waits is told for all log records together.
    const [logs, evidence] = [missing("logs"), missing("evidence")];
    const waitingLogs = Math.min(Math.max(0, logs), this.#waiting.logs);
    return [missing("spans") - this.#waiting.spans, logs - waitingLogs, evidence - (this.#waiting.logs - waitingLogs)];
  }
}

function noItems(): ClassBalance {
  return { accepted: 0, delivered: 0, dropped: 0 };
}

function classOf(kind: string): ItemClass {
  if (EVIDENCE_KINDS.includes(kind)) return "evidence";
  return LOG_KINDS.includes(kind) ? "logs" : "spans";
}

/** Some balances as one; of none, an empty one. */
export function sumAccounts(accounts: readonly Account[]): Account {
  return accounts.reduce(plus, drawAccount([], {}));
}

/** Numbers are added, and what is in objects likewise. */
function plus<T extends object>(a: T, b: T): T {
  const sum: { [key: string]: unknown } = Object.fromEntries(Object.entries(a));
  for (const [key, value] of Object.entries(b)) {
    const before = sum[key];
    if (typeof value === "number") sum[key] = ((before as number | undefined) ?? 0) + value;
    else sum[key] = plus((before ?? {}) as object, value as object);
  }
  return sum as T;
}

/** The oracle C, and its other side: nothing is there that nobody made. */
export function conservationChecks(account: Account): Check[] {
  const { silent_loss, surplus, invented, by_class, spooled } = account;
  const isBalanced = silent_loss === 0 && surplus === 0;
  const found = { silent_loss, surplus, spooled, by_class };
  return [
    check("C: accepted = delivered + spooled + dropped, for spans, log records and evidence", isBalanced, found),
    check("nothing arrives that was not made", invented === 0, invented),
  ];
}

/** All that was counted as dropped. */
export function droppedOf({ dropped_by_reason }: Pick<FaultFigures, "dropped_by_reason">): number {
  return Object.values(dropped_by_reason).reduce((sum, count) => sum + count, 0);
}

/** Of all that was made, the share that has not arrived. */
export function lossOf({ accepted, delivered }: Pick<ClassBalance, "accepted" | "delivered">): number {
  return accepted === 0 ? 0 : (accepted - delivered) / accepted;
}
