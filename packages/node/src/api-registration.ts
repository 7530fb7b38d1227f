// What the SDK puts into OpenTelemetry's API: whether somebody was there before, and how it is taken out again.
import { context, logs, metrics, ProxyTracerProvider, propagation, trace } from "@opentelemetry/api";

/** True when an OpenTelemetry SDK has the API, whoever started it and through whichever copy of the API. */
export function isSdkRegistered(): boolean {
  const provider = trace.getTracerProvider();
  return !(provider instanceof ProxyTracerProvider) || provider.getDelegate() !== noProvider();
}

/**
 * Call it right after the SDK was started: returns how to take that SDK out of the API. Whoever holds the provider (flow
 * definitions, tracers made early) finds nothing behind it then, and another SDK, or this one again, may be started.
 */
export function rememberRegistration(): () => void {
  const provider = trace.getTracerProvider();
  return () => {
    if (trace.getTracerProvider() !== provider) return;
    if (provider instanceof ProxyTracerProvider) provider.setDelegate(noProvider());
    for (const api of [trace, metrics, logs, propagation, context]) api.disable();
  };
}

function noProvider(): ReturnType<ProxyTracerProvider["getDelegate"]> {
  return new ProxyTracerProvider().getDelegate();
}
