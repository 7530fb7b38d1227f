// The handle on the desk that is measured.
import { startChild } from "./child.ts";

/** What its process is told. */
export type DeskOrder =
  | { readonly kind: "open"; readonly path: string }
  | { readonly kind: "cost" }
  | { readonly kind: "close" };

/** What its process has cost since it began. */
export interface DeskCost {
  /** CPU time of all its threads. */
  readonly cpuMicros: number;
  readonly maxRssBytes: number;
}

/** A desk in a process of its own. */
export interface MeasuredDesk {
  readonly url: string;
  cost(): Promise<DeskCost>;
  /** Closes it, and ends the process: the file is whole then. */
  close(): Promise<void>;
  /** Ends the process, closed or not. */
  end(): Promise<void>;
}

/** Opens a desk over the database at `path`, on a port of the system's choice. */
export async function openMeasuredDesk(path: string): Promise<MeasuredDesk> {
  const child = startChild<DeskOrder>(new URL("./desk-process.ts", import.meta.url), "the desk");
  const url = await child.ask<string>({ kind: "open", path }).catch(async (error: unknown) => {
    await child.end();
    throw error;
  });
  return {
    url,
    cost: () => child.ask({ kind: "cost" }),
    async close() {
      await child.ask({ kind: "close" });
      await child.end();
    },
    end: () => child.end(),
  };
}
