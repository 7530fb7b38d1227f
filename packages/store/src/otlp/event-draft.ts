// A log record while it is read, and the event that comes of it.
import type { EventInput, InputSource, JsonValue } from "../store-input.ts";
import { toIdText } from "./any-value.ts";
import { AttributeList } from "./attribute-list.ts";
import { OWN_PREFIX } from "./attribute-name.ts";
import { type MutableData, setDropped, setField } from "./data-object.ts";
import { TimestampWriter } from "./instant.ts";
import { JsonTexts } from "./json-text.ts";
import type { OtlpSettings } from "./otlp-options.ts";
import { cutText } from "./text-limit.ts";

const MAX_EVENT_TYPE_UNITS = 128;
const MAX_SEVERITY = 24;
/** The event type of a log record that has no event name. */
const NAMELESS = "log";
/** An event that may be about another instance than its own: there the field belongs to the data. */
const SYSTEM_METRIC_NAME = `${OWN_PREFIX}system_metric`;

/** What the decoders read of a log record. Used again for each. */
export class EventDraft {
  readonly attributes = new AttributeList();
  timeMicros = 0;
  observedMicros = 0;
  severityNumber = 0;
  severityText = "";
  body: JsonValue = null;
  traceId: string | undefined;
  spanId: string | undefined;
  eventName = "";
  readonly #settings: OtlpSettings;
  readonly #timestamps = new TimestampWriter();
  readonly #jsonTexts = new JsonTexts();
  #seq = 0;
  #runId = "";
  #symbol = "";
  #instanceId = "";
  #source: InputSource | undefined;

  constructor(settings: OtlpSettings) {
    this.#settings = settings;
  }

  clear(): void {
    this.attributes.clear();
    this.timeMicros = this.observedMicros = 0;
    this.severityNumber = 0;
    this.severityText = this.eventName = "";
    this.body = null;
    this.traceId = this.spanId = undefined;
  }

  /** The event. `resource` is shared by all records of a resource that do not name another instance. */
  toInput(resource: InputSource): EventInput {
    const { cleaner, nowMicros } = this.#settings;
    const name = this.eventName === "" ? this.attributes.idText("event.name", cleaner) : cleaner.text(this.eventName);
    const isOwn = name.startsWith(OWN_PREFIX) && name.length > OWN_PREFIX.length;
    const data = this.#toData(isOwn, name === SYSTEM_METRIC_NAME);
    return {
      eventType: cutText(isOwn ? name.slice(OWN_PREFIX.length) : name || NAMELESS, MAX_EVENT_TYPE_UNITS),
      timestamp: this.#timestamps.write(this.timeMicros || this.observedMicros || nowMicros()),
      source: this.#instanceId === "" ? resource : this.#sourceOf(resource, this.#instanceId),
      seq: this.#seq,
      runId: this.#runId || undefined,
      symbol: this.#symbol || undefined,
      traceId: this.traceId,
      spanId: this.spanId,
      severityNumber: Math.min(Math.max(this.severityNumber, 0), MAX_SEVERITY),
      data,
    };
  }

  #toData(isOwn: boolean, namesInstance: boolean): MutableData {
    const { names, values, count } = this.attributes;
    const data: MutableData = {};
    this.#seq = 0;
    this.#runId = this.#symbol = this.#instanceId = "";
    for (let i = 0; i < count; i++) {
      const name = names[i]!;
      const value = values[i]!;
      const { place } = name;
      if (place !== "data" && !(namesInstance && place === "instance_id") && this.#place(place, value)) continue;
      if (!isOwn) setField(data, name.field, value);
      else if (typeof value !== "string" || name.isProse) setField(data, name.ownField, value);
      else setField(data, name.ownField, this.#jsonTexts.revive(value));
    }
    // The body of our own records says the type and the reason again.
    if (!isOwn && this.body !== null) data["body"] = this.body;
    if (!isOwn && this.severityText !== "") data["severity_text"] = this.severityText;
    setDropped(data, this.attributes.dropped);
    return data;
  }

  /** Puts a value to its own place; false when it has none in this record. */
  #place(place: string, value: JsonValue): boolean {
    const { cleaner } = this.#settings;
    if (place === "seq") this.#seq = Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : 0;
    else if (place === "run_id") this.#runId = toIdText(value, cleaner);
    else if (place === "symbol") this.#symbol = toIdText(value, cleaner);
    else if (place === "instance_id") this.#instanceId = toIdText(value, cleaner);
    else return this.eventName === "";
    return true;
  }

  /** The instance of a record is mostly that of the record before. */
  #sourceOf(resource: InputSource, instanceId: string): InputSource {
    const last = this.#source;
    const { serviceName, hostName } = resource;
    if (last?.instanceId === instanceId && last.serviceName === serviceName && last.hostName === hostName) return last;
    this.#source = { ...resource, instanceId };
    return this.#source;
  }
}
