// What is known of a destination beforehand that a failed delivery is explained with.
import type { DeliveryFailure, DeliverySettings } from "@tracebook/exporters";
import type { OtlpTarget } from "./config-otlp.ts";
import { signalSettingName } from "./config-table.ts";
import type { Signal, SignalSettings } from "./config-table-otlp.ts";

/** What is known before anything is sent. */
export interface DeliveryFacts extends Pick<DeliveryFailure, "url" | "protocol"> {
  /** The values of the headers: never to be shown. */
  readonly secrets: readonly string[];
  /** The variable, or the option in code, that each value is from; undefined where it is the default. */
  readonly settings: DeliverySettings;
}

/** Where a signal goes, what must not be shown of it, and what a remedy names; `sources` are those of the configuration. */
export function deliveryFactsOf(
  signal: Signal,
  target: OtlpTarget,
  sources: Readonly<Record<string, string>>,
): DeliveryFacts {
  const settingOf = (part: keyof SignalSettings | "endpoint"): string | undefined => {
    const own = signalSettingName(signal, part);
    const source = sources[own];
    if (source === "default") return undefined;
    if (source !== "option") return source;
    // In code, what is set for one signal alone is an endpoint; the rest is set for all of them.
    const shared = `otlp${own.slice("otlp".length + signal.length)}`;
    return part === "endpoint" && sources[shared] !== "option" ? own : shared;
  };
  return {
    url: target.url,
    protocol: target.protocol,
    secrets: Object.values(target.headers),
    settings: {
      endpoint: settingOf("endpoint"),
      headers: settingOf("headers"),
      protocol: settingOf("protocol"),
      compression: settingOf("compression"),
    },
  };
}
