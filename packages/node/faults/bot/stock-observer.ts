// The same bot with the stock OpenTelemetry SDK as it comes: batch processors and OTLP exporters with their defaults, unless a case says otherwise.
import { context, ROOT_CONTEXT, SeverityNumber, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPLogExporter } from "@opentelemetry/exporter-logs-otlp-proto";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { resourceFromAttributes } from "@opentelemetry/resources";
import { BatchLogRecordProcessor, LoggerProvider } from "@opentelemetry/sdk-logs";
import { BatchSpanProcessor, TracerProvider } from "@opentelemetry/sdk-trace";
import { BOOK, type Observer } from "./observer.ts";
import { parentOf } from "./parent-context.ts";

/** What is not its default. */
export interface StockOptions {
  /** Spans that may be queued. */
  readonly stockQueueSize?: number | undefined;
}

/** Starts it; where to, `OTEL_EXPORTER_OTLP_ENDPOINT` says. */
export function createStockObserver({ stockQueueSize }: StockOptions = {}): Observer {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const resource = resourceFromAttributes({ "service.name": "bot" });
  const traces = new TracerProvider({
    resource,
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: new OTLPTraceExporter(),
        ...(stockQueueSize === undefined ? {} : { maxQueueSize: stockQueueSize }),
      }),
    ],
  });
  const logs = new LoggerProvider({
    resource,
    processors: [new BatchLogRecordProcessor({ exporter: new OTLPLogExporter() })],
  });
  const tracer = traces.getTracer("bot");
  const logger = logs.getLogger("bot");
  const event = (eventName: string, attributes: Record<string, string>): void =>
    logger.emit({ eventName, severityNumber: SeverityNumber.INFO, attributes, context: context.active() });
  return {
    instanceId: "",
    tick(traceId) {
      const root = tracer.startSpan("tick", { attributes: { "trading.symbol": BOOK.symbol } }, parentOf(traceId));
      context.with(trace.setSpan(ROOT_CONTEXT, root), () => {
        event("trading.orderbook_snapshot", { symbol: BOOK.symbol, bid: "61795.43", ask: "61795.44" });
        tracer.startSpan("book_to_signal").end();
        event("trading.decision", { symbol: BOOK.symbol, decision: "ACCEPT", edge_unit: "bps", net_edge: "1.50" });
        root.end();
      });
    },
    span: (traceId) => tracer.startSpan("burst", {}, parentOf(traceId)).end(),
    flow(traceId) {
      const root = tracer.startSpan("tick", {}, parentOf(traceId));
      tracer.startSpan("book_to_signal", {}, trace.setSpan(ROOT_CONTEXT, root)).end();
      root.end();
    },
    health: () => undefined,
    async flush() {
      await Promise.allSettled([traces.forceFlush(), logs.forceFlush()]);
    },
    async shutdown() {
      await Promise.allSettled([traces.shutdown(), logs.shutdown()]);
    },
  };
}
