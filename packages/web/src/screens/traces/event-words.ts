// An event, or an event of a span, in one line of words: as its card says it everywhere on the page.
import type { Card, Span, StoredEvent } from "../../api/client.ts";
import { titleText } from "../../format/name-text.ts";
import { cardOf } from "../../live/cards/card-of.ts";
import { customFacts } from "../../live/cards/custom-card.ts";
import type { CardFact } from "../../live/cards/event-card.ts";
import { textField } from "../../live/cards/field-text.ts";
import type { Tone } from "../../ui/mark.tsx";

/** Cards that the desk was told, by event type. */
export type Cards = Readonly<Record<string, Card>>;

/** A line. */
export interface EventWords {
  readonly title: string;
  readonly tone: Tone;
  readonly line: string;
}

/** An event as its card has it. */
export function eventWords(event: StoredEvent, cards: Cards): EventWords {
  const { title, tone, text, facts } = cardOf(event, cards);
  return { title, tone, line: lineOf(text, facts) };
}

/** An event of a span, which has no card: an exception by its message, everything else by its first attributes. */
export function spanEventWords({ name, attributes }: Span["events"][number]): EventWords {
  const message = textField(attributes, "exception.message");
  return {
    title: name === "" ? "(no name)" : titleText(name),
    tone: name === "exception" ? "error" : "neutral",
    line: message ?? lineOf("", customFacts(attributes)),
  };
}

/** A value in full, as text. */
export function fullText(value: unknown): string {
  if (typeof value === "string") return value;
  return JSON.stringify(value) ?? String(value);
}

function lineOf(text: string, facts: readonly CardFact[]): string {
  return [text, ...facts.map(({ name, text: value }) => `${name} ${value}`)].filter((part) => part !== "").join(" · ");
}
