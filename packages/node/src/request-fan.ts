// Requests of one signal and class on their way to everyone who takes them: the bytes are made once, and let go by the last.
import type { DeliveryLane, LaneRequest, OtlpFormat } from "@tracebook/exporters";
import type { OtlpDelivery } from "./otlp-delivery.ts";

/** What takes requests: a lane, or all the lanes of a fan. */
export type RequestTaker = Pick<DeliveryLane, "push">;

/** All lanes of one signal and class. */
export interface RequestFan extends RequestTaker {
  /** True while there is no lane: then nothing need be made. */
  readonly isEmpty: boolean;
  /** The formats that lanes want, each once. */
  readonly formats: readonly OtlpFormat[];
  /** Adds a lane for requests of one format; returns how to take it away again. */
  add(lane: RequestTaker, format: OtlpFormat): () => void;
  /** Hands a request to each lane of its format. `release` is called when the last of them lets go, with true if all left it free. */
  push(request: LaneRequest): void;
}

/** The fans of a process. Evidence is the part of the logs that is lost last. */
export interface SignalFans {
  readonly traces: RequestFan;
  readonly logs: RequestFan;
  readonly evidence: RequestFan;
  readonly metrics: RequestFan;
}

/** Makes the fans, with the lanes of OTLP in them. */
export function createSignalFans({ traces, logs, metrics }: Pick<OtlpDelivery, "traces" | "logs" | "metrics">) {
  const fans: SignalFans = {
    traces: createRequestFan(),
    logs: createRequestFan(),
    evidence: createRequestFan(),
    metrics: createRequestFan(),
  };
  if (traces !== undefined) fans.traces.add(traces.lane, traces.format);
  if (logs !== undefined) fans.logs.add(logs.lane, logs.format);
  if (logs !== undefined) fans.evidence.add(logs.evidenceLane, logs.format);
  if (metrics !== undefined) fans.metrics.add(metrics.lane, metrics.format);
  return fans;
}

/** Makes a fan without lanes. */
export function createRequestFan(): RequestFan {
  return new Fan();
}

interface Blade {
  readonly lane: RequestTaker;
  readonly format: OtlpFormat;
}

class Fan implements RequestFan {
  #blades: readonly Blade[] = [];
  formats: readonly OtlpFormat[] = [];

  get isEmpty(): boolean {
    return this.#blades.length === 0;
  }

  add(lane: RequestTaker, format: OtlpFormat): () => void {
    const blade: Blade = { lane, format };
    this.#set([...this.#blades, blade]);
    return () => this.#set(this.#blades.filter((one) => one !== blade));
  }

  push(request: LaneRequest): void {
    const lanes = this.#blades.filter(({ format }) => format === request.format);
    const shared = lanes.length === 1 ? request : shareOut(request, lanes.length);
    for (const { lane } of lanes) lane.push(shared);
  }

  #set(blades: readonly Blade[]): void {
    this.#blades = blades;
    this.formats = [...new Set(blades.map(({ format }) => format))];
  }
}

/** The same request for several holders. */
function shareOut(request: LaneRequest, holders: number): LaneRequest {
  let left = holders;
  let isFree = true;
  const release = (isFreeThere: boolean): void => {
    isFree &&= isFreeThere;
    left--;
    if (left === 0) request.release?.(isFree);
  };
  return { ...request, release };
}
