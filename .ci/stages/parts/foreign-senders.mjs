// Services that know nothing of Tracebook: OpenTelemetry's own SDKs, with a secret planted in an attribute.
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { goSource } from "./go-programs.mjs";
import { cleanEnv, root } from "./workspace.mjs";

/** A trace from the stock SDK for JavaScript; `kind` is `proto` or `http` (JSON), as its exporters are called. */
export async function sendFromStockSdk(url, kind) {
  // Of all packages the SDK itself has both exporters.
  const from = createRequire(
    createRequire(join(root, "packages/node/package.json")).resolve("@opentelemetry/sdk-node"),
  );
  const load = (name) => import(pathToFileURL(from.resolve(name)).href);
  const { TracerProvider, BatchSpanProcessor } = await load("@opentelemetry/sdk-trace");
  const { resourceFromAttributes } = await load("@opentelemetry/resources");
  const { OTLPTraceExporter } = await load(`@opentelemetry/exporter-trace-otlp-${kind}`);
  const service = `pricing-js-${kind}`;
  const secret = `planted-js-secret-${kind}`;
  const exporter = new OTLPTraceExporter({ url: `${url}/v1/traces`, compression: kind === "proto" ? "gzip" : "none" });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ "service.name": service }),
    spanProcessors: [new BatchSpanProcessor({ exporter })],
  });
  const span = provider.getTracer("pricing").startSpan("price BTC/USDT", { attributes: { api_key: secret } });
  const { traceId } = span.spanContext();
  span.end();
  await provider.forceFlush();
  await provider.shutdown();
  return { traceId, service, spans: 1, secret };
}

/** The same from the SDK for Go, with an error in it. */
export function sendFromGo(url) {
  const { path } = goSource("go-service");
  const said = execFileSync(path, {
    env: cleanEnv({ OTEL_EXPORTER_OTLP_ENDPOINT: url }),
    encoding: "utf8",
    timeout: 30_000,
  });
  return { traceId: said.trim(), service: "pricing-go", spans: 2, secret: "planted-go-secret" };
}
