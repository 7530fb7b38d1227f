// What the writers of a process share.
import type { CountLimits } from "./count-limits.ts";
import type { DayGuard } from "./day-guard.ts";
import type { InstanceNumbers } from "./instance-numbers.ts";
import type { WriteConnection } from "./write-connection.ts";

/** The one connection, and what is known of the database at its other end. */
export interface WriterParts {
  readonly connection: WriteConnection;
  readonly instances: InstanceNumbers;
  readonly days: DayGuard;
  /** Undefined until they were read. */
  limits: CountLimits | undefined;
}
