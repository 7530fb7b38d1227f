// What a launcher needs to know of the scanner; its process is `@tracebook-examples/scanner/main`.
export type { ScannerMessage } from "./scanner-message.ts";
export type { ScannerReport } from "./scanner-report.ts";
export { DEFAULT_WATCHLIST } from "./watchlist.ts";
