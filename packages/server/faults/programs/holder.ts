// Another program that has the database open: it takes the lock, or reads for long, for as long as it is told to.
import { DatabaseSync } from "node:sqlite";
import { answerOrders } from "../desk/answer-orders.ts";

/** What it is told. */
export type HolderOrder = "write" | "read" | "let go";

const database = new DatabaseSync(process.argv[2] ?? "", { timeout: 60_000 });

answerOrders<HolderOrder>((order) => {
  switch (order) {
    case "write":
      return database.exec("BEGIN IMMEDIATE");
    case "read":
      database.exec("BEGIN");
      // A transaction begins with its first look.
      return database.prepare("SELECT count(*) AS events FROM telemetry_events").get()?.["events"];
    case "let go":
      return database.exec("ROLLBACK");
  }
});
