// Bodies as stock exporters send them, small and large, plain and packed: what an attack is measured against.
import { gzipSync } from "node:zlib";
import { createRequestMaker } from "./numbered-requests.ts";

/** A body with how it is sent. */
export interface HonestBody {
  readonly name: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const RUN = 0x7f00_4802;
const PROTOBUF = { "content-type": "application/x-protobuf" };
/** Items, and characters besides that each has: a batch of few, one of an exporter's default, one of a Collector, with data. */
const SIZES = [
  [20, 0],
  [512, 0],
  [200, 4_000],
] as const;

/** Makes them, once: they are sent again and again, as after answers that got lost. */
export function createHonestBodies(): readonly HonestBody[] {
  return SIZES.flatMap(([items, padding], i) => {
    const { body } = createRequestMaker({ run: RUN + i, items, padding }).next();
    const name = `${items} items of ${Math.round(body.byteLength / items)} bytes`;
    return [
      { name, headers: PROTOBUF, body },
      { name: `${name}, packed`, headers: { ...PROTOBUF, "content-encoding": "gzip" }, body: gzipSync(body) },
    ];
  });
}
