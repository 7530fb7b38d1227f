// How an event is shown: one card for each type that is known, the configured one, or what its fields say.
import type { Card, StoredEvent } from "../../api/client.ts";
import { titleText } from "../../format/name-text.ts";
import { configuredCard, customCard } from "./custom-card.ts";
import { decisionCard, gateCard, rejectionCard } from "./decision-cards.ts";
import type { EventCard } from "./event-card.ts";
import { cutText } from "./field-text.ts";
import { bookCard, requestCard, resultCard, transitionCard } from "./order-cards.ts";
import { clockCard, droppedCard, errorCard, haltCard, logCard, stepCard, userCard } from "./service-cards.ts";
import { scanCompletedCard, scanStartedCard, signalCard, tradingSignalCard } from "./signal-cards.ts";

/** The card of an event. Never throws: what cannot be made sense of is shown as the text it is. */
export function cardOf(event: StoredEvent, configured: Readonly<Record<string, Card>>): EventCard {
  const { event_type: type } = event;
  try {
    const own = Object.hasOwn(configured, type) ? configured[type] : undefined;
    if (own !== undefined) return configuredCard(event, own);
    return (Object.hasOwn(KNOWN, type) ? KNOWN[type] : customCard)?.(event) ?? customCard(event);
  } catch {
    const text = cutText(JSON.stringify(event.data) ?? "");
    return { title: titleText(type), tone: "neutral", icon: "circle-dot", text, facts: [] };
  }
}

const KNOWN: Readonly<Record<string, (event: StoredEvent) => EventCard>> = {
  decision: decisionCard,
  signal_rejected: rejectionCard,
  quality_gate_passed: gateCard,
  quality_gate_failed: gateCard,
  scan_started: scanStartedCard,
  scan_completed: scanCompletedCard,
  signal_generated: signalCard,
  signal: tradingSignalCard,
  order_request: requestCard,
  order_result: resultCard,
  order_transition: transitionCard,
  orderbook_snapshot: bookCard,
  event_received: stepCard,
  opportunity_detected: stepCard,
  risk_passed: stepCard,
  order_submitted: stepCard,
  user_action: userCard,
  api_event: userCard,
  error_event: errorCard,
  error_occurred: errorCard,
  clock_step: clockCard,
  trading_halted: haltCard,
  records_dropped: droppedCard,
  log: logCard,
};
