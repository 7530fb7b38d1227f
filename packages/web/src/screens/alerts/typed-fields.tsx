// Fields of a rule whose text means something else than a text: a number, labels, names.
import { useEffect, useState } from "react";
import { Button } from "../../ui/button.tsx";
import { exactNumber, namesText, parseNames, parseNumber } from "./draft-values.ts";
import { pairsText, parsePairs } from "./label-pairs.ts";
import { useRuleWriting } from "./rule-context.ts";
import { plainText, valueAt } from "./rule-draft.ts";
import { RuleField, type RuleFieldProps } from "./rule-field.tsx";
import styles from "./rule-fields.module.css";

/** A number; what is no number stays as it is written, for the server to say so. `isExact`: a decimal of any length stays what it is. */
export function RuleNumber({ isExact = false, ...field }: RuleFieldProps & { readonly isExact?: boolean }) {
  return <TypedInput {...field} toText={plainText} parse={isExact ? exactNumber : parseNumber} isNumber />;
}

/** Texts by name, as `service=api, region=eu`; `hasLists`: `symbol=BTC/USDT|ETH/USDT` is any of both. */
export function RulePairs({ hasLists = false, ...field }: RuleFieldProps & { readonly hasLists?: boolean }) {
  const [toText, parse] = hasLists ? LISTS : PAIRS;
  return <TypedInput {...field} toText={toText} parse={parse} />;
}

/** Names, as `symbol, venue`; those of `known` are taken and left by a click. */
export function RuleNames({ known, ...field }: RuleFieldProps & { readonly known: readonly string[] }) {
  const { draft, write } = useRuleWriting();
  const value = valueAt(draft, field.path);
  const chosen: readonly unknown[] = Array.isArray(value) ? value : [];
  const turn = (name: string) => {
    const next = chosen.includes(name) ? chosen.filter((each) => each !== name) : [...chosen, name];
    write(field.path, next.length === 0 ? undefined : next);
  };
  return (
    <TypedInput {...field} toText={namesText} parse={parseNames}>
      {known.length > 0 && (
        <fieldset className={styles.known}>
          <legend className="visually-hidden">Labels that it has</legend>
          {known.slice(0, MAX_KNOWN).map((name) => (
            <Button key={name} isOn={chosen.includes(name)} onClick={() => turn(name)}>
              {name.slice(0, 40)}
            </Button>
          ))}
        </fieldset>
      )}
    </TypedInput>
  );
}

const MAX_KNOWN = 12;
const PAIRS = [(value: unknown) => pairsText(value), (text: string) => parsePairs(text)] as const;
const LISTS = [(value: unknown) => pairsText(value, true), (text: string) => parsePairs(text, true)] as const;

function TypedInput({
  toText,
  parse,
  isNumber = false,
  children,
  ...field
}: RuleFieldProps & {
  readonly toText: (value: unknown) => string;
  readonly parse: (text: string) => unknown;
  readonly isNumber?: boolean;
  readonly children?: React.ReactNode;
}) {
  const { draft, write } = useRuleWriting();
  const [text, setText] = useSteadyText(valueAt(draft, field.path), toText, parse);
  return (
    <RuleField {...field}>
      {(described) => (
        <>
          <input
            {...described}
            value={text}
            placeholder={field.hint}
            maxLength={isNumber ? MAX_NUMBER : undefined}
            inputMode={isNumber ? "decimal" : undefined}
            spellCheck={false}
            autoComplete="off"
            onChange={({ target }) => {
              setText(target.value);
              write(field.path, parse(target.value));
            }}
          />
          {children}
        </>
      )}
    </RuleField>
  );
}

const MAX_NUMBER = 80;

/** What is being written, as long as it means the value; else the value as it is. */
function useSteadyText(
  value: unknown,
  toText: (value: unknown) => string,
  parse: (text: string) => unknown,
): [string, (text: string) => void] {
  const [text, setText] = useState(() => toText(value));
  const meant = toText(parse(text));
  const is = toText(value);
  useEffect(() => {
    if (meant !== is) setText(is);
  }, [meant, is]);
  return [text, setText];
}
