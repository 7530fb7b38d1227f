// Writes what a walk finds as JSON.
import type { JsonWriter } from "./json-writer.ts";
import type { ValueSink } from "./value-walk.ts";

/** Makes the sink that writes to `out`: commas, colons and brackets where they belong. */
export function createJsonValueSink(out: JsonWriter & { byte(code: number): void }): ValueSink {
  return {
    plain: (value) => (typeof value === "number" ? out.number(value) : out.raw(String(value))),
    text: (text) => out.plain(text),
    openList: () => out.byte(0x5b),
    closeList: () => out.byte(0x5d),
    openRecord: () => out.byte(0x7b),
    closeRecord: () => out.byte(0x7d),
    item: (index) => {
      if (index > 0) out.byte(0x2c);
    },
    name: (name, index) => {
      if (index > 0) out.byte(0x2c);
      out.plain(name);
      out.byte(0x3a);
    },
  };
}
