// How the run went: the reports of its processes as one, for people and as JSON.
import type { TelemetryHealth } from "@tracebook/node";
import type { BackendReport } from "../backend/main.ts";
import type { BotReport } from "../bot/main.ts";
import type { WorldReport } from "../world/main.ts";

/** The reports a summary is made of. */
export interface Reports {
  readonly world: WorldReport;
  readonly backend: BackendReport;
  readonly bot: BotReport;
}

/** The summary, as `--json` prints it. */
export interface Summary {
  readonly alerts: WorldReport["alerts"];
  readonly updates: BotReport["counts"]["updates"];
  readonly requests: BotReport["counts"]["requests"];
  readonly decisions: { readonly accepted: number; readonly rejected: number };
  readonly orders: BackendReport["counts"]["orders"];
  /** Exact decimals in USD, by symbol. */
  readonly realised_pnl: Readonly<Record<string, string>>;
  /** Signals that were left in the queue. */
  readonly queue_depth: number | undefined;
  readonly spans_exported: number;
  /** What telemetry lost, by what and why; empty when nothing was. */
  readonly dropped: Readonly<Record<string, number>>;
}

/** Adds the processes up. */
export function summarize({ world, backend, bot }: Reports): Summary {
  const healths = [backend.telemetry, bot.telemetry];
  const { accepted, rejected, orders } = backend.counts;
  return {
    alerts: world.alerts,
    updates: bot.counts.updates,
    requests: bot.counts.requests,
    decisions: { accepted, rejected },
    orders,
    realised_pnl: backend.realisedPnl,
    queue_depth: backend.queueDepth,
    spans_exported: healths.reduce((sum, { traces }) => sum + (traces?.exported ?? 0), 0),
    dropped: Object.assign({}, ...healths.map(lossesOf)),
  };
}

/** The summary for people. */
export function describeSummary(summary: Summary): string {
  const { alerts, updates, requests, decisions, orders, realised_pnl: pnl, queue_depth: depth, dropped } = summary;
  const lines = [
    ["alerts", `${alerts.sent} sent: ${alerts.taken} taken, ${alerts.refused} refused, ${alerts.unheard} unheard`],
    [
      "chat",
      `${updates.message} messages, ${updates.callback_query} buttons; backend: ${requests.success} answers, ${requests.refused} refusals, ${requests.error} errors`,
    ],
    ["decisions", `${decisions.accepted} accepted, ${decisions.rejected} rejected`],
    ["orders", `${orders.filled} filled, ${orders.rejected} rejected, ${orders.failed} without a known end`],
    [
      "realised P&L",
      Object.entries(pnl)
        .map(([symbol, amount]) => `${symbol} ${toCents(amount)}`)
        .join(", ") || "none yet",
    ],
    ["queue", depth === undefined ? "unknown" : `${depth} left`],
    [
      "telemetry",
      `${summary.spans_exported} spans exported, dropped: ${
        Object.entries(dropped)
          .map((pair) => pair.join(" "))
          .join(", ") || "nothing"
      }`,
    ],
  ];
  return ["Summary", ...lines.map(([name = "", text]) => `  ${name.padEnd(13)} ${text}`)].join("\n");
}

function lossesOf({ dropped }: TelemetryHealth): Record<string, number> {
  const losses: Record<string, number> = {};
  for (const [what, reasons] of Object.entries(dropped))
    for (const [reason, count] of Object.entries(reasons)) losses[`${what}:${reason}`] = count;
  return losses;
}

function toCents(decimal: string): string {
  // For the eye only: the exact figure is in the summary's JSON.
  const [whole = "0", fraction = ""] = decimal.split(".");
  return `${whole}.${fraction.padEnd(2, "0").slice(0, 2)}`;
}
