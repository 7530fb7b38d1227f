// The sliders of a what-if: the threshold, each cost, each gate.
import { useMemo } from "react";
import { useParameters } from "../../url/search-parameters.ts";
import { AmountControl, type AmountMode } from "./amount-control.tsx";
import { middleOf, type RecordedAmounts, type RecordedThresholds, recordedText } from "./recorded-amounts.ts";
import { amountScale, FACTORS, shiftScale } from "./slider-scale.ts";
import {
  COST_LABELS,
  COST_NAMES,
  type CostName,
  gateParameter,
  parametersOf,
  type WhatIf,
  whatIfOf,
} from "./what-if-parameters.ts";

/** The what-if of the address. */
export function useWhatIf(): WhatIf {
  const [parameters] = useParameters();
  const text = parameters.toString();
  return useMemo(() => whatIfOf(new URLSearchParams(text)), [text]);
}

/** The controls. They write into the address and into nothing else. `unit`: undefined where there are no edges. */
export function WhatIfControls({
  unit,
  amounts,
  gates,
}: {
  readonly unit: string | undefined;
  readonly amounts: RecordedAmounts;
  readonly gates: readonly RecordedThresholds[];
}) {
  const whatIf = useWhatIf();
  return (
    <>
      {unit !== undefined && (
        <>
          <Threshold unit={unit} whatIf={whatIf} recorded={amounts.min_threshold} />
          {COST_NAMES.map((name) => (
            <Cost key={name} name={name} unit={unit} whatIf={whatIf} recorded={amounts[name]} />
          ))}
        </>
      )}
      {allGates(gates, whatIf).map((gate) => (
        <Gate key={gate.name} gate={gate} whatIf={whatIf} />
      ))}
    </>
  );
}

interface EdgePart {
  readonly unit: string;
  readonly whatIf: WhatIf;
  readonly recorded: readonly string[];
}

function Threshold({ unit, whatIf, recorded }: EdgePart) {
  const [, set] = useParameters();
  const modes = useMemo(
    (): readonly [AmountMode, AmountMode] => [
      { mode: "by", label: "move by", unit, scale: shiftScale(recorded), start: "0", isRelative: true },
      setMode(unit, recorded),
    ],
    [unit, recorded],
  );
  return (
    <AmountControl
      label="Threshold"
      recorded={recordedText(recorded, unit)}
      setting={whatIf.threshold}
      modes={modes}
      onChange={(setting) => set(parametersOf("min_threshold", setting), { replace: true })}
    />
  );
}

function Cost({ name, unit, whatIf, recorded }: EdgePart & { readonly name: CostName }) {
  const [, set] = useParameters();
  const modes = useMemo((): readonly [AmountMode, AmountMode] => {
    const times: AmountMode = {
      mode: "times",
      label: "times",
      unit: "×",
      scale: FACTORS,
      start: "1",
      isRelative: true,
    };
    return [times, setMode(unit, recorded)];
  }, [unit, recorded]);
  return (
    <AmountControl
      label={COST_LABELS[name]}
      recorded={recordedText(recorded, unit)}
      setting={whatIf.costs[name]}
      modes={modes}
      onChange={(setting) => set(parametersOf(name, setting), { replace: true })}
    />
  );
}

const SIGNS: Readonly<Record<string, string>> = { ">=": "≥", "<=": "≤" };

function Gate({ gate, whatIf }: { readonly gate: RecordedThresholds; readonly whatIf: WhatIf }) {
  const [, set] = useParameters();
  const { name, comparison, thresholds } = gate;
  const modes = useMemo((): readonly [AmountMode] => [setMode("", thresholds)], [thresholds]);
  const given = whatIf.gates.find(([each]) => each === name)?.[1];
  return (
    <AmountControl
      label={`Gate ${name}`}
      recorded={`${SIGNS[comparison] ?? comparison} ${recordedText(thresholds, undefined)}`}
      setting={given === undefined ? undefined : { mode: "set", text: given }}
      modes={modes}
      onChange={(setting) => set({ [gateParameter(name)]: setting?.text }, { replace: true })}
    />
  );
}

function setMode(unit: string, recorded: readonly string[]): AmountMode {
  return {
    mode: "set",
    label: "set to",
    unit,
    scale: amountScale(recorded),
    start: middleOf(recorded),
    isRelative: false,
  };
}

/** Those of the record, and those of the address that are not among them: what is changed can be changed back. */
function allGates(recorded: readonly RecordedThresholds[], { gates }: WhatIf): readonly RecordedThresholds[] {
  const others = gates.filter(([name]) => recorded.every((gate) => gate.name !== name));
  return [...recorded, ...others.map(([name]) => ({ name, comparison: "", thresholds: [] }))];
}
