// Requests in protobuf down to their items: the field numbers are the same for logs, traces and metrics (opentelemetry-proto 1.x).
import type { InputSource } from "../store-input.ts";
import { AttributeList } from "./attribute-list.ts";
import { type ItemGroup, toSource } from "./item-group.ts";
import type { OtlpSettings } from "./otlp-options.ts";
import { forEachMessage, peekMessages } from "./wire-messages.ts";
import type { WireReader } from "./wire-reader.ts";
import { readWireAttribute } from "./wire-value.ts";

/** Reads one item, which ends at `end`. */
export type WireItemReader = (reader: WireReader, end: number, group: ItemGroup) => void;

/** Export*ServiceRequest.resource_*; in it Resource* with its resource, and Scope* with its scope. */
const RESOURCES = 0x0a;
const RESOURCE = 0x0a;
const RESOURCE_ATTRIBUTES = 0x0a;
const SCOPES = 0x12;
const SCOPE = 0x0a;
const SCOPE_NAME = 0x0a;
const ITEMS = 0x12;

/** Reads the items of a request in their order. */
export function readWireRequest(reader: WireReader, settings: OtlpSettings, readItem: WireItemReader): void {
  const attributes = new AttributeList();
  forEachMessage(reader, reader.bytes.length, RESOURCES, (end) => {
    const source = peekSource(reader, end, attributes, settings);
    forEachMessage(reader, end, SCOPES, (scopeEnd) => {
      const group = { source, scope: peekScope(reader, scopeEnd) };
      forEachMessage(reader, scopeEnd, ITEMS, (itemEnd) => readItem(reader, itemEnd, group));
    });
  });
}

function peekSource(reader: WireReader, end: number, attributes: AttributeList, settings: OtlpSettings): InputSource {
  attributes.clear();
  peekMessages(reader, end, RESOURCE, (resourceEnd) =>
    forEachMessage(reader, resourceEnd, RESOURCE_ATTRIBUTES, (attributeEnd) =>
      readWireAttribute(reader, attributeEnd, attributes, settings.maxDepth),
    ),
  );
  return toSource(attributes, settings);
}

function peekScope(reader: WireReader, end: number): string {
  let name = "";
  peekMessages(reader, end, SCOPE, (scopeEnd) => {
    while (reader.at < scopeEnd) {
      const tag = reader.tag();
      if (tag === SCOPE_NAME) name = reader.text(scopeEnd);
      else reader.skip(tag, scopeEnd);
    }
  });
  return name;
}
