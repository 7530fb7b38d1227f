// How a batch that is staged is counted: statements of the function that stores it.
import { RESOLUTIONS } from "../resolutions.ts";

/** Minutes that are counted, as rows of all widths: `minutes` has a column `bucket`, the keys and the sums. */
export function widened(keys: readonly string[], sums: readonly string[], named = keys): string {
  const widths = RESOLUTIONS.map((seconds) => `(${seconds})`).join(", ");
  // The remainder of a time before 1970 is negative.
  const bucket = "m.bucket - ((m.bucket % r.resolution) + r.resolution) % r.resolution";
  return `SELECT r.resolution, ${bucket}, ${named.join(", ")}, ${sums.map((sum) => `sum(m.${sum})`).join(", ")}
    FROM minutes AS m CROSS JOIN (VALUES ${widths}) AS r (resolution) GROUP BY ${Array.from({ length: keys.length + 2 }, (_, i) => i + 1).join(", ")}`;
}

/** Adds counts to a roll-up table. */
export function addTo(table: string, keys: readonly string[], sums: readonly string[], rows: string): string {
  const key = ["resolution", "bucket", ...keys].join(", ");
  return `INSERT INTO ${table} AS kept (${key}, ${sums.join(", ")}) ${rows}
    ON CONFLICT (${key}) DO UPDATE SET ${sums.map((sum) => `${sum} = kept.${sum} + excluded.${sum}`).join(", ")}`;
}

/** Counts of what is staged: by type, symbol and run; of runs by the hour. */
const COUNT_EVENTS = `
    WITH minutes AS (
      SELECT minute AS bucket, event_type, coalesce(symbol, '') AS symbol, coalesce(run_id, '') AS run_id, count(*) AS count
      FROM staged_events GROUP BY 1, 2, 3, 4
    ), runs AS (
      ${addTo("run_rollups", ["run_id", "event_type", "symbol"], ["count"], "SELECT 3600, bucket - ((bucket % 3600) + 3600) % 3600, run_id, event_type, symbol, sum(count) FROM minutes WHERE run_id <> '' GROUP BY 1, 2, 3, 4, 5")}
    )
    ${addTo(
      "event_rollups",
      ["event_type", "symbol", "run_id"],
      ["count"],
      widened(
        ["event_type", "symbol", "run_id"],
        ["count"],
        ["m.event_type", "m.symbol", `CASE r.resolution WHEN ${RESOLUTIONS[0]} THEN m.run_id ELSE '' END`],
      ),
    )};`;

const REASON_KEYS = ["event_type", "decision", "reason_code", "reason", "strategy", "symbol"] as const;

/** The sentence of a decision holds its figures: there are as many as decisions. The code is what can be counted. */
const COUNT_REASONS = `
    WITH minutes AS (
      SELECT minute AS bucket, event_type,
        CASE WHEN event_type = 'decision' AND decision IN ('ACCEPT', 'REJECT') THEN decision ELSE '' END AS decision, reason_code,
        CASE event_type WHEN 'decision' THEN '' ELSE reason END AS reason, coalesce(strategy, '') AS strategy,
        coalesce(symbol, '') AS symbol, count(*) AS count
      FROM staged_events WHERE reason_code IS NOT NULL GROUP BY 1, 2, 3, 4, 5, 6, 7
    )
    ${addTo("reason_rollups", REASON_KEYS, ["count"], widened(REASON_KEYS, ["count"]))};`;

const COUNT_SCORES = `
    WITH minutes AS (
      SELECT minute AS bucket, coalesce(symbol, '') AS symbol, score_bin, count(*) AS count, sum(score) AS sum
      FROM staged_events WHERE score IS NOT NULL GROUP BY 1, 2, 3
    )
    ${addTo("confidence_rollups", ["symbol", "score_bin"], ["count", "sum"], widened(["symbol", "score_bin"], ["count", "sum"]))};`;

const COUNT_CATEGORIES = `
    INSERT INTO category_rollups AS kept
    SELECT date_trunc('hour', timestamp, 'UTC'), event_type, coalesce(event_category, ''), count(*), count(duration_ms),
      coalesce(sum(duration_ms), 0)
    FROM staged_events GROUP BY 1, 2, 3
    ON CONFLICT (hour, event_type, event_category) DO UPDATE SET event_count = kept.event_count + excluded.event_count,
      duration_count = kept.duration_count + excluded.duration_count, duration_sum = kept.duration_sum + excluded.duration_sum;
    INSERT INTO user_rollups AS kept
    SELECT date_trunc('hour', timestamp, 'UTC'), event_type, coalesce(event_category, ''), user_id, count(*)
    FROM staged_events WHERE user_id IS NOT NULL GROUP BY 1, 2, 3, 4
    ON CONFLICT (hour, event_type, event_category, user_id) DO UPDATE SET event_count = kept.event_count + excluded.event_count;`;

/** All of them, to be run one after the other. */
export const COUNT_STATEMENTS: string = [COUNT_EVENTS, COUNT_REASONS, COUNT_SCORES, COUNT_CATEGORIES].join("\n");
