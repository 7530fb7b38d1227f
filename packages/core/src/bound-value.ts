// Turns whatever a host passes into plain JSON data within limits.
import type { Redactor } from "./redaction.ts";
import { toValueLimits, type ValueCounters, type ValueLimits } from "./value-limits.ts";
import { UNREADABLE, type ValueSink, walkValue } from "./value-walk.ts";

/** Data that survives JSON unchanged. */
export type JsonValue = null | boolean | number | string | JsonValue[] | { [name: string]: JsonValue };

/** What {@link boundValue} needs. */
export interface BoundOptions {
  /** Removes secrets; see {@link Redactor}. */
  readonly redactor: Redactor;
  /** Default: `VALUE_LIMITS`. */
  readonly limits?: Partial<ValueLimits>;
  /** Is counted up for every cut and every redaction. */
  readonly counters?: ValueCounters;
}

/**
 * Makes plain, redacted, bounded data of any value. Never throws for a value, whatever it does.
 *
 * `undefined` is null (and a property that is undefined is left out), bigint a decimal string, NaN and the infinities their names as strings,
 * -0 is 0, dates ISO text or null, maps objects, sets arrays, raw bytes `[N bytes]`, cycles `[circular]`, anything that throws `[unreadable]`,
 * containers beyond the depth `[depth]`; longer arrays end in the item `…[cut N]`, larger objects in the property `…`.
 * Cost: allocates the copy; bounded by `limits`, not by the value.
 */
export function boundValue(value: unknown, options: BoundOptions): JsonValue {
  const counters = options.counters ?? { truncated: 0, redacted: 0 };
  const limits = toValueLimits(options.limits);
  const builder = createBuilder();
  try {
    walkValue(value, builder.sink, { redactor: options.redactor, limits, counters }, limits.eventBytes);
    return builder.result();
  } catch {
    // The host's own stack was all but used up when it called.
    return UNREADABLE;
  }
}

/** A sink that builds objects. */
function createBuilder(): { readonly sink: ValueSink; result(): JsonValue } {
  const open: (JsonValue[] | { [name: string]: JsonValue })[] = [];
  let root: JsonValue = null;
  let nextName = "";
  const add = (value: JsonValue): void => {
    const parent = open.at(-1);
    if (parent === undefined) root = value;
    else if (Array.isArray(parent)) parent.push(value);
    else setOwn(parent, nextName, value);
  };
  const close = (): void => void open.pop();
  const sink: ValueSink = {
    plain: add,
    text: add,
    openList() {
      const list: JsonValue[] = [];
      add(list);
      open.push(list);
    },
    openRecord() {
      const record = {};
      add(record);
      open.push(record);
    },
    closeList: close,
    closeRecord: close,
    item() {},
    name(name) {
      nextName = name;
    },
  };
  return { sink, result: () => root };
}

/** `__proto__` is data here, as it is to JSON.parse. */
function setOwn(record: { [name: string]: JsonValue }, name: string, value: JsonValue): void {
  if (name === "__proto__")
    Object.defineProperty(record, name, { value, enumerable: true, configurable: true, writable: true });
  else record[name] = value;
}
