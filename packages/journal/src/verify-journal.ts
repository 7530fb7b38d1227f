// Judges a journal: is it whole, is every line sound, does every edge add up?
import { basename, dirname } from "node:path";
import { RECORDS_DROPPED } from "./dropped-records.ts";
import { dayOfTimestamp, isDay } from "./journal-layout.ts";
import type { JournalRecord } from "./journal-record.ts";
import { readRecords } from "./read-journal.ts";
import { createReadReport, type ReadReport, type SkippedPart } from "./read-report.ts";
import type { ReadRecord } from "./record-merge.ts";
import { type InstanceResult, SeqAudit, toDeclaration } from "./seq-audit.ts";

/** What can be wrong with a journal. */
export type VerifyProblemCode =
  /** Numbers are missing and nothing says why. */
  | "gap"
  | "duplicate_seq"
  /** Bytes that are no record, and not just a line that a crash cut. */
  | "damage"
  | "wrong_id"
  | "wrong_timestamp"
  /** The record lies in the folder of another day. */
  | "wrong_day"
  /** A declaration of dropped records that makes no sense. */
  | "wrong_declaration"
  /** A decision that is neither ACCEPT nor REJECT, or has no reason code. */
  | "wrong_decision"
  /** The edge does not add up, or does not fit the decision. */
  | "wrong_edge";

/** One thing that is wrong. */
export interface VerifyProblem {
  readonly code: VerifyProblemCode;
  /** A sentence for people. */
  readonly message: string;
  readonly instanceId?: string;
  readonly seq?: number;
  readonly file?: string;
  readonly line?: number;
}

/** What {@link verifyJournal} found. */
export interface VerifyResult {
  /** True when there is no problem. Lines that a crash cut are no problem as long as no number is missing. */
  readonly clean: boolean;
  readonly records: number;
  readonly decisions: number;
  /** Records whose edge was checked. */
  readonly edges: number;
  readonly eventTypes: Readonly<Record<string, number>>;
  readonly instances: Readonly<Record<string, InstanceResult>>;
  /** Lines that break off, as a crash leaves them. */
  readonly torn: number;
  readonly problemCounts: Readonly<Partial<Record<VerifyProblemCode, number>>>;
  /** The first 1,000 in full; all are counted. */
  readonly problems: readonly VerifyProblem[];
  readonly report: ReadReport;
}

/** Options of {@link verifyJournal}. */
export interface VerifyOptions {
  /** Says what is wrong with the edge in the data of a decision; undefined: nothing. `checkEdge` of `@tracebook/decisions`. */
  readonly checkEdge?: (data: Readonly<Record<string, unknown>>) => string | undefined;
}

/**
 * Verifies a journal folder or file: `seq` complete per instance (drops declared), no damaged line, ids and timestamps well
 * formed, every edge exact. Throws `no_journal`; whatever the files hold is a problem in the result. Memory grows with the gaps,
 * not with the records.
 */
export async function verifyJournal(path: string, options: VerifyOptions = {}): Promise<VerifyResult> {
  const verifier = new Verifier(options);
  const report = createReadReport();
  for await (const record of await readRecords(path, { report }, (part) => verifier.skipped(part)))
    verifier.record(record);
  return verifier.result(report);
}

const MAX_PROBLEMS = 1_000;
const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;

class Verifier {
  readonly #checkEdge: VerifyOptions["checkEdge"];
  readonly #audits = new Map<string, SeqAudit>();
  readonly #eventTypes = new Map<string, number>();
  readonly #counts = new Map<VerifyProblemCode, number>();
  readonly #problems: VerifyProblem[] = [];
  #records = 0;
  #decisions = 0;
  #edges = 0;
  #torn = 0;

  constructor(options: VerifyOptions) {
    this.#checkEdge = options.checkEdge;
  }

  skipped(part: SkippedPart): void {
    if (part.reason === "torn") {
      this.#torn++;
      return;
    }
    const { file, line, sizeBytes, reason } = part;
    this.#add({ code: "damage", message: `${sizeBytes} bytes are no record (${reason})`, file, line });
  }

  record(read: ReadRecord): void {
    const { value: record } = read;
    this.#records++;
    this.#eventTypes.set(record.event_type, (this.#eventTypes.get(record.event_type) ?? 0) + 1);
    this.#checkSeq(read);
    this.#checkHead(read);
    if (record.event_type === "decision") this.#checkDecision(read);
    if (record.event_type === "decision" || ("net_edge" in record.data && "gross_edge" in record.data))
      this.#checkEdgeOf(read);
  }

  result(report: ReadReport): VerifyResult {
    const instances: [string, InstanceResult][] = [];
    for (const [instanceId, audit] of this.#audits) {
      for (const { first, last, missing, declared } of audit.undeclared()) {
        const among = declared > 0 ? `, ${declared} more are declared as dropped` : "";
        const message = `${missing} of the numbers ${first} to ${last} are missing${among}`;
        this.#add({ code: "gap", message, instanceId, seq: first });
      }
      instances.push([instanceId, audit.result()]);
    }
    return {
      clean: this.#counts.size === 0,
      records: this.#records,
      decisions: this.#decisions,
      edges: this.#edges,
      eventTypes: Object.fromEntries(this.#eventTypes),
      instances: Object.fromEntries(instances),
      torn: this.#torn,
      problemCounts: Object.fromEntries(this.#counts),
      problems: this.#problems,
      report,
    };
  }

  #checkSeq(read: ReadRecord): void {
    const { seq, instance_id, event_type, data } = read.value;
    let audit = this.#audits.get(instance_id);
    if (audit === undefined) {
      audit = new SeqAudit();
      this.#audits.set(instance_id, audit);
    }
    const dropped = event_type === RECORDS_DROPPED ? toDeclaration(data) : undefined;
    if (event_type === RECORDS_DROPPED && dropped === undefined)
      this.#found("wrong_declaration", "the range of dropped records makes no sense", read);
    const { timestamp } = read.value;
    const stream = basename(read.file).startsWith("telemetry") ? "telemetry" : "events";
    const isNew =
      dropped === undefined ? audit.add(seq, stream, timestamp) : audit.declare(seq, stream, timestamp, dropped);
    if (!isNew) this.#found("duplicate_seq", `number ${seq} was there before`, read);
  }

  #checkHead(read: ReadRecord): void {
    const { trace_id, span_id, timestamp } = read.value;
    if (trace_id !== undefined && !TRACE_ID.test(trace_id))
      this.#found("wrong_id", "trace_id is not 32 hex digits", read);
    if (span_id !== undefined && !SPAN_ID.test(span_id)) this.#found("wrong_id", "span_id is not 16 hex digits", read);
    if (!TIMESTAMP.test(timestamp) || Number.isNaN(Date.parse(timestamp)))
      this.#found("wrong_timestamp", "the timestamp is not an instant with six digits and Z", read);
    else if (!isRightDay(read.file, read.value)) this.#found("wrong_day", "the folder is that of another day", read);
  }

  #checkDecision(read: ReadRecord): void {
    this.#decisions++;
    const { decision, reason_code } = read.value.data;
    if (decision !== "ACCEPT" && decision !== "REJECT")
      this.#found("wrong_decision", "the decision is neither ACCEPT nor REJECT", read);
    if (typeof reason_code !== "string" || reason_code === "")
      this.#found("wrong_decision", "the decision has no reason code", read);
  }

  #checkEdgeOf(read: ReadRecord): void {
    if (this.#checkEdge === undefined) return;
    this.#edges++;
    let problem: string | undefined;
    try {
      problem = this.#checkEdge(read.value.data);
    } catch {
      problem = "the edge cannot be read";
    }
    if (problem !== undefined) this.#found("wrong_edge", problem, read);
  }

  #found(code: VerifyProblemCode, message: string, read: ReadRecord): void {
    const { seq, instance_id: instanceId } = read.value;
    this.#add({ code, message, instanceId, seq, file: read.file, line: read.line });
  }

  #add(problem: VerifyProblem): void {
    this.#counts.set(problem.code, (this.#counts.get(problem.code) ?? 0) + 1);
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(problem);
  }
}

/** Only day folders say a day, and what retention wrote there says when it was removed. */
function isRightDay(file: string, record: JournalRecord): boolean {
  const day = basename(dirname(file));
  return !isDay(day) || basename(file) === "removed.jsonl" || day === dayOfTimestamp(record.timestamp);
}
