// Events: the first poll, those with a filter, search, one, the live feed, and a file of them.
import { createRoute, z } from "@hono/zod-openapi";
import { eventSchema, valueCountSchema } from "./event-schemas.ts";
import {
  choiceParameter,
  idParameter,
  integerParameter,
  optionalIntegerParameter,
  rangeParameters,
  textParameter,
} from "./parameter-schemas.ts";
import { PROBLEM_RESPONSES } from "./problem-schema.ts";

const TAGS = ["events"];
const eventFilters = {
  event_type: textParameter("Only events of this type.", "signal_rejected"),
  symbol: textParameter("Only this symbol.", "BTC/USDT"),
  run_id: textParameter("Only this run."),
  user_id: textParameter("Only events of this user: `user_id` of their data.", "user-7"),
  event_category: textParameter("Only this category: `event_category` of their data.", "trading"),
  ...rangeParameters,
};

/** `GET /api/telemetry/recent` */
export const recentRoute = createRoute({
  method: "get",
  path: "/api/telemetry/recent",
  tags: TAGS,
  summary: "The newest events, or those after an id",
  description:
    "Without `since_id`: the newest `limit` events, newest first. With it: the first `limit` events of a higher id, ascending, so that " +
    "a poller misses nothing. There are fewer where more would be beyond 32 MiB.",
  request: {
    query: z.strictObject({
      limit: integerParameter(1, 10_000, 100, "At most so many events."),
      since_id: optionalIntegerParameter(0, Number.MAX_SAFE_INTEGER, "Only events with a higher id."),
    }),
  },
  responses: {
    200: {
      description: "Events.",
      content: { "application/json": { schema: z.object({ events: z.array(eventSchema), count: z.int() }) } },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/events` */
export const eventsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/events",
  tags: TAGS,
  summary: "Events with filters, newest first, by pages",
  description:
    "A page ends early where more would be beyond 32 MiB: it has fewer than `limit` events then, and `has_more` is true. The next one begins " +
    "at `offset` and the number of events that came.",
  request: {
    query: z.strictObject({
      limit: integerParameter(1, 10_000, 100, "At most so many events."),
      offset: integerParameter(0, 1_000_000, 0, "So many of the newest are left out."),
      ...eventFilters,
    }),
  },
  responses: {
    200: {
      description: "A page of events.",
      content: {
        "application/json": {
          schema: z.object({
            events: z.array(eventSchema),
            pagination: z.object({ total: z.int(), limit: z.int(), offset: z.int(), has_more: z.boolean() }),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/events/{id}` */
export const eventRoute = createRoute({
  method: "get",
  path: "/api/telemetry/events/{id}",
  tags: TAGS,
  summary: "One event",
  request: {
    params: z.object({ id: idParameter("The event's id.") }),
  },
  responses: {
    200: { description: "The event.", content: { "application/json": { schema: eventSchema } } },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/search` */
export const searchRoute = createRoute({
  method: "get",
  path: "/api/telemetry/search",
  tags: TAGS,
  summary: "Events that contain a text",
  description:
    "Looks into type, symbol, run and data, whatever the case of ASCII letters, newest first, at no more than 200,000 events.",
  request: {
    query: z.strictObject({
      text: z
        .string()
        .min(1, "it must have 1 to 200 characters")
        .max(200, "it must have 1 to 200 characters")
        .openapi({ description: "The text that is looked for." }),
      limit: integerParameter(1, 1_000, 100, "At most so many events."),
      ...eventFilters,
    }),
  },
  responses: {
    200: {
      description: "What was found.",
      content: {
        "application/json": {
          schema: z.object({
            events: z.array(eventSchema),
            searched_back_to: z
              .string()
              .nullable()
              .openapi({ description: "The time back to which was searched; null: everything was." }),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/facets` */
export const facetsRoute = createRoute({
  method: "get",
  path: "/api/telemetry/facets",
  tags: TAGS,
  summary: "What there is to filter by",
  request: {
    query: z.strictObject({ ...rangeParameters, limit: integerParameter(1, 500, 50, "At most so many of each.") }),
  },
  responses: {
    200: {
      description: "Values, most used first.",
      content: {
        "application/json": {
          schema: z.object({
            event_types: z.array(valueCountSchema),
            symbols: z.array(valueCountSchema),
            runs: z.array(z.object({ value: z.string(), last_timestamp: z.string() })),
          }),
        },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/live` */
export const liveRoute = createRoute({
  method: "get",
  path: "/api/telemetry/live",
  tags: TAGS,
  summary: "Events as they happen, by server-sent events",
  description:
    "Each message `events` carries `{ events, skipped }`, ascending by id, and has the last id as its own: a browser that comes back " +
    "sends it as `Last-Event-ID` and gets what it missed. `skipped` counts events that were left out, because there were more than the " +
    "reader took. A message `state` comes every few seconds: `{ last_id, events_per_second }`.",
  request: {
    query: z.strictObject({
      since_id: optionalIntegerParameter(0, Number.MAX_SAFE_INTEGER, "Begin after this event; without it: now."),
      event_type: eventFilters.event_type,
      symbol: eventFilters.symbol,
      run_id: eventFilters.run_id,
      user_id: eventFilters.user_id,
      event_category: eventFilters.event_category,
      max_rate: integerParameter(
        1,
        2_000,
        2_000,
        "At most so many events a second of what happens from now on; the rest is counted as skipped. What was missed comes whole.",
      ),
    }),
  },
  responses: {
    200: {
      description: "An endless stream.",
      content: { "text/event-stream": { schema: z.string() } },
    },
    ...PROBLEM_RESPONSES,
  },
});

/** `GET /api/telemetry/export` */
export const exportRoute = createRoute({
  method: "get",
  path: "/api/telemetry/export",
  tags: TAGS,
  summary: "Events as a file, oldest first",
  request: {
    query: z.strictObject({
      format: choiceParameter(["json", "ndjson", "csv"], "How they are written; default json."),
      ...eventFilters,
    }),
  },
  responses: {
    200: {
      description: "The file, as it is made.",
      content: {
        "application/json": { schema: z.array(eventSchema) },
        "application/x-ndjson": { schema: z.string() },
        "text/csv": { schema: z.string() },
      },
    },
    ...PROBLEM_RESPONSES,
  },
});
