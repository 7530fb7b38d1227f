// The attributes of one item while it is read, and the objects that are made of them.
import type { EventData, JsonValue } from "../store-input.ts";
import { toIdText, toLabelText } from "./any-value.ts";
import type { AttributeName } from "./attribute-name.ts";
import { type MutableData, setDropped, setField } from "./data-object.ts";
import type { Cleaner } from "./otlp-options.ts";

/** What is kept of an item's attributes; the default of OpenTelemetry is 128. */
const MAX_ATTRIBUTES = 256;
const MAX_LABELS = 64;

/** Names and values in the order in which they came. Used again for each item. */
export class AttributeList {
  readonly names: AttributeName[] = [];
  readonly values: JsonValue[] = [];
  count = 0;
  /** How many are missing: left out here, or by the sender. */
  dropped = 0;

  clear(): void {
    this.count = 0;
    this.dropped = 0;
  }

  /** True when another one has no room; it is counted. */
  isFull(): boolean {
    if (this.count < MAX_ATTRIBUTES) return false;
    this.dropped++;
    return true;
  }

  add(name: AttributeName, value: JsonValue): void {
    this.names[this.count] = name;
    this.values[this.count++] = value;
  }

  /** The attributes under the names they came by. */
  toData(): EventData {
    const data: MutableData = {};
    for (let i = 0; i < this.count; i++) setField(data, this.names[i]!.text, this.values[i]!);
    setDropped(data, this.dropped);
    return data;
  }

  /** The same as texts, for the labels of a metric. */
  toLabels(cleaner: Cleaner): { readonly [label: string]: string } {
    const labels: { [label: string]: string } = {};
    const count = Math.min(this.count, MAX_LABELS);
    for (let i = 0; i < count; i++) setField(labels, this.names[i]!.text, toLabelText(this.values[i]!, cleaner));
    return labels;
  }

  /** The last attribute of that name as the text of an id; empty when there is none. */
  idText(name: string, cleaner: Cleaner): string {
    for (let i = this.count - 1; i >= 0; i--)
      if (this.names[i]!.text === name) return toIdText(this.values[i]!, cleaner);
    return "";
  }
}
