// Hands requests to a destination in the host's own process, and reads how that ended: it may throw, hang and answer nonsense.
import { context, ROOT_CONTEXT } from "@opentelemetry/api";
import { suppressTracing } from "@opentelemetry/core";
import type { OtlpRequest, OtlpSender, OtlpSignal, SendOutcome } from "@tracebook/exporters";
import { toOneLine } from "./config-masking.ts";
import type { TelemetryDestination } from "./telemetry-destination.ts";

/** What a sender is told once. */
export interface DestinationSenderOptions {
  readonly destination: TelemetryDestination;
  readonly signal: OtlpSignal;
  /** Takes secrets out of what an error says. */
  readonly redact: (text: string) => string;
  /** Hears how each request ended. */
  readonly onOutcome: (outcome: SendOutcome) => void;
  /** Milliseconds after which a call counts as failed. Default 30,000. */
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 30_000;
/** The codes of a store that is not to blame the request. */
const RETRYABLE: ReadonlySet<unknown> = new Set(["database_busy", "database_full", "store_overloaded", "store_failed"]);
/** So many calls may be without an answer, those given up among them: each may hold a copy of its request, and would for ever. */
const MAX_UNANSWERED = 8;
const MAX_MESSAGE_UNITS = 200;
/** What it does must not be traced: its spans would come back to it, in a request that is traced. */
const UNTRACED = suppressTracing(ROOT_CONTEXT);

/** Makes the sender of one lane. */
export function createDestinationSender(options: DestinationSenderOptions): OtlpSender {
  return new DestinationSender(options);
}

class DestinationSender implements OtlpSender {
  readonly destination: string;
  readonly #options: DestinationSenderOptions;
  readonly #timeoutMs: number;
  /** What ends the calls under way. */
  readonly #ends = new Set<(outcome: SendOutcome) => void>();
  #unanswered = 0;
  #isClosed = false;

  constructor(options: DestinationSenderOptions) {
    this.#options = options;
    this.#timeoutMs = options.timeoutMs ?? TIMEOUT_MS;
    this.destination = options.destination.name;
  }

  async send(request: OtlpRequest): Promise<SendOutcome> {
    const outcome = await this.#ask(request);
    this.#options.onOutcome(outcome);
    return outcome;
  }

  close(): void {
    this.#isClosed = true;
    for (const end of this.#ends) end(closed());
  }

  async #ask(request: OtlpRequest): Promise<SendOutcome> {
    if (this.#isClosed) return closed();
    if (this.#unanswered >= MAX_UNANSWERED)
      return retry("TIMEOUT", `${MAX_UNANSWERED} calls of take have had no answer`);
    const { promise, resolve } = Promise.withResolvers<SendOutcome>();
    const timeoutMs = this.#timeoutMs;
    const timer = setTimeout(() => resolve(retry("TIMEOUT", `no answer within ${timeoutMs} ms`)), timeoutMs).unref();
    this.#ends.add(resolve);
    this.#unanswered++;
    void this.#call(request).then((outcome) => {
      this.#unanswered--;
      resolve(outcome);
    });
    const outcome = await promise;
    clearTimeout(timer);
    this.#ends.delete(resolve);
    return outcome;
  }

  /** Never rejects; does not settle if the destination never answers. */
  async #call({ bytes, format, items }: OtlpRequest): Promise<SendOutcome> {
    const { destination, signal, redact } = this.#options;
    try {
      const result: unknown = await context.with(UNTRACED, () => destination.take(signal, bytes, format));
      return outcomeOfResult(result, items, redact);
    } catch (error) {
      return outcomeOfError(error, redact);
    }
  }
}

/** Stored, all but what it says was rejected. */
function outcomeOfResult(result: unknown, items: number, redact: (text: string) => string): SendOutcome {
  try {
    const { rejected, message } = (result ?? {}) as { rejected?: unknown; message?: unknown };
    if (!Number.isSafeInteger(rejected) || (rejected as number) <= 0) return { kind: "delivered", rejected: 0 };
    return { kind: "delivered", rejected: Math.min(rejected as number, items), message: toText(message, redact) };
  } catch {
    // An object that cannot be read says nothing about the request, which was taken.
    return { kind: "delivered", rejected: 0 };
  }
}

function outcomeOfError(error: unknown, redact: (text: string) => string): SendOutcome {
  try {
    const { code, message } = (error ?? {}) as { code?: unknown; message?: unknown };
    const isCode = typeof code === "string" && /^\w{1,64}$/.test(code);
    const failure = { code: isCode ? code : undefined, message: toText(message ?? error, redact) };
    if (RETRYABLE.has(code)) return { kind: "retry", failure };
    // What is no error says nothing about the request, either: it is worth few tries.
    return { kind: typeof message === "string" ? "rejected" : "server_error", failure };
  } catch {
    return { kind: "server_error", failure: { message: "the error cannot be read" } };
  }
}

function toText(message: unknown, redact: (text: string) => string): string {
  if (typeof message !== "string" || message === "") return "it gave no reason";
  const text = toOneLine(redact(message.slice(0, 4 * MAX_MESSAGE_UNITS)));
  return text.length > MAX_MESSAGE_UNITS ? `${text.slice(0, MAX_MESSAGE_UNITS - 3)}...` : text;
}

function retry(code: string, message: string): SendOutcome {
  return { kind: "retry", failure: { code, message } };
}

function closed(): SendOutcome {
  return retry("CLOSED", "it is no destination any more");
}
