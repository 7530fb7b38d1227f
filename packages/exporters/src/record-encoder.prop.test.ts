// Event records as bytes: the same bytes as the stock serializer makes of the same records as objects.
import { ProtobufLogsSerializer } from "@opentelemetry/otlp-transformer";
import { type Clock, defineEvent, defineFlow, tradingEvents, withTraceId } from "@tracebook/core";
import type { EventRecord } from "@tracebook/core/extension";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { REDACTOR, RESOURCE, recordVerdict, withEngine } from "../test/kept-flows.ts";
import { buildLogRecord } from "./log-records.ts";
import { OtlpWriter } from "./otlp-writer.ts";
import { createRecordEncoder } from "./record-encoder.ts";

const anything = defineEvent<Record<string, unknown>>("encoder_anything");
const tick = defineFlow("tick", { stages: ["a"] });
const decimal = fc.integer({ min: -99_999, max: 99_999 }).map((n) => (n / 100).toFixed(2));
const payload = fc.dictionary(
  fc.string({ maxLength: 16 }),
  fc.oneof(fc.string({ unit: "binary", maxLength: 60 }), fc.double(), fc.integer(), fc.boolean(), fc.anything()),
  { maxKeys: 6 },
);
const scenario = fc.record({
  payload,
  netEdge: decimal,
  reason: fc.string({ unit: "binary", maxLength: 300 }),
  traced: fc.constantFrom("flow", "named", "none"),
  startMicros: fc.integer({ min: 0, max: 4_000_000_000_000_000 }),
});

describe("event records as OTLP bytes", () => {
  it("are, whatever they hold, the bytes that the stock serializer makes of their log records", () => {
    let clock: Clock;
    const options = {
      clock: { nowMs: () => 0, epochMicros: (ms: number) => clock.epochMicros(ms) },
      redactor: REDACTOR,
      resource: RESOURCE,
    };
    const encoder = createRecordEncoder(options);
    let seen = 0;
    fc.assert(
      fc.property(scenario, (one) => {
        clock = { nowMs: () => 0, epochMicros: (ms) => Math.round(one.startMicros + ms * 1000) };
        const compare = (record: EventRecord): void => {
          const writer = new OtlpWriter(Buffer.alloc(512), encoder.envelope.room);
          encoder.append(record, writer);
          const stock = ProtobufLogsSerializer.serializeRequest([buildLogRecord(record, options)]) as Uint8Array;
          expect(Buffer.from(encoder.envelope.wrap(writer)).toString("hex")).toBe(Buffer.from(stock).toString("hex"));
          seen++;
        };
        const emit = (): void => {
          anything.emit(one.payload);
          recordVerdict({ accepted: true, reasonCode: "accepted", reason: one.reason, netEdge: one.netEdge });
          tradingEvents.tradingHalted.emit({ reason: one.reason } as never);
        };
        withEngine(one.startMicros, { onRecord: compare }, () => {
          if (one.traced === "flow") tick.run({ symbol: "BTC/USDT", strategy: "basis" }, emit);
          else if (one.traced === "named") withTraceId(undefined, emit);
          else emit();
        });
      }),
      { numRuns: 400 },
    );
    expect(seen).toBe(1_200);
  });
});
