// The figures of a case of the desk, in the shape that all cases have.
import type { FaultFigures } from "../../node/faults/fault-case.ts";
import type { Account } from "../../node/faults/harness/account.ts";

/** What stands in the table where the stock SDK would. */
export const NO_STOCK = "has no desk";

/** Figures of a desk: `accepted` is what was answered with 200, `delivered` what of it is in the file, `duplicates` what is there twice. */
export function deskFigures(account: Account, more: Readonly<Record<string, unknown>>): FaultFigures {
  const { accepted, delivered, spooled, dropped_by_reason, silent_loss, duplicates, invented } = account;
  return {
    accepted,
    delivered,
    spooled,
    dropped_by_reason,
    silent_loss,
    duplicates,
    invented,
    p99_us: null,
    loop_p99_ms: null,
    rss_peak_mib: null,
    exit_ms: null,
    ...more,
  };
}
