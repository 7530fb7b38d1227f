// Colours and limits. Blue, orange and dark red are told apart by people who do not tell green from red, and none of them stands
// alone: limits are dashed lines and said in the description, failures are dashed lines with their name in the legend.
import {
  type FieldColor,
  FieldColorModeId,
  MappingType,
  type ThresholdsConfig,
  ThresholdsMode,
  type ValueMapping,
} from "@grafana/grafana-foundation-sdk/dashboard";

/** What a colour means, the same on all dashboards. */
export const COLOURS = {
  good: "#5794F2",
  watch: "#FF9830",
  act: "#C4162A",
  /** For what is neither good nor bad. */
  plain: "#8AB8FF",
} as const;

/** From where on someone should look, and from where on someone should act; in the unit of the panel. */
export type Limits =
  | { readonly above: { readonly watch?: number; readonly act: number } }
  | { readonly below: { readonly watch?: number; readonly act: number } };

/** The steps of Grafana's thresholds; one colour where there are no limits. */
export function toThresholds(limits: Limits | undefined): ThresholdsConfig {
  const { good, watch: orange, act: red, plain } = COLOURS;
  const mode = ThresholdsMode.Absolute;
  if (limits === undefined) return { mode, steps: [{ value: null, color: plain }] };
  if ("above" in limits) {
    const { watch, act } = limits.above;
    const middle = watch === undefined ? [] : [{ value: watch, color: orange }];
    return { mode, steps: [{ value: null, color: good }, ...middle, { value: act, color: red }] };
  }
  // A step holds from its value on, so what is bad below a value is the step in front of it.
  const { watch, act } = limits.below;
  const rest = watch === undefined ? [] : [{ value: watch, color: good }];
  const from = { value: act, color: watch === undefined ? good : orange };
  return { mode, steps: [{ value: null, color: red }, from, ...rest] };
}

/** The limits in words, for the description. */
export function describeLimits(limits: Limits | undefined, format: (value: number) => string): string {
  if (limits === undefined) return "";
  const [side, { watch, act }] =
    "above" in limits ? (["from", limits.above] as const) : (["below", limits.below] as const);
  const red = `act (dark red) ${side} ${format(act)}`;
  return watch === undefined ? `Limits: ${red}.` : `Limits: watch (orange) ${side} ${format(watch)}, ${red}.`;
}

/** Numbers that read better as words: `{ 0: "none" }`. */
export function toMappings(words: Readonly<Record<string, string>> | undefined): ValueMapping[] {
  if (words === undefined) return [];
  const options = Object.fromEntries(Object.entries(words).map(([value, text], index) => [value, { text, index }]));
  return [{ type: MappingType.ValueToText, options }];
}

/** How lines and tiles get their colour: by limit where there is one to show, otherwise one for each name. */
export function colourBy(mode: "limits" | "name"): { build(): FieldColor } {
  const id = mode === "limits" ? FieldColorModeId.Thresholds : FieldColorModeId.PaletteClassicByName;
  return { build: () => ({ mode: id }) };
}
