// What a card says of an event.
import type { Tone } from "../../ui/mark.tsx";

/** A value beside its name, as text with its unit. */
export interface CardFact {
  readonly name: string;
  readonly text: string;
}

/** A value held against a threshold. */
export interface CardMeter {
  readonly name: string;
  readonly value: string;
  readonly threshold: string;
  readonly unit: string;
  /** How the value stands to the threshold: `≥`, `<`. */
  readonly relation: string;
  readonly isMet: boolean;
}

/** What a card says. */
export interface EventCard {
  readonly title: string;
  readonly tone: Tone;
  /** The name of one of the page's icons. */
  readonly icon: string;
  /** What happened, in one line. */
  readonly text: string;
  readonly meter?: CardMeter | undefined;
  /** Further details, the most telling first. */
  readonly facts: readonly CardFact[];
}
