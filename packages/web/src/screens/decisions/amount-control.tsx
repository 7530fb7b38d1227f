// A slider and an exact field for one amount: as recorded until it is moved.
import { RotateCcw } from "lucide-react";
import { useId, useState } from "react";
import styles from "./amount-control.module.css";
import { isSameAmount, positionOf, type SliderScale, stepText, valueAt } from "./slider-scale.ts";
import { type AmountSetting, isAmount } from "./what-if-parameters.ts";

/** A way to change the amount. */
export interface AmountMode {
  readonly mode: AmountSetting["mode"];
  readonly label: string;
  readonly scale: SliderScale;
  /** What is behind the field: `bps`, `times`. */
  readonly unit: string;
  /** Where it stands before anything is changed. */
  readonly start: string;
  /** At the start nothing is changed: added 0, times 1. */
  readonly isRelative: boolean;
}

/** What a control shows. */
export interface AmountControlProps {
  readonly label: string;
  /** What is on the record, in words. */
  readonly recorded: string;
  readonly setting: AmountSetting | undefined;
  /** The first one is where it begins. */
  readonly modes: readonly [AmountMode, ...AmountMode[]];
  /** Undefined: as recorded. */
  readonly onChange: (setting: AmountSetting | undefined) => void;
}

/** The control. */
export function AmountControl({ label, recorded, setting, modes, onChange }: AmountControlProps) {
  const id = useId();
  const mode = modes.find((one) => one.mode === setting?.mode) ?? modes[0];
  const text = setting?.text ?? mode.start;
  const change = (value: string) => {
    const isNothing = mode.isRelative && isSameAmount(value, mode.start);
    onChange(isNothing ? undefined : { mode: mode.mode, text: value });
  };
  return (
    <fieldset className={styles.control} data-changed={setting !== undefined || undefined}>
      <legend id={id}>{label}</legend>
      <span className={styles.recorded} title={recorded}>
        {recorded}
      </span>
      <button
        type="button"
        className={styles.reset}
        aria-label={`${label}: as recorded`}
        title="As recorded"
        disabled={setting === undefined}
        onClick={() => onChange(undefined)}
      >
        <RotateCcw size={13} aria-hidden="true" />
      </button>
      <ModeChoice label={label} mode={mode} modes={modes} onChange={onChange} />
      <input
        type="range"
        className={styles.slider}
        aria-label={`${label}: ${mode.label}`}
        aria-valuetext={`${text} ${mode.unit}`}
        min={0}
        max={mode.scale.last}
        value={positionOf(mode.scale, text) ?? 0}
        onChange={(event) => change(valueAt(mode.scale, Number(event.target.value)))}
      />
      <AmountField
        label={`${label}: exact amount`}
        text={text}
        unit={mode.unit}
        scale={mode.scale}
        isPlaceholder={setting === undefined && !mode.isRelative}
        onChange={change}
      />
    </fieldset>
  );
}

function ModeChoice({
  label,
  mode,
  modes,
  onChange,
}: Pick<AmountControlProps, "label" | "modes" | "onChange"> & { readonly mode: AmountMode }) {
  if (modes.length === 1) return <span className={styles.mode}>{mode.label}</span>;
  const choose = (value: string) => {
    const chosen = modes.find((one) => one.mode === value);
    onChange(chosen === undefined || chosen.isRelative ? undefined : { mode: chosen.mode, text: chosen.start });
  };
  return (
    <select
      className={styles.mode}
      aria-label={`${label}: how it is changed`}
      value={mode.mode}
      onChange={(event) => choose(event.target.value)}
    >
      {modes.map((one) => (
        <option key={one.mode} value={one.mode}>
          {one.label}
        </option>
      ))}
    </select>
  );
}

/** Takes any decimal, on the slider's positions or between them; arrows go by exact steps. What is none is marked and not applied. */
function AmountField({
  label,
  text,
  unit,
  scale,
  isPlaceholder,
  onChange,
}: {
  readonly label: string;
  readonly text: string;
  readonly unit: string;
  readonly scale: SliderScale;
  readonly isPlaceholder: boolean;
  readonly onChange: (text: string) => void;
}) {
  const [draft, setDraft] = useState<string>();
  const shown = draft ?? (isPlaceholder ? "" : text);
  const isWrong = draft !== undefined && draft !== "" && !isAmount(draft);
  const take = (value: string) => {
    setDraft(value);
    if (isAmount(value)) onChange(value);
  };
  return (
    <span className={styles.field}>
      <input
        type="text"
        inputMode="decimal"
        aria-label={label}
        aria-invalid={isWrong}
        title={isWrong ? "A decimal of at most 28 digits, like 1.50 or -0.25" : undefined}
        value={shown}
        placeholder={text}
        spellCheck={false}
        autoComplete="off"
        onChange={(event) => take(event.target.value.trim().replace("\u2212", "-"))}
        onBlur={() => setDraft(undefined)}
        onKeyDown={(event) => {
          const steps = event.key === "ArrowUp" ? 1 : event.key === "ArrowDown" ? -1 : 0;
          if (steps === 0) return;
          event.preventDefault();
          setDraft(undefined);
          onChange(stepText(scale, text, steps));
        }}
      />
      <span>{unit}</span>
    </span>
  );
}
