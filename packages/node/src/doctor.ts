// What a check of the configuration needs to know: everything that is in force and where it came from. Starts nothing.
export type { ConfigProblem } from "./config-error.ts";
export { maskUrl } from "./config-masking.ts";
export type { OtlpTarget } from "./config-otlp.ts";
export type { TelemetryConfig } from "./config-values.ts";
export { type ConfigurationInForce, describeConfiguration, type SettingInForce } from "./doctor-configuration.ts";
export { deliveryFactsOf } from "./otlp-delivery-facts.ts";
