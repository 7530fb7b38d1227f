// What the feed can be narrowed to: the events that everybody asks for, then every type there is.
import { titleText } from "../../format/name-text.ts";
import { shortCountText } from "../../format/number-text.ts";
import { EVENT_GROUPS } from "../../live/event-filter.ts";
import type { ChoiceGroup } from "../../ui/grouped-select.tsx";

/** A choice as parameters of the address. */
export interface TypeChoice {
  readonly type: string | undefined;
  readonly show: string | undefined;
}

/** The choices, by what the server has counted in the range; what is chosen is among them in any case. */
export function typeChoices(
  types: readonly { readonly value: string; readonly count: number }[],
  chosen: TypeChoice,
): readonly ChoiceGroup[] {
  // The API cannot be asked for events without a type.
  const named = types.filter(({ value }) => value !== "");
  const all = named.map(({ value, count }) => ({
    value: toValue({ type: value, show: undefined }),
    text: `${titleText(value)} (${shortCountText(count)})`,
  }));
  const value = toValue(chosen);
  const isKnown = value === "" || [...OFTEN, ...all].some((choice) => choice.value === value);
  return [
    { title: "Often", choices: OFTEN },
    { title: "In this range", choices: all },
    { title: "Chosen", choices: isKnown ? [] : [{ value, text: titleText(chosen.type ?? chosen.show ?? "") }] },
  ].filter(({ choices }) => choices.length > 0);
}

/** A choice as the value of a list. */
export function toValue({ type, show }: TypeChoice): string {
  if (type !== undefined && type !== "") return `type:${type}`;
  return show === undefined || show === "" ? "" : `show:${show}`;
}

/** The choice of a value. */
export function fromValue(value: string): TypeChoice {
  return {
    type: value.startsWith("type:") ? value.slice(5) : undefined,
    show: value.startsWith("show:") ? value.slice(5) : undefined,
  };
}

const OFTEN = [
  { value: "show:evidence", text: EVENT_GROUPS["evidence"]?.title ?? "" },
  { value: "type:scan_started", text: "Scans Started" },
  { value: "type:scan_completed", text: "Scans Completed" },
  { value: "type:signal_generated", text: "Signals Generated" },
  { value: "type:signal_rejected", text: "Signals Rejected" },
  { value: "show:errors", text: "Errors" },
];
