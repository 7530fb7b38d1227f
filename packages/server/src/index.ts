// @tracebook/server: the desk.
export type { DeskRejection, DeskSummary } from "./answers/desk-analytics.ts";
export { type Desk, type DeskDestination, type DeskHealth, openDesk } from "./desk.ts";
export type { DeskApi, DeskEvent, DeskEventFilter, DeskEventPage, DeskInstant } from "./desk-api.ts";
export type { DeskCard, DeskOptions, KeepDays } from "./desk-options.ts";
export { DESK_ERRORS, DeskError, type DeskErrorCode } from "./errors.ts";
