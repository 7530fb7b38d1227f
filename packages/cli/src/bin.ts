#!/usr/bin/env node
// The command `tracebook`.
import { processIo } from "./process-io.ts";
import { runCli } from "./run-cli.ts";

const exitCode = await runCli(process.argv.slice(2), processIo());
// A failed write to stdout has set a code of its own.
process.exitCode ||= exitCode;
