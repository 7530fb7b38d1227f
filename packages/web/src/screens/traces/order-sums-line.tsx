// The sums of an order in one line, and whether its record agrees with itself.
import { useMemo } from "react";
import type { StoredEvent } from "../../api/client.ts";
import { amountText, decimalText } from "../../format/decimal-text.ts";
import { symbolUnits } from "../../live/cards/symbol-units.ts";
import { BreakableText } from "../../ui/breakable-text.tsx";
import { Mark } from "../../ui/mark.tsx";
import { orderSums } from "./order-fills.ts";
import styles from "./order-sums-line.module.css";

/** The line. */
export function OrderSumsLine({
  events,
  symbol,
}: {
  readonly events: readonly StoredEvent[];
  readonly symbol: string | undefined;
}) {
  const { base, quote } = symbolUnits(symbol);
  const sums = useMemo(() => orderSums(events), [events]);
  const { requested, filled, reported, agrees, remaining, notional, fees, unreadable } = sums;
  return (
    <div className={styles.sums}>
      <Sum words="asked for" amount={requested} unit={base} />
      <Sum words="filled" amount={reported ?? filled} unit={base} />
      <Sum words="left" amount={remaining} unit={base} />
      <Sum words="money" amount={notional} unit={quote} />
      {fees.map(({ asset, amount }) => (
        <Sum key={asset} words="fees" amount={amount} unit={asset.slice(0, 12)} />
      ))}
      {agrees !== undefined && (
        <p className={styles.check} data-agrees={agrees}>
          <Mark tone={agrees ? "accept" : "error"} size={9} />
          <span>
            <BreakableText
              text={
                agrees
                  ? "the fills add up to what was reported"
                  : `the fills add up to ${decimalText(filled ?? "")}, reported was ${decimalText(reported ?? "")}`
              }
            />
          </span>
        </p>
      )}
      {unreadable.length > 0 && (
        <p className={styles.check} data-agrees="false">
          <Mark tone="error" size={9} />
          <span>
            <BreakableText text={`in no sum, for it is no decimal: ${unreadable.slice(0, 5).join("; ")}`} />
          </span>
        </p>
      )}
    </div>
  );
}

function Sum({
  words,
  amount,
  unit,
}: {
  readonly words: string;
  readonly amount: string | undefined;
  readonly unit: string;
}) {
  return (
    <p>
      <b>
        <BreakableText text={amountText(amount, unit)} />
      </b>{" "}
      {words}
    </p>
  );
}
