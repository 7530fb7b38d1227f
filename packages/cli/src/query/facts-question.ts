// What the store itself is.
import { groupDigits } from "../digit-groups.ts";
import { showBytes } from "../doctor/quantity.ts";
import { printable } from "../printable.ts";
import type { Question } from "./question.ts";

/** `query facts`: the fields of `store` in the JSON of `GET /api/telemetry/health` that a file has. */
export const factsQuestion: Question = {
  name: "facts",
  summary: "what the store holds, and how large it is",
  options: [],
  ask: () => async (store, path) => {
    const facts = await store.facts();
    const { engine, engineVersion, schemaVersion, sizeBytes, logBytes, oldestTimestamp, newestTimestamp } = facts;
    const rows: (readonly [string, string])[] = [
      ["Database", printable(path, 256)],
      ["Engine", `${engine} ${engineVersion}, schema version ${schemaVersion}`],
      ["Size", `${showBytes(sizeBytes)}, and ${showBytes(logBytes)} of log`],
      ["Events", groupDigits(facts.events)],
      ["Decisions", groupDigits(facts.decisions)],
      ["Spans", groupDigits(facts.spans)],
      ["Oldest event", oldestTimestamp ?? "none"],
      ["Newest event", newestTimestamp ?? "none"],
    ];
    const json = {
      engine,
      engine_version: engineVersion,
      schema_version: schemaVersion,
      path,
      size_bytes: sizeBytes,
      log_bytes: logBytes,
      events: facts.events,
      decisions: facts.decisions,
      spans: facts.spans,
      oldest_timestamp: oldestTimestamp,
      newest_timestamp: newestTimestamp,
    };
    return { json, text: () => rows.map(([label, text]) => `${`${label}:`.padEnd(15)}${text}`) };
  },
};
