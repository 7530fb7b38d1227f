// The command `tracebook` for programs that embed it.
export type { CliIo, CliOutput } from "./cli-io.ts";
export { runCli } from "./run-cli.ts";
