// What the compiler must accept and refuse when judging; checked by the type check, never run.
import type { Big } from "big.js";
import type { BigNumber } from "bignumber.js";
import type { Decimal } from "decimal.js";
import type { DecimalInput } from "./decimal-input.ts";
import { judge } from "./judge.ts";
import { defineReasonCodes, type ReasonCode } from "./reason-code.ts";

declare const ofLibraries: Decimal | Big | BigNumber;
export const anyDecimal: DecimalInput = ofLibraries;

// @ts-expect-error a date is no amount
export const date: DecimalInput = new Date();
// @ts-expect-error a boolean is no amount
export const flag: DecimalInput = true;

// @ts-expect-error an edge that may be undefined must be left out, or it is malformed
judge({ edge: undefined });
// @ts-expect-error the vocabulary is closed
judge({ vetoes: [{ code: "funding_unsettled" }] });
// @ts-expect-error only judging itself finds an edge insufficient
judge({ vetoes: [{ code: "insufficient_edge" }] });
// @ts-expect-error costs have their own names
judge({ edge: { unit: "bps", gross: 1, fee: 1, minThreshold: 1 } });

const codes = defineReasonCodes({ funding_unsettled: "The funding was not booked yet." });
export const extended: ReasonCode | "funding_unsettled" = judge(
  { vetoes: [{ code: "funding_unsettled" }], gates: [{ name: "a", passed: true, reasonCode: "funding_unsettled" }] },
  codes,
).reasonCode;
// @ts-expect-error a declared vocabulary is closed as well
judge({ vetoes: [{ code: "funding_settled" }] }, codes);
