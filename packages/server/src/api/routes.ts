// Every route of the API, for the document that describes it.
import {
  analyticsRoute,
  confidenceRoute,
  rejectionsRoute,
  summaryRoute,
  symbolsRoute,
  timelineRoute,
} from "./analytics-routes.ts";
import {
  decisionRoute,
  decisionsRoute,
  decisionTimelineRoute,
  funnelRoute,
  marginsRoute,
  reasonsRoute,
  whatifRoute,
  whyRoute,
} from "./decision-routes.ts";
import { deskRoute, healthRoute, openApiRoute } from "./desk-routes.ts";
import {
  eventRoute,
  eventsRoute,
  exportRoute,
  facetsRoute,
  liveRoute,
  recentRoute,
  searchRoute,
} from "./event-routes.ts";
import { latencyRoute, metricRoute, metricsRoute } from "./metric-routes.ts";
import { otlpRoutes } from "./otlp-routes.ts";
import { traceRoute, tracesRoute } from "./trace-routes.ts";

/** All of them. Where two paths fit a request, the one that comes first here is meant. */
export const ROUTES = [
  recentRoute,
  eventsRoute,
  eventRoute,
  searchRoute,
  facetsRoute,
  liveRoute,
  exportRoute,
  analyticsRoute,
  summaryRoute,
  rejectionsRoute,
  confidenceRoute,
  symbolsRoute,
  timelineRoute,
  decisionsRoute,
  reasonsRoute,
  decisionTimelineRoute,
  marginsRoute,
  decisionRoute,
  whatifRoute,
  funnelRoute,
  whyRoute,
  tracesRoute,
  traceRoute,
  metricsRoute,
  metricRoute,
  latencyRoute,
  deskRoute,
  healthRoute,
  openApiRoute,
  ...otlpRoutes,
] as const;
