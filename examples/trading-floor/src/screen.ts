/** What a person sees while it runs, and the summary at the end: calm, aligned, one block. */
import type { TraderReport } from "@tracebook-examples/basis-arbitrage/trader";
import type { Summary } from "./summary.ts";

const STAGE_NAMES: Readonly<Record<string, string>> = {
  ws_to_book_update: "frame to book",
  book_to_signal: "book to signal",
  signal_to_risk: "signal to risk",
  risk_to_send: "risk to send",
  end_to_end: "end to end",
};
const TOP_REASONS = 5;

/** A steady block on a terminal, a line now and then elsewhere. */
export interface Screen {
  update(report: TraderReport, telemetry: string, deskUrl: string | undefined): void;
  /** Leaves the block as it is, for whatever comes after it. */
  end(): void;
}

/** Makes the screen on `out`; `isQuiet` shows nothing at all. */
export function createScreen(out: NodeJS.WriteStream, isQuiet: boolean): Screen {
  let height = 0;
  let lastFrames = 0;
  let lastMs = performance.now();
  let rate = 0;
  let linesAtMs = 0;
  return {
    update(report, telemetry, deskUrl) {
      const now = performance.now();
      const measured = ((report.frames - lastFrames) / Math.max(1, now - lastMs)) * 1000;
      // Smoothed: a figure that jumps twice a second cannot be read.
      rate = rate === 0 ? measured : rate * 0.7 + measured * 0.3;
      lastFrames = report.frames;
      lastMs = now;
      if (isQuiet) return;
      if (!out.isTTY) {
        if (now - linesAtMs < 5_000) return;
        linesAtMs = now;
        out.write(`${statusLine(report, rate)}\n`);
        return;
      }
      const width = Math.max(40, out.columns ?? 100);
      const lines = block(report, rate, telemetry, deskUrl).map((line) => cut(line, width - 1));
      const up = height > 0 ? `\u001b[${height}A` : "";
      out.write(`${up}${lines.map((line) => `\u001b[2K${line}`).join("\n")}\n`);
      height = lines.length;
    },
    end() {
      height = 0;
    },
  };
}

function statusLine(report: TraderReport, rate: number): string {
  const top = topReasons(report, 2);
  return (
    `${rate.toFixed(0).padStart(6)} frames/s | ${report.decisions} decisions, ${report.accepted} accepted | ` +
    `${report.orders} orders, ${report.fills} fills | P&L ${money(report.pnl)} USDT | ${top}`
  );
}

function block(report: TraderReport, rate: number, telemetry: string, deskUrl: string | undefined): string[] {
  const lines = [
    `${rate.toFixed(0)} frames/s   ${grouped(report.frames)} frames   ${grouped(report.ticks)} ticks   books ${books(report)}`,
    `accepted ${grouped(report.accepted)}   rejected ${grouped(report.rejected)}   ${topReasons(report, TOP_REASONS)}`,
    `orders ${grouped(report.orders)}   fills ${grouped(report.fills)}   position ${report.position} BTC   paper P&L ${money(report.pnl)} USDT (fees ${money(report.fees)})`,
    "",
    ...stageTable(report),
    "",
    ...(deskUrl === undefined ? [] : [`desk       ${deskUrl}`]),
    `telemetry  ${telemetry.replace(/^tracebook: /, "")}`,
    `           ${grouped(report.telemetry.flows?.flowsKept ?? 0)} traces kept   ${grouped(report.telemetry.journal?.written ?? 0)} journal records   dropped ${drops(report)}`,
  ];
  return lines;
}

function stageTable(report: TraderReport): string[] {
  const rows = Object.entries(STAGE_NAMES).map(([stage, name]) => {
    const figures = report.stages[stage];
    const cells =
      figures === undefined
        ? ["", "", "", ""]
        : [figures.p50_ms, figures.p95_ms, figures.p99_ms, figures.max_ms].map(duration);
    return `  ${name.padEnd(16)}${cells.map((cell) => cell.padStart(11)).join("")}${String(figures?.count ?? 0).padStart(10)}`;
  });
  return [
    `  ${"stage".padEnd(16)}${["p50", "p95", "p99", "max"].map((name) => name.padStart(11)).join("")}${"count".padStart(10)}`,
    ...rows,
  ];
}

/** The summary for people. */
export function printSummary(out: NodeJS.WritableStream, summary: Summary): void {
  const clock = Object.entries(summary.clock).flatMap(([market, estimate]) =>
    estimate === undefined
      ? []
      : [
          `  clock, ${market.padEnd(8)} local clock ${signed(estimate.offsetMs)} ms against the venue's, give or take ${estimate.uncertaintyMs.toFixed(1)} ms; ${grouped(estimate.negativeLagCount)} messages arrived "before" they were sent`,
        ],
  );
  out.write(
    [
      "",
      "Summary",
      `  market          ${grouped(summary.frames)} frames, ${grouped(summary.ticks)} ticks; books ${books(summary)}`,
      `  decisions       ${grouped(summary.accepted)} accepted, ${grouped(summary.rejected)} rejected`,
      `  trading         ${grouped(summary.orders)} orders, ${grouped(summary.fills)} fills; paper P&L ${money(summary.pnl)} USDT after fees of ${money(summary.fees)}`,
      ...(summary.scanner === undefined
        ? []
        : [
            `  scanner         ${grouped(summary.scanner.scans)} scans, ${grouped(summary.scanner.generated)} signals generated, ${grouped(summary.scanner.rejected)} rejected, ${grouped(summary.scanner.errors)} errors`,
          ]),
      ...clock,
      "",
      "  How ticks ended",
      ...Object.entries(summary.outcomes).map(
        ([reason, count]) => `    ${reason.padEnd(24)}${grouped(count).padStart(10)}`,
      ),
      "",
      ...stageTable(summary as unknown as TraderReport),
      "",
      `  traces          ${grouped(summary.flows_kept)} kept, ${grouped(summary.spans_exported)} spans exported`,
      `  journal         ${grouped(summary.journal.records)} records in ${summary.journal.dir}`,
      `  dropped         ${
        Object.entries(summary.dropped)
          .map(([what, count]) => `${what} ${count}`)
          .join(", ") || "nothing"
      }`,
      ...(summary.desk === undefined
        ? []
        : [
            `  desk            ${grouped(summary.desk.written)} records in ${summary.desk.database}; look again with: npm run tracebook -- serve --db ${summary.desk.database}`,
          ]),
      `  run             ${summary.run_id}`,
      "",
    ].join("\n"),
  );
}

function books(report: Pick<TraderReport, "books">): string {
  return Object.entries(report.books)
    .map(
      ([market, book]) =>
        `${market} ${book.state === "ready" ? "in step" : "syncing"}${book.resyncs > 0 ? ` (${book.resyncs} resyncs)` : ""}`,
    )
    .join(", ");
}

function topReasons(report: Pick<TraderReport, "outcomes">, count: number): string {
  return Object.entries(report.outcomes)
    .filter(([reason]) => reason !== "no_book_change")
    .slice(0, count)
    .map(([reason, times]) => `${reason} ${grouped(times)}`)
    .join("   ");
}

function drops(report: TraderReport): string {
  const all = Object.entries(report.telemetry.dropped).flatMap(([lost, reasons]) =>
    Object.entries(reasons).map(([reason, count]) => `${count} ${lost} (${reason})`),
  );
  return all.join(", ") || "nothing";
}

function duration(ms: number): string {
  return ms < 1 ? `${(ms * 1000).toFixed(ms < 0.1 ? 1 : 0)} us` : `${ms.toFixed(ms < 100 ? 2 : 0)} ms`;
}

function money(decimal: string): string {
  // For the eye only: the exact figure is in the summary's JSON.
  const [whole = "0", fraction = ""] = decimal.split(".");
  return `${whole}.${fraction.padEnd(2, "0").slice(0, 2)}`;
}

function signed(ms: number): string {
  return `${ms < 0 ? "" : "+"}${ms.toFixed(1)}`;
}

function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 3)}...`;
}
