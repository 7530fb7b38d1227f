// The figures as tables.
import type { ApiFigures, QuestionFigures } from "./api.ts";
import type { IngestFigures } from "./ingest.ts";
import type { LiveFigures } from "./live.ts";
import type { LoadFigures } from "./load.ts";
import type { Machine } from "./machine.ts";
import type { ScrollFigures } from "./scrolling.ts";
import { number, textTable } from "./text-table.ts";
import type { TimeFigures } from "./times.ts";

const MIB = 2 ** 20;

/** One line. */
export function formatMachine(machine: Machine, load: readonly number[]): string {
  const { cpu, cores, memoryGib, os, node, sqlite, chromium } = machine;
  const browser = chromium ?? "no Chromium";
  return `${cpu} x ${cores}, ${memoryGib} GiB, ${os}; Node ${node}, SQLite ${sqlite}, ${browser}; load ${load.join(" ")}`;
}

/** A row for each mix. */
export function formatIngest(all: readonly IngestFigures[]): string {
  const head = [
    "OTLP in",
    "items/s",
    "slowest s",
    "B/item",
    "B on wire",
    "desk us",
    "sender us",
    "p50 ms",
    "p99 ms",
    "RSS MiB",
    "sent",
    "kept",
  ];
  const rows = all.map((one) => [
    `${one.mix}${one.isGzip ? ", gzip" : ""}`,
    number(one.itemsPerSecond),
    number(one.slowestSecond),
    number(one.itemBytes),
    number(one.wireBytes),
    number(one.deskCpuMicrosPerItem, 1),
    number(one.senderCpuMicrosPerItem, 1),
    number(one.answers?.p50Ms, 1),
    number(one.answers?.p99Ms, 1),
    number(one.deskMaxRssBytes / MIB),
    number(one.sent),
    one.isConserved ? "all" : "NOT ALL",
  ]);
  const [first] = all;
  const about = `${first?.senders} senders in one process, batches of ${first?.batch}; "us" is CPU for each item, of all threads`;
  return [about, textTable(head, rows), ...all.flatMap(ingestNotes)].join("\n");
}

function ingestNotes(one: IngestFigures): readonly string[] {
  const { sent, acknowledged, rows, counted, refused, unanswered, wrong, isConserved, ranOut, seconds } = one;
  const name = `  ${one.mix}${one.isGzip ? ", gzip" : ""}:`;
  return [
    ...(isConserved ? [] : [`${name} sent ${sent}, acknowledged ${acknowledged}, rows ${rows}, counted ${counted}`]),
    ...(refused > 0 ? [`${name} ${refused} requests were refused for a while and sent again`] : []),
    ...(unanswered > 0 ? [`${name} ${unanswered} requests had no answer and were sent again`] : []),
    ...wrong.map((what) => `${name} answered with ${what}`),
    ...(ranOut ? [`${name} the bodies were used up after ${seconds.toFixed(1)} s`] : []),
  ];
}

/** A row for each question. */
export function formatApi(figures: ApiFigures): string {
  const { stored, eventDataBytes, decisionDataBytes, eventFileBytes, fileBytes, questions, runs } = figures;
  const bytes = `mean data ${number(eventDataBytes)} and ${number(decisionDataBytes)} bytes`;
  const alone = eventFileBytes === undefined ? "" : `, ${number(eventFileBytes / MIB)} of them events and decisions`;
  const over = questions.filter(({ isOver }) => isOver);
  return [
    `${number(stored.events)} events, ${number(stored.decisions)} decisions, ${number(stored.spans)} spans, ${bytes}; file ${number(fileBytes / MIB)} MiB${alone}`,
    `each question ${runs} times over one connection, ranges within the month of the records; "!": 95 % take longer than is aimed at`,
    questionTable(
      "API, features 54 to 58",
      questions.filter(({ group }) => group === "api"),
    ),
    questionTable(
      "our own page",
      questions.filter(({ group }) => group === "page"),
    ),
    `${over.length} of ${questions.length} over their aim`,
  ].join("\n");
}

function questionTable(title: string, questions: readonly QuestionFigures[]): string {
  const rows = questions.map(({ name, p50Ms, p95Ms, maxMs, bytes, aimMs, isOver, failures }) => [
    name,
    number(p50Ms, 1),
    number(p95Ms, 1),
    number(maxMs, 1),
    number(bytes),
    isOver ? `! ${aimMs}` : "",
    Object.entries(failures)
      .map(([status, count]) => `${count} x ${status}`)
      .join(" "),
  ]);
  return textTable([title, "p50 ms", "p95 ms", "max ms", "bytes", "aim", "failed"], rows);
}

/** Latency, scrolling and memory. */
export function formatLive(figures: LiveFigures): string {
  const { latency, latencySeconds, eventsPerS, skipped, sending, stored, isConserved, heap } = figures;
  const time = (name: string, times: TimeFigures | undefined) => [
    name,
    number(times?.count),
    number(times?.p50Ms),
    number(times?.p95Ms),
    number(times?.p99Ms),
    number(times?.maxMs),
  ];
  const kept = `sent ${number(sending.sent)} (${number(sending.sent / sending.seconds)}/s), acknowledged ${number(sending.acknowledged)}, stored ${number(stored)}: ${isConserved ? "all kept" : "NOT ALL KEPT"}`;
  return [
    `${eventsPerS} events/s, half of them decisions, each with a row of its own; ${latencySeconds} s; ${number(skipped)} left out of the feed; ${kept}`,
    textTable(
      ["from happening to the DOM", "events", "p50 ms", "p95 ms", "p99 ms", "max ms"],
      [time("rows that were drawn", latency.drawnRows), time("all events", latency.allEvents)],
    ),
    scrollTable(figures),
    heap === undefined ? "heap: not watched" : formatHeap(heap),
  ].join("\n");
}

function scrollTable({ scrollWhileEventsCome, scrollWhenQuiet }: LiveFigures): string {
  const row = (name: string, one: ScrollFigures) => [
    name,
    number(one.rows),
    number(one.frames?.count),
    number(one.frames?.p50Ms, 1),
    number(one.frames?.p95Ms, 1),
    number(one.frames?.maxMs, 1),
    `${number(one.within33Ms, 1)} %`,
    number(one.longTasks),
    number(one.longestTaskMs),
    number(one.wheelTurns),
  ];
  return textTable(
    ["scrolled", "rows", "frames", "p50 ms", "p95 ms", "max ms", "<= 33 ms", "tasks > 50 ms", "longest", "wheel turns"],
    [row("while events come", scrollWhileEventsCome), row("with nothing coming", scrollWhenQuiet)],
  );
}

function formatHeap({ samples, bytesPerMinute, rows }: NonNullable<LiveFigures["heap"]>): string {
  const mib = samples.map(({ bytes }) => (bytes / MIB).toFixed(1));
  return `heap after garbage collection, every 30 s, a list of ${number(rows[0])} to ${number(rows[1])} rows, MiB: ${mib.join(" ")}; slope ${(bytesPerMinute / MIB).toFixed(2)} MiB/min`;
}

/** A row for each load. */
export function formatLoad(all: readonly LoadFigures[]): string {
  const head = ["first load", "requests", "of the page", "kB compressed", "kB unpacked", "API kB", "FCP ms", "LCP ms"];
  const rows = all.map((one, i) => [
    `run ${i + 1}`,
    number(one.requests),
    number(one.fileRequests),
    number(one.fileBytes / 1e3, 1),
    number(one.fileBytesUnpacked / 1e3, 1),
    number(one.apiBytes / 1e3, 1),
    number(one.fcpMs),
    number(one.lcpMs),
  ]);
  return textTable(head, rows);
}
