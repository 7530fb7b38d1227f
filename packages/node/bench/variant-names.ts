// The variants by name: what each is, how it is made, and which of its figures are wanted.
import type { CreateVariant } from "./variant.ts";
import { createAsyncNone, createJudge, createNone } from "./variants/none.ts";

/** Which phases a variant goes through: `flat` (as fast as it goes), `paced` (2,000 a second), in full runs or always. */
export interface VariantPlan {
  /** For the tables. */
  readonly title: string;
  readonly flat: boolean;
  readonly paced: "always" | "full" | "never";
  /** What it needs beyond the decisions is imported only in the process that measures it. */
  readonly create: CreateVariant;
  /** Compared with `none` within one process, too: the difference is smaller than that between two. */
  readonly paired?: boolean;
}

/** The share of traces that the variants of a production set-up keep. */
const SAMPLE_RATIO = 0.01;

/** In the order in which they take their turns. */
export const VARIANTS = {
  none: {
    title: "uninstrumented",
    flat: true,
    paced: "always",
    create: createNone,
  },
  otel: {
    title: "OpenTelemetry SDK",
    flat: true,
    paced: "always",
    create: async (environment) => (await import("./variants/otel.ts")).createOtel(environment, 1),
  },
  otel_ratio_001: {
    title: "OpenTelemetry SDK, ratio 0.01",
    flat: true,
    paced: "full",
    create: async (environment) => (await import("./variants/otel.ts")).createOtel(environment, SAMPLE_RATIO),
  },
  otel_same_fields: {
    title: "OpenTelemetry SDK, Tracebook's fields",
    flat: true,
    paced: "full",
    create: async (environment) => (await import("./variants/otel.ts")).createOtel(environment, 1, true),
  },
  pino_prom: {
    title: "pino + prom-client",
    flat: true,
    paced: "always",
    create: async (environment) => (await import("./variants/pino-prom.ts")).createPinoProm(environment),
  },
  tracebook: {
    title: "Tracebook, ratio 0.01",
    flat: true,
    paced: "always",
    create: async (environment) => (await import("./variants/tracebook.ts")).createTracebook(environment, SAMPLE_RATIO),
  },
  tracebook_all: {
    title: "Tracebook, all kept",
    flat: true,
    paced: "full",
    async create(environment) {
      await import("./timed-imports.ts");
      return (await import("./variants/tracebook.ts")).createTracebook(environment, 1);
    },
  },
  tracebook_disabled: {
    title: "Tracebook disabled, manual flow",
    flat: true,
    paced: "full",
    create: async () => (await import("./variants/tracebook.ts")).createDisabled(),
    paired: true,
  },
  tracebook_disabled_run: {
    title: "Tracebook disabled, run()",
    flat: true,
    paced: "never",
    create: async () => (await import("./variants/tracebook.ts")).createDisabledRun(),
    paired: true,
  },
  floor: {
    title: "floor: clock reads and array writes",
    flat: true,
    paced: "full",
    create: async () => (await import("./variants/floor.ts")).createFloor(),
  },
  judge: {
    title: "judge alone",
    flat: true,
    paced: "never",
    create: createJudge,
  },
  async_none: {
    title: "async call, uninstrumented",
    flat: true,
    paced: "never",
    create: createAsyncNone,
  },
  async_tracebook: {
    title: "async run(), Tracebook, ratio 0.01",
    flat: true,
    paced: "never",
    create: async (environment) =>
      (await import("./variants/tracebook.ts")).createAsyncTracebook(environment, SAMPLE_RATIO),
  },
  order_request: {
    title: "order_request write-through",
    flat: false,
    paced: "always",
    create: async (environment) =>
      (await import("./variants/tracebook.ts")).createOrderRequest(environment, SAMPLE_RATIO),
  },
} as const satisfies Record<string, VariantPlan>;

/** The name of a variant, as it stands in `bench-results.json`. */
export type VariantName = keyof typeof VARIANTS;

/** All names, in the order in which they take their turns. */
export const VARIANT_NAMES = Object.keys(VARIANTS) as readonly VariantName[];
