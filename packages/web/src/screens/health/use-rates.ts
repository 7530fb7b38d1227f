// Rates of what arrives, from one answer of the server to the next.
import { useEffect, useRef, useState } from "react";
import type { Health } from "../../app/use-health.ts";
import { type Reading, ratesBetween } from "./rates.ts";

/** A second's worth of items by signal, and of `events` and `spans` written; empty before the second answer. */
export function useRates(health: Health | undefined, answeredAtMs: number): Readonly<Record<string, number>> {
  const last = useRef<Reading>(undefined);
  const [rates, setRates] = useState<Readonly<Record<string, number>>>({});
  useEffect(() => {
    if (health === undefined) return;
    const reading = { atMs: answeredAtMs, counts: countsOf(health) };
    if (last.current !== undefined) setRates(ratesBetween(last.current, reading));
    last.current = reading;
  }, [health, answeredAtMs]);
  return rates;
}

function countsOf({ signals, store, live }: Health): Record<string, number> {
  return {
    traces: signals.traces.accepted,
    logs: signals.logs.accepted,
    metrics: signals.metrics.accepted,
    written: store.written,
    sent: live.sent,
  };
}
