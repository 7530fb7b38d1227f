// Cards of events that only their host knows: by what their fields say, or as the desk was told.
import type { Card, StoredEvent } from "../../api/client.ts";
import { titleText } from "../../format/name-text.ts";
import type { CardFact, EventCard } from "./event-card.ts";
import { cutText, type EventFields, textField, valueText } from "./field-text.ts";

const MAX_FACTS = 6;

/** A card without anybody having said how: the name in words, the sentence if there is one, the first fields. */
export function customCard({ event_type: type, severity_number: severity, data }: StoredEvent): EventCard {
  const sentence = SENTENCES.find((name) => textField(data, name) !== undefined);
  const { [sentence ?? ""]: _said, ...rest } = data;
  return {
    title: titleText(type),
    tone: severity >= 17 ? "error" : severity >= 13 ? "reject" : "neutral",
    icon: "circle-dot",
    text: sentence === undefined ? "" : (textField(data, sentence) ?? ""),
    facts: customFacts(rest),
  };
}

/** A card as the desk was told. */
export function configuredCard(event: StoredEvent, card: Card): EventCard {
  const plain = customCard(event);
  const { data } = event;
  return {
    title: card.title === "" ? plain.title : cutText(card.title, 60),
    tone: card.tone ?? "neutral",
    icon: card.icon ?? "circle-dot",
    text: card.text === undefined ? (card.fields === undefined ? plain.text : "") : filledText(card.text, data),
    facts:
      card.fields?.map((name) => ({ name: nameText(name), text: valueText(fieldAt(data, name)) })) ??
      (card.text === undefined ? plain.facts : []),
  };
}

/** The first fields: what is short before what is long. */
export function customFacts(data: EventFields): readonly CardFact[] {
  const named = Object.entries(data).filter(([, value]) => value !== null && value !== undefined && value !== "");
  const isPlain = ([, value]: readonly [string, unknown]) => typeof value !== "object";
  return [...named.filter(isPlain), ...named.filter((entry) => !isPlain(entry))]
    .slice(0, MAX_FACTS)
    .map(([name, value]) => ({ name: nameText(name), text: valueText(value) }));
}

/** Fields that tell in a sentence what the rest tells in numbers. */
const SENTENCES = ["message", "reason", "description", "text", "body", "unreadable"];

function filledText(template: string, data: EventFields): string {
  return cutText(template.replaceAll(/\{([^{}]{1,200})\}/g, (_whole, name: string) => valueText(fieldAt(data, name))));
}

/** A field by its name, or, with points, a field within a field. */
function fieldAt(data: EventFields, name: string): unknown {
  if (Object.hasOwn(data, name)) return data[name];
  let value: unknown = data;
  for (const part of name.split(".")) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, part)) return undefined;
    value = (value as EventFields)[part];
  }
  return value;
}

function nameText(name: string): string {
  return cutText(name.replaceAll("_", " "), 32);
}
