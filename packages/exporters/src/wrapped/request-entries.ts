// What the export requests of all signals have in common: items by instrumentation scope, scopes by resource.
import type { Attributes } from "@opentelemetry/api";
import type { InstrumentationScope } from "@opentelemetry/core";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import { readKeyValue } from "./any-value.ts";
import { type MessageTable, WireReader } from "./wire-reader.ts";

/** An instrumentation scope with what the serializers write of it; the SDK's type knows of attributes for log records only. */
export interface DecodedScope extends InstrumentationScope {
  readonly attributes?: Attributes;
  readonly droppedAttributesCount?: number;
}

/** The items of one scope. */
export interface ScopeEntry<Item> {
  readonly scope: DecodedScope;
  readonly items: readonly Item[];
}

/** The scopes of one resource. Exporters group by the identity of these objects: there is one of each to an entry. */
export interface ResourceEntry<Item> {
  readonly resource: Resource;
  readonly scopes: readonly ScopeEntry<Item>[];
}

interface ScopeDraft {
  name: string;
  version: string;
  attributes: Attributes;
  droppedAttributesCount: number;
}
interface ScopeEntryDraft<Item> {
  scope: ScopeDraft;
  items: Item[];
  schemaUrl: string;
}
interface ResourceEntryDraft<Item> {
  attributes: Attributes;
  schemaUrl: string;
  scopes: ScopeEntry<Item>[];
}

// Field numbers: opentelemetry-proto 1.x, common/v1/common.proto and resource/v1/resource.proto.
const SCOPE: MessageTable<ScopeDraft> = {
  1: (scope, wire) => {
    scope.name = wire.string();
  },
  2: (scope, wire) => {
    scope.version = wire.string();
  },
  3: (scope, wire) => readKeyValue(scope.attributes, wire),
  4: (scope, wire) => {
    scope.droppedAttributesCount = wire.uint();
  },
};
const RESOURCE: MessageTable<Attributes> = { 1: readKeyValue };

/**
 * Makes the reader of a signal's requests from the table of its items and from what begins one. ResourceSpans, ResourceLogs and
 * ResourceMetrics have the same field numbers (opentelemetry-proto 1.x), and so have ScopeSpans, ScopeLogs and ScopeMetrics.
 */
export function defineRequestReader<Item>(
  table: MessageTable<Item>,
  begin: () => Item,
): (bytes: Uint8Array) => ResourceEntry<Item>[] {
  const scopeEntry: MessageTable<ScopeEntryDraft<Item>> = {
    1: (entry, wire) => wire.message(SCOPE, entry.scope),
    2: (entry, wire) => entry.items.push(wire.message(table, begin())),
    3: (entry, wire) => {
      entry.schemaUrl = wire.string();
    },
  };
  const resourceEntry: MessageTable<ResourceEntryDraft<Item>> = {
    1: (entry, wire) => wire.message(RESOURCE, entry.attributes),
    2: (entry, wire) => {
      const scope = { name: "", version: "", attributes: {}, droppedAttributesCount: 0 };
      entry.scopes.push(toScopeEntry(wire.message(scopeEntry, { scope, items: [], schemaUrl: "" })));
    },
    3: (entry, wire) => {
      entry.schemaUrl = wire.string();
    },
  };
  const request: MessageTable<ResourceEntry<Item>[]> = {
    1: (entries, wire) =>
      entries.push(toResourceEntry(wire.message(resourceEntry, { attributes: {}, schemaUrl: "", scopes: [] }))),
  };
  return (bytes) => new WireReader(bytes).fields(request, []);
}

function toScopeEntry<Item>({ scope, items, schemaUrl }: ScopeEntryDraft<Item>): ScopeEntry<Item> {
  const { name, version, attributes, droppedAttributesCount } = scope;
  return {
    scope: {
      name,
      ...(version === "" ? {} : { version }),
      ...(schemaUrl === "" ? {} : { schemaUrl }),
      ...(Object.keys(attributes).length === 0 ? {} : { attributes }),
      ...(droppedAttributesCount === 0 ? {} : { droppedAttributesCount }),
    },
    items,
  };
}

function toResourceEntry<Item>({ attributes, schemaUrl, scopes }: ResourceEntryDraft<Item>): ResourceEntry<Item> {
  // The SDK's resources assign what they are given, and so cannot hold this one; none that it made has it.
  if (Object.hasOwn(attributes, "__proto__")) Reflect.deleteProperty(attributes, "__proto__");
  return { resource: resourceFromAttributes(attributes as never, schemaUrl === "" ? {} : { schemaUrl }), scopes };
}
