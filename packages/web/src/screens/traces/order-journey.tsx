// The way of one order: every step with the time since the one before, quantities and prices as recorded, and their sums.
import { useMemo } from "react";
import { Link } from "wouter";
import { decimalText } from "../../format/decimal-text.ts";
import { durationText } from "../../format/duration-text.ts";
import { microsTimestamp } from "../../format/timestamp-micros.ts";
import { symbolUnits } from "../../live/cards/symbol-units.ts";
import { Button } from "../../ui/button.tsx";
import { Mark } from "../../ui/mark.tsx";
import { Empty, Panel } from "../../ui/panel.tsx";
import { sharedAddress, useParameters } from "../../url/search-parameters.ts";
import styles from "./order-journey.module.css";
import { type OrderStep, orderEvents, orderSteps, relatedOrders } from "./order-steps.ts";
import { OrderSumsLine } from "./order-sums-line.tsx";
import type { TraceAnswer } from "./trace-answer.ts";
import { useOrderEvents } from "./use-order-events.ts";
import type { TracePlace } from "./use-trace-place.ts";

/** Whose way is shown. */
export interface OrderJourneyProps {
  readonly className: string | undefined;
  readonly orderId: string;
  readonly data: TraceAnswer;
  readonly place: TracePlace;
  /** All orders of the trace. */
  readonly orders: readonly string[];
}

const MAX_RELATED = 10;

/** The panel. */
export function OrderJourney({ className, orderId, data, place, orders }: OrderJourneyProps) {
  const { found, note } = useOrderEvents(orderId, data);
  const { steps, events, related } = useMemo(() => {
    const records = { orderId, spans: data.spans, events: data.events, found };
    const own = orderEvents(records);
    return { steps: orderSteps(records), events: own, related: relatedOrders(own, orderId) };
  }, [orderId, data, found]);
  const symbol = events.find((event) => event.symbol !== null)?.symbol ?? undefined;
  const others = [...new Set([...orders, ...related])].filter((id) => id !== orderId).slice(0, MAX_RELATED);
  return (
    <Panel
      className={className}
      title={`Order ${orderId.slice(0, 60)}`}
      note={note}
      actions={
        <>
          {others.map((id) => (
            <Button key={id} onClick={() => place.setOrder(id)}>
              {id.slice(0, 24)}
            </Button>
          ))}
          <Button onClick={() => place.setOrder(undefined)} hint="Esc">
            Close
          </Button>
        </>
      }
      flush
    >
      {steps.length === 0 ? (
        <Empty>No event or span names this order. Its records carry it as client_order_id.</Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard.
        <section className={styles.scroll} tabIndex={0} aria-label="Way of the order">
          <OrderSumsLine events={events} symbol={symbol} />
          <Steps steps={steps} symbol={symbol} data={data} place={place} />
        </section>
      )}
    </Panel>
  );
}

interface StepsProps {
  readonly steps: readonly OrderStep[];
  readonly symbol: string | undefined;
  readonly data: TraceAnswer;
  readonly place: TracePlace;
}

function Steps({ steps, symbol, data, place }: StepsProps) {
  const first = steps[0]?.micros ?? Number.NaN;
  const { base, quote } = symbolUnits(symbol);
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col" className={styles.number}>
            At
          </th>
          <th scope="col" className={styles.number}>
            After
          </th>
          <th scope="col">Step</th>
          <th scope="col" className={styles.number}>
            Quantity{base === "" ? "" : `, ${base}`}
          </th>
          <th scope="col" className={styles.number}>
            Price{quote === "" ? "" : `, ${quote}`}
          </th>
          <th scope="col" className={styles.number}>
            Fee
          </th>
          <th scope="col">What it says</th>
          <th scope="col">Service</th>
        </tr>
      </thead>
      <tbody>
        {steps.map((step, i) => (
          <StepRow key={step.key} step={step} first={first} before={steps[i - 1]?.micros} data={data} place={place} />
        ))}
      </tbody>
    </table>
  );
}

interface StepRowProps extends Pick<StepsProps, "data" | "place"> {
  readonly step: OrderStep;
  /** Microseconds since 1970 of the first step, and of the one before this one. */
  readonly first: number;
  readonly before: number | undefined;
}

function StepRow({ step, first, before, data, place }: StepRowProps) {
  const { micros, isPart } = step;
  const after = isPart || before === undefined ? "" : durationText((micros - before) / 1000);
  return (
    <tr data-part={isPart}>
      <td className={styles.number} title={Number.isFinite(micros) ? microsTimestamp(micros) : undefined}>
        {isPart ? "" : durationText((micros - first) / 1000)}
      </td>
      <td className={styles.number}>{/^\d/.test(after) ? `+${after}` : after}</td>
      <th scope="row">
        <StepName step={step} data={data} place={place} />
      </th>
      <td className={styles.number}>{shortAmount(step.quantity)}</td>
      <td className={styles.number}>{shortAmount(step.price)}</td>
      <td className={styles.number}>{step.fee?.slice(0, 60)}</td>
      <td className={styles.words} title={step.words.slice(0, 1_000)}>
        {step.words.slice(0, 400)}
      </td>
      <td className={styles.quiet}>{isPart ? "" : step.service.slice(0, 60)}</td>
    </tr>
  );
}

function StepName({
  step,
  data,
  place,
}: {
  readonly step: OrderStep;
  readonly data: TraceAnswer;
  readonly place: TracePlace;
}) {
  const [parameters] = useParameters();
  const { title, tone, traceId, spanId, isPart } = step;
  const name = (
    <>
      <Mark tone={tone} size={9} /> {title.slice(0, 80)}
    </>
  );
  if (isPart) return <span className={styles.name}>{name}</span>;
  if (traceId !== undefined && traceId !== data.trace_id)
    return (
      <span className={styles.name}>
        {name}{" "}
        <Link href={sharedAddress(`/traces/${traceId}`, parameters, { span: spanId, order: place.order })}>
          other trace
        </Link>
      </span>
    );
  if (spanId === undefined) return <span className={styles.name}>{name}</span>;
  return (
    <button type="button" className={styles.name} title="To its span" onClick={() => place.select(spanId)}>
      {name}
    </button>
  );
}

function shortAmount(text: string | undefined): string {
  return text === undefined ? "" : decimalText(text).slice(0, 60);
}
