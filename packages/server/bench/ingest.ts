// OTLP/HTTP into a desk as fast as it takes it, and what is in its database afterwards.
import { statSync } from "node:fs";
import { join } from "node:path";
import { openMeasuredDesk } from "./desk.ts";
import { countKept } from "./kept-file.ts";
import type { Mix } from "./samples.ts";
import { type Prepared, type Sender, type SendReport, startSender } from "./sender.ts";

/** What is measured how. */
export interface IngestOptions {
  readonly seconds: number;
  /** For databases; gone afterwards. */
  readonly workDir: string;
  readonly say: (line: string) => void;
}

/** What came of one flood. */
export interface IngestFigures extends SendReport, Prepared {
  readonly mix: Mix;
  readonly isGzip: boolean;
  readonly senders: number;
  readonly batch: number;
  readonly itemsPerSecond: number;
  /** CPU of the desk's process, all threads, from the first request to the last answer. */
  readonly deskCpuMicrosPerItem: number;
  readonly deskMaxRssBytes: number;
  readonly senderCpuMicrosPerItem: number;
  readonly rows: number;
  readonly counted: number;
  readonly fileBytes: number;
  /** Sent = acknowledged = rows = counted. */
  readonly isConserved: boolean;
}

const BATCH = 512;
const SENDERS = 8;
const MIXES = ["events", "decisions", "spans"] as const;
/** Compressed bodies are made for a desk so fast: one that is faster runs out of them, and that is said. */
const GZIP_ITEMS_PER_S = 80_000;

/** Measures each mix, plain and compressed, each with a desk and a database of its own. */
export async function measureIngest(options: IngestOptions): Promise<readonly IngestFigures[]> {
  const sender = startSender();
  const all: IngestFigures[] = [];
  try {
    for (const mix of MIXES)
      for (const isGzip of [false, true]) all.push(await measureFlood(sender, mix, isGzip, options));
  } finally {
    await sender.end();
  }
  return all;
}

async function measureFlood(
  sender: Sender,
  mix: Mix,
  isGzip: boolean,
  { seconds, workDir, say }: IngestOptions,
): Promise<IngestFigures> {
  const name = `${mix}${isGzip ? ", gzip" : ""}`;
  say(`${name}: making bodies`);
  const gzipItems = isGzip ? Math.ceil(GZIP_ITEMS_PER_S * seconds) : undefined;
  const prepared = await sender.prepare({ mix, batch: BATCH, senders: SENDERS, gzipItems });
  const path = join(workDir, `ingest-${mix}${isGzip ? "-gzip" : ""}.db`);
  say(`${name}: ${SENDERS} senders for ${seconds} s`);
  const { report, deskCpuMicros, deskMaxRssBytes } = await flood(sender, path, seconds);
  const { rows, counted } = countKept(path, mix);
  const { sent, acknowledged } = report;
  return {
    mix,
    isGzip,
    senders: SENDERS,
    batch: BATCH,
    ...prepared,
    ...report,
    itemsPerSecond: acknowledged / report.seconds,
    deskCpuMicrosPerItem: deskCpuMicros / acknowledged,
    deskMaxRssBytes,
    senderCpuMicrosPerItem: report.cpuMicros / acknowledged,
    rows,
    counted,
    fileBytes: statSync(path).size,
    isConserved: report.wrong.length === 0 && sent === acknowledged && rows === acknowledged && counted === rows,
  };
}

/** Sends to a desk that is opened for it, and closed afterwards. */
async function flood(sender: Sender, path: string, seconds: number) {
  const desk = await openMeasuredDesk(path);
  try {
    const before = await desk.cost();
    const report = await sender.flood(desk.url, seconds);
    const after = await desk.cost();
    await desk.close();
    return { report, deskCpuMicros: after.cpuMicros - before.cpuMicros, deskMaxRssBytes: after.maxRssBytes };
  } finally {
    await desk.end();
  }
}
