// What the scanner's process tells its parent. Of its parent it hears `{ type: "stop" }`.
import type { ScannerReport } from "./scanner-report.ts";

/** One message: `ready` once, `status` after every scan, `ended` last; `failed` instead of all that. */
export type ScannerMessage =
  | { readonly type: "ready"; readonly profile: string; readonly symbols: readonly string[] }
  | { readonly type: "status"; readonly report: ScannerReport; readonly telemetry: string }
  | { readonly type: "ended"; readonly report: ScannerReport }
  | { readonly type: "failed"; readonly message: string };
