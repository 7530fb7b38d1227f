// Fields of a rule: a text, and one of a few.
import { useId } from "react";
import { useRuleWriting } from "./rule-context.ts";
import { plainText, valueAt } from "./rule-draft.ts";
import { RuleField, type RuleFieldProps } from "./rule-field.tsx";

const MAX_OPTIONS = 200;
const MAX_OPTION = 200;

/** A text; with `options` those are offered, and others may be written. */
export function RuleText({
  options = [],
  isFirst,
  onChange,
  ...field
}: RuleFieldProps & {
  readonly options?: readonly string[];
  readonly isFirst?: boolean;
  /** Default: writes it; undefined: the field is empty. */
  readonly onChange?: (text: string | undefined) => void;
}) {
  const { draft, write } = useRuleWriting();
  const list = useId();
  const value = valueAt(draft, field.path);
  const change = onChange ?? ((text) => write(field.path, text));
  return (
    <RuleField {...field}>
      {(described) => (
        <>
          <input
            {...described}
            value={plainText(value)}
            placeholder={field.hint}
            maxLength={2_000}
            spellCheck={false}
            autoComplete="off"
            list={options.length === 0 ? undefined : list}
            // biome-ignore lint/a11y/noAutofocus: whoever asked for a new rule begins with its name.
            autoFocus={isFirst}
            onFocus={({ target }) => isFirst === true && target.select()}
            onChange={({ target }) => change(target.value === "" ? undefined : target.value)}
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
  const value = plainText(valueAt(draft, field.path) ?? fallback);
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
