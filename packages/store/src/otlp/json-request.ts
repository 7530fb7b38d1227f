// Requests in OTLP/JSON down to their items.
import { AttributeList } from "./attribute-list.ts";
import { type ItemGroup, toSource } from "./item-group.ts";
import { type JsonField, type JsonObject, type JsonReader, jsonField } from "./json-reader.ts";
import { readJsonAttributes } from "./json-value.ts";
import type { OtlpSettings } from "./otlp-options.ts";

/** Reads one item. */
export type JsonItemReader = (reader: JsonReader, item: JsonObject, group: ItemGroup) => void;

/** How the lists of a signal are called, from the outermost. */
export interface JsonLists {
  readonly resources: JsonField;
  readonly scopes: JsonField;
  readonly items: JsonField;
}

const RESOURCE = jsonField("resource");
const ATTRIBUTES = jsonField("attributes");
const SCOPE = jsonField("scope");
const NAME = jsonField("name");

/** Reads the items of a request in their order. */
export function readJsonRequest(
  reader: JsonReader,
  request: JsonObject,
  lists: JsonLists,
  settings: OtlpSettings,
  readItem: JsonItemReader,
): void {
  const attributes = new AttributeList();
  reader.forEach(request, lists.resources, (resource) => {
    attributes.clear();
    reader.in(resource, RESOURCE, (object) =>
      readJsonAttributes(reader, object, ATTRIBUTES, attributes, settings.maxDepth),
    );
    const source = toSource(attributes, settings);
    reader.forEach(resource, lists.scopes, (scoped) => {
      let scope = "";
      reader.in(scoped, SCOPE, (object) => {
        scope = reader.text(object, NAME);
      });
      reader.forEach(scoped, lists.items, (item) => readItem(reader, item, { source, scope }));
    });
  });
}
