// OTLP over HTTP: signals of any OpenTelemetry SDK, in any language.
import { createRoute, z } from "@hono/zod-openapi";
import { PROBLEM_RESPONSES } from "./problem-schema.ts";

/** `POST /v1/traces`, `/v1/logs`, `/v1/metrics` */
export const otlpRoutes = (["traces", "logs", "metrics"] as const).map((signal) =>
  createRoute({
    method: "post",
    path: `/v1/${signal}`,
    tags: ["otlp"],
    summary: `OTLP/HTTP: ${signal}`,
    description:
      "An export request of OTLP 1.x as protobuf or JSON, plain or gzip; at most 4 MiB as it comes, 16 MiB unpacked, 10,000 items. What is " +
      "answered with 200 is on disk. 429 and 503 ask to send the same again.",
    request: {
      body: {
        required: true,
        content: {
          "application/x-protobuf": { schema: z.string().openapi({ format: "binary" }) },
          "application/json": { schema: z.looseObject({}) },
        },
      },
    },
    responses: {
      200: {
        description: "Stored; `partialSuccess` says what of it was not.",
        content: {
          "application/x-protobuf": { schema: z.string().openapi({ format: "binary" }) },
          "application/json": { schema: z.looseObject({}) },
        },
      },
      ...PROBLEM_RESPONSES,
    },
  }),
);
