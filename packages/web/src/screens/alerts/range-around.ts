// The range of time to look at for an alert: from a little before it began to a little after it ended.
import type { Alert } from "../../api/client.ts";

const BEFORE_MS = 15 * 60_000;
const AFTER_MS = 5 * 60_000;

/** As the addresses of all screens have it; of an alert that goes on it ends with the next whole minute. */
export function rangeAround(
  { pending_since: since, resolved_at: resolved }: Pick<Alert, "pending_since" | "resolved_at">,
  nowMs: number,
): { readonly from: string; readonly to: string } {
  const ended = Date.parse(resolved ?? "");
  const end = Number.isFinite(ended) ? Math.min(ended + AFTER_MS, nowMs) : nowMs;
  const began = Date.parse(since);
  const from = (Number.isFinite(began) ? began : end) - BEFORE_MS;
  const to = Math.max(Math.ceil(end / 60_000) * 60_000, from + 60_000);
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}
