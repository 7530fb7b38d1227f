// Secrets out of what instrumentations and loggers made, before it is stored or sent.
import type { AnyValue, Attributes, AttributeValue } from "@opentelemetry/api";
import type { ReadableLogRecord } from "@opentelemetry/sdk-logs";
import type { ReadableSpan } from "@opentelemetry/sdk-trace";
import type { Redactor } from "@tracebook/core";
import { boundAttributes, boundValue } from "@tracebook/core/extension";

/** The name of an event is a name. */
const MAX_NAME_UNITS = 256;
const NO_ATTRIBUTES: Attributes = Object.freeze({});

/** The same span when nothing in it is secret, otherwise a copy without the secrets. */
export function redactSpan(span: ReadableSpan, redactor: Redactor): ReadableSpan {
  const attributes = cleanAttributes(span.attributes, redactor);
  const events = span.events.map((event) => {
    const clean = cleanAttributes(event.attributes ?? NO_ATTRIBUTES, redactor);
    return clean === (event.attributes ?? NO_ATTRIBUTES) ? event : { ...event, attributes: clean };
  });
  const message = span.status.message === undefined ? undefined : redactor.text(span.status.message);
  const name = redactor.text(span.name);
  const links = span.links.map((link) => {
    const clean = cleanAttributes(link.attributes ?? NO_ATTRIBUTES, redactor);
    return clean === (link.attributes ?? NO_ATTRIBUTES) ? link : { ...link, attributes: clean };
  });
  const changed =
    name !== span.name ||
    attributes !== span.attributes ||
    message !== span.status.message ||
    events.some((event, i) => event !== span.events[i]) ||
    links.some((link, i) => link !== span.links[i]);
  if (!changed) return span;
  const context = span.spanContext();
  const copy: ReadableSpan = {
    name,
    kind: span.kind,
    spanContext: () => context,
    startTime: span.startTime,
    endTime: span.endTime,
    status: message === undefined ? span.status : { code: span.status.code, message },
    attributes,
    links,
    events,
    duration: span.duration,
    ended: span.ended,
    resource: span.resource,
    instrumentationScope: span.instrumentationScope,
    droppedAttributesCount: span.droppedAttributesCount,
    droppedEventsCount: span.droppedEventsCount,
    droppedLinksCount: span.droppedLinksCount,
  };
  return span.parentSpanContext === undefined ? copy : { ...copy, parentSpanContext: span.parentSpanContext };
}

/** The same record when nothing in it is secret, otherwise a copy without the secrets. */
export function redactLogRecord(record: ReadableLogRecord, redactor: Redactor): ReadableLogRecord {
  const attributes = boundAttributes(record.attributes, redactor);
  const body = typeof record.body === "string" ? redactor.text(record.body) : boundValue(record.body, { redactor });
  const copy: ReadableLogRecord = {
    hrTime: record.hrTime,
    hrTimeObserved: record.hrTimeObserved,
    resource: record.resource,
    instrumentationScope: record.instrumentationScope,
    droppedAttributesCount: record.droppedAttributesCount,
    attributes,
    body: body as AnyValue,
  };
  return Object.assign(
    copy,
    record.spanContext === undefined ? undefined : { spanContext: record.spanContext },
    record.severityText === undefined ? undefined : { severityText: record.severityText },
    record.severityNumber === undefined ? undefined : { severityNumber: record.severityNumber },
    typeof record.eventName === "string"
      ? { eventName: redactor.text(record.eventName.slice(0, MAX_NAME_UNITS)) }
      : undefined,
  );
}

function cleanAttributes(attributes: Attributes, redactor: Redactor): Attributes {
  let clean: Attributes | undefined;
  for (const name of Object.keys(attributes)) {
    const value = attributes[name];
    const scrubbed = cleanValue(name, value, redactor);
    if (scrubbed === value) continue;
    clean ??= { ...attributes };
    clean[name] = scrubbed;
  }
  return clean ?? attributes;
}

function cleanValue(name: string, value: AttributeValue | undefined, redactor: Redactor): AttributeValue | undefined {
  if (typeof value === "string") return redactor.isSecretKey(name) ? "[REDACTED]" : redactor.text(value);
  if (!Array.isArray(value)) return value;
  if (redactor.isSecretKey(name)) return "[REDACTED]";
  const clean = value.map((item) => (typeof item === "string" ? redactor.text(item) : item));
  return clean.every((item, i) => item === value[i]) ? value : (clean as AttributeValue);
}
