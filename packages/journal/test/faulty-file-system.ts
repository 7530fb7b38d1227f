// The real file system with faults in between: an error at a chosen call, once or from then on.
import { type JournalFileSystem, nodeFileSystem } from "../src/index.ts";

/** What goes wrong. */
export interface Fault {
  readonly code: string;
  /** From 1; calls are counted over all `operations`. */
  atCall: number;
  /** One call, or every call from there on, until `atCall` is set to Infinity. */
  readonly isPersistent: boolean;
  /** Which calls count and fail; default: all that can fail. */
  readonly operations?: readonly (keyof JournalFileSystem)[];
  /** A failing write takes this many bytes and says so, and the next one fails. */
  readonly shortWriteBytes?: number;
}

const ALL = ["open", "write", "read", "mkdir", "stat", "fstat", "rename", "unlink", "close", "readdir"] as const;

/** Counts the calls and lets the chosen ones fail. */
export function createFaultyFileSystem(fault: Fault): JournalFileSystem & { readonly calls: number } {
  let calls = 0;
  let isShort = fault.shortWriteBytes !== undefined;
  const isDue = (operation: keyof JournalFileSystem) => {
    if (!(fault.operations ?? ALL).includes(operation)) return false;
    calls++;
    return fault.isPersistent ? calls >= fault.atCall : calls === fault.atCall;
  };
  const failure = () => Object.assign(new Error(`${fault.code}: injected`), { code: fault.code });
  const faulty: Record<string, unknown> = {};
  for (const [operation, call] of Object.entries(nodeFileSystem) as [
    keyof JournalFileSystem,
    (...args: never[]) => unknown,
  ][])
    faulty[operation] = (...args: never[]) => {
      if (!isDue(operation)) return call(...args);
      if (operation === "fsync") return ((args as unknown[])[1] as (error: Error) => void)(failure());
      if (operation === "write" && isShort) {
        isShort = false;
        fault.atCall = calls + 1;
        const [fd, bytes, from] = args as unknown as [number, Uint8Array, number];
        return nodeFileSystem.write(fd, bytes, from, fault.shortWriteBytes!);
      }
      // The system closes a descriptor even when it reports an error.
      if (operation === "close") call(...args);
      throw failure();
    };
  return Object.defineProperty(faulty, "calls", { get: () => calls }) as unknown as JournalFileSystem & {
    calls: number;
  };
}
