// The contract of a store, on the ClickHouse engine.
import { describeOnClickhouse } from "../../test/clickhouse-server.ts";
import type { ContractStore } from "../../test/contract/contract-store.ts";
import { describeStoreContract } from "../../test/store-contract.ts";
import { openClickhouseStore } from "./clickhouse-store.ts";

/** To make a store takes a third of a second. */
const RUNS = 4;

describeOnClickhouse("a store on ClickHouse keeps the contract", (url) => {
  let opened = 0;
  const open = async (): Promise<ContractStore> =>
    openClickhouseStore({
      url: url(),
      database: `contract_${++opened}`,
      gatherMs: 0,
      maxPendingBytes: 1_073_741_824,
    });
  describeStoreContract("on ClickHouse", open, { runs: RUNS });
});
