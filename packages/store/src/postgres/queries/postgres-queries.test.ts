import { describe } from "vitest";
import { usePostgresStores } from "../../../test/postgres-contract-store.ts";
import { HAS_POSTGRES } from "../../../test/postgres-database.ts";
import { describeStoreContract } from "../../../test/store-contract.ts";

describe.skipIf(!HAS_POSTGRES)("with a server", { timeout: 120_000 }, () => {
  describeStoreContract("the questions of PostgreSQL", usePostgresStores(), { runs: 5 });
});
