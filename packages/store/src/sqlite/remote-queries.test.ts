// Every question that a store answers, asked through its threads.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeStoreContract } from "../../test/store-contract.ts";
import { openSqliteStore } from "./index.ts";

// Two threads are started for each store: what is tried many times is tried so without them, see sqlite-queries.test.ts.
describeStoreContract(
  "the store on SQLite, through its threads",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "tracebook-store-"));
    const store = await openSqliteStore({ path: join(folder, "telemetry.db"), reserveBytes: 0 });
    return {
      ...store,
      async close() {
        await store.close();
        rmSync(folder, { recursive: true });
      },
    };
  },
  { runs: 1, concurrent: true },
);
