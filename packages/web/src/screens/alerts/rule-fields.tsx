// Fields of a rule: each says beside it what is wrong with it, and offers the nearest form that is not.
import { type ReactNode, useEffect, useId, useState } from "react";
import type { RuleProblem } from "../../api/client.ts";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Button } from "../../ui/button.tsx";
import { useRuleWriting } from "./rule-context.ts";
import { nearestValue, pairsText, parsePairs, valueAt } from "./rule-draft.ts";
import styles from "./rule-fields.module.css";

/** What all fields have. */
export interface RuleFieldProps {
  readonly path: string;
  readonly label: string;
  /** What is meant, in a few words. */
  readonly hint?: string;
  /** How many columns it takes; default one. */
  readonly width?: "two" | "all";
}

const MAX_OPTIONS = 200;
const MAX_OPTION = 200;

/** A text; with `options` those are offered, and others may be written. */
export function RuleText({
  options = [],
  isFirst,
  ...field
}: RuleFieldProps & { readonly options?: readonly string[]; readonly isFirst?: boolean }) {
  const { draft, write } = useRuleWriting();
  const list = useId();
  const value = valueAt(draft, field.path);
  return (
    <RuleField {...field}>
      {(described) => (
        <>
          <input
            {...described}
            value={textOf(value)}
            placeholder={field.hint}
            maxLength={2_000}
            spellCheck={false}
            autoComplete="off"
            list={options.length === 0 ? undefined : list}
            // biome-ignore lint/a11y/noAutofocus: whoever asked for a new rule begins with its name.
            autoFocus={isFirst}
            onFocus={({ target }) => isFirst === true && target.select()}
            onChange={({ target }) => write(field.path, target.value === "" ? undefined : target.value)}
          />
          {options.length > 0 && (
            <datalist id={list}>
              {options
                .filter((option) => option !== "" && option.length <= MAX_OPTION)
                .slice(0, MAX_OPTIONS)
                .map((option) => (
                  <option key={option} value={option} />
                ))}
            </datalist>
          )}
        </>
      )}
    </RuleField>
  );
}

/** A number; what is no number stays as it is written, for the server to say so. */
export function RuleNumber(field: RuleFieldProps) {
  const { draft, write } = useRuleWriting();
  const [text, setText] = useSteadyText(valueAt(draft, field.path), textOf, numberOf);
  return (
    <RuleField {...field}>
      {(described) => (
        <input
          {...described}
          value={text}
          placeholder={field.hint}
          maxLength={40}
          inputMode="decimal"
          autoComplete="off"
          onChange={({ target }) => {
            setText(target.value);
            write(field.path, numberOf(target.value));
          }}
        />
      )}
    </RuleField>
  );
}

/** Texts by name, as `service=api, region=eu`. */
export function RulePairs(field: RuleFieldProps) {
  const { draft, write } = useRuleWriting();
  const [text, setText] = useSteadyText(valueAt(draft, field.path), pairsText, parsePairs);
  return (
    <RuleField {...field}>
      {(described) => (
        <input
          {...described}
          value={text}
          placeholder={field.hint}
          spellCheck={false}
          autoComplete="off"
          onChange={({ target }) => {
            setText(target.value);
            write(field.path, parsePairs(target.value));
          }}
        />
      )}
    </RuleField>
  );
}

/** One of a few. */
export function RuleChoice({
  options,
  fallback,
  onChoose,
  ...field
}: RuleFieldProps & {
  readonly options: readonly { readonly value: string; readonly text?: string }[];
  /** What counts where nothing is written. */
  readonly fallback?: string;
  /** Default: writes it. */
  readonly onChoose?: (value: string) => void;
}) {
  const { draft, write } = useRuleWriting();
  const value = textOf(valueAt(draft, field.path) ?? fallback);
  const isKnown = options.some((option) => option.value === value);
  return (
    <RuleField {...field}>
      {(described) => (
        <select
          {...described}
          value={value}
          onChange={({ target }) => (onChoose ?? ((chosen) => write(field.path, chosen)))(target.value)}
        >
          {!isKnown && <option value={value}>{value.slice(0, 100)}</option>}
          {options.map((option) => (
            <option key={option.value} value={option.value}>
              {option.text ?? option.value}
            </option>
          ))}
        </select>
      )}
    </RuleField>
  );
}

interface Described {
  readonly id: string;
  readonly "aria-invalid": boolean;
  readonly "aria-describedby": string | undefined;
}

/** A label, what is written, and what is wrong with it. */
function RuleField({
  path,
  label,
  width,
  children,
}: RuleFieldProps & { readonly children: (described: Described) => ReactNode }) {
  const { problems } = useRuleWriting();
  const id = useId();
  const own = onePerPlace(problems.filter((problem) => isWithin(problem.path, path)));
  const isWrong = own.length > 0;
  return (
    <div className={styles.field} data-width={width} data-wrong={isWrong}>
      <label htmlFor={id}>{label}</label>
      {children({ id, "aria-invalid": isWrong, "aria-describedby": isWrong ? `${id}-problems` : undefined })}
      {isWrong && (
        <div id={`${id}-problems`} className={styles.problems}>
          {own.map((problem) => (
            <RuleProblemLine key={`${problem.path} ${problem.problem}`} problem={problem} />
          ))}
        </div>
      )}
    </div>
  );
}

/** What is wrong with a place at first; what is said after that follows from it, but for the nearest form. */
function onePerPlace(problems: readonly RuleProblem[]): readonly RuleProblem[] {
  return problems
    .filter(({ path }, at) => problems.findIndex((each) => each.path === path) === at)
    .map((first) => ({
      ...first,
      nearest: problems.find(({ path, nearest }) => path === first.path && nearest !== null)?.nearest ?? null,
    }));
}

/** What is wrong, and the nearest form that is not by one click; `withPath`: it does not stand beside its field. */
export function RuleProblemLine({ problem, withPath }: { readonly problem: RuleProblem; readonly withPath?: boolean }) {
  const { write } = useRuleWriting();
  const { path, problem: text, nearest } = problem;
  return (
    <p className={styles.problem}>
      <BreakableText text={withPath === true ? `${path === "" ? "The rule" : path} ${text}` : text} />
      {nearest !== null && path !== "" && (
        <Button onClick={() => write(path, nearestValue(nearest))}>Use {nearest.slice(0, 60)}</Button>
      )}
    </p>
  );
}

/** Whether a place is a field or within it. */
export function isWithin(path: string, field: string): boolean {
  return path === field || path.startsWith(`${field}.`);
}

/** What is being written, as long as it means the value; else the value as it is. */
function useSteadyText<T>(
  value: unknown,
  toText: (value: unknown) => string,
  parse: (text: string) => T,
): [string, (text: string) => void] {
  const [text, setText] = useState(() => toText(value));
  const meant = toText(parse(text));
  const is = toText(value);
  useEffect(() => {
    if (meant !== is) setText(is);
  }, [meant, is]);
  return [text, setText];
}

function numberOf(text: string): number | string | undefined {
  if (text.trim() === "") return undefined;
  const number = Number(text);
  return Number.isFinite(number) ? number : text;
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
