// A bot that looks something up in PostgreSQL in the middle of a tick; imports `pg` the ESM way.
import { defineFlow, startTelemetry } from "@tracebook/node";
import pg from "pg";
import { runQueries } from "./queries.cjs";

await runQueries({ defineFlow, startTelemetry, pg });
