// Requests for several lanes: each gets those of its format, and the bytes are let go once, by the last.
import type { LaneRequest, OtlpFormat } from "@tracebook/exporters";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createRequestFan, type RequestTaker } from "./request-fan.ts";

function collector(): RequestTaker & { readonly got: LaneRequest[] } {
  const got: LaneRequest[] = [];
  return { got, push: (request) => got.push(request) };
}

function requestOf(format: OtlpFormat, release?: (isFree: boolean) => void): LaneRequest {
  return { bytes: Uint8Array.of(1), format, items: 1, bornEpochMs: 0, ...(release === undefined ? {} : { release }) };
}

describe("a fan", () => {
  it("lets go once, when the last holder has, in whatever order they do; free exactly when all left it free", () => {
    const holders = fc.array(fc.record({ isFree: fc.boolean(), place: fc.integer() }), { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(holders, (plan) => {
        const fan = createRequestFan();
        const lanes = plan.map((one) => ({ ...one, ...collector() }));
        for (const lane of lanes) fan.add(lane, "protobuf");
        const released: boolean[] = [];
        fan.push(requestOf("protobuf", (isFree) => released.push(isFree)));
        const inTheirOrder = [...lanes].sort((a, b) => a.place - b.place);
        for (const [i, { got, isFree }] of inTheirOrder.entries()) {
          expect(released).toEqual([]);
          got[0]?.release?.(isFree);
          expect(released).toHaveLength(i === lanes.length - 1 ? 1 : 0);
        }
        expect(released).toEqual([plan.every(({ isFree }) => isFree)]);
      }),
    );
  });

  it("hands a lane what is of its format, from when it is added until it is taken away", () => {
    const fan = createRequestFan();
    expect([fan.isEmpty, fan.formats]).toEqual([true, []]);
    const [json, early, late] = [collector(), collector(), collector()];
    fan.add(json, "json");
    const remove = fan.add(early, "protobuf");
    expect([fan.isEmpty, fan.formats]).toEqual([false, ["json", "protobuf"]]);
    const requests = [requestOf("protobuf"), requestOf("json"), requestOf("protobuf")] as const;
    fan.push(requests[0]);
    fan.push(requests[1]);
    fan.add(late, "protobuf");
    remove();
    remove();
    fan.push(requests[2]);
    expect([json.got, early.got, late.got]).toEqual([[requests[1]], [requests[0]], [requests[2]]]);
    expect(fan.formats).toEqual(["json", "protobuf"]);
  });

  it("hands the request itself to a lane that is alone: nothing is made for it", () => {
    const fan = createRequestFan();
    const lane = collector();
    fan.add(lane, "protobuf");
    const request = requestOf("protobuf");
    fan.push(request);
    expect(lane.got[0]).toBe(request);
  });
});
