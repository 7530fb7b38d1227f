// The lists of Redis in memory, for tests of the queue: the same commands, and answers that get lost on request.
import type { RedisLists, RedisTransaction, WaitingLists } from "../src/backend/signal-queue.ts";

/** The lists. */
export interface MemoryRedis extends RedisLists, WaitingLists {
  readonly lists: Map<string, string[]>;
  /** The next command is carried out, and its answer never comes. */
  loseNextAnswer(): void;
}

type End = "LEFT" | "RIGHT";

/** Makes empty ones. */
export function createMemoryRedis(): MemoryRedis {
  const lists = new Map<string, string[]>();
  let isLosing = false;
  const listOf = (key: string): string[] => {
    const known = lists.get(key) ?? [];
    lists.set(key, known);
    return known;
  };
  const answer = async <T>(run: () => T): Promise<T> => {
    const result = run();
    const isLost = isLosing;
    isLosing = false;
    if (isLost) throw new Error("Socket closed unexpectedly");
    return result;
  };
  const move = (from: string, to: string, fromEnd: End, toEnd: End): string | null => {
    const value = fromEnd === "LEFT" ? listOf(from).shift() : listOf(from).pop();
    if (value === undefined) return null;
    if (toEnd === "LEFT") listOf(to).unshift(value);
    else listOf(to).push(value);
    return value;
  };
  const remove = (key: string, value: string): number => {
    const at = listOf(key).indexOf(value);
    return at < 0 ? 0 : listOf(key).splice(at, 1).length;
  };
  return {
    lists,
    loseNextAnswer: () => {
      isLosing = true;
    },
    rPush: (key, value) => answer(() => listOf(key).push(value)),
    lRem: (key, _count, value) => answer(() => remove(key, value)),
    lLen: (key) => answer(() => listOf(key).length),
    lMove: (from, to, fromEnd, toEnd) => answer(() => move(from, to, fromEnd, toEnd)),
    blMove: async (from, to, fromEnd, toEnd) => {
      // Nothing comes while it waits, but others get their turn.
      await new Promise((resolve) => setImmediate(resolve));
      return answer(() => move(from, to, fromEnd, toEnd));
    },
    multi() {
      const commands: (() => void)[] = [];
      const transaction: RedisTransaction = {
        lRem: (key, _count, value) => queue(() => remove(key, value)),
        lPush: (key, value) => queue(() => listOf(key).unshift(value)),
        rPush: (key, value) => queue(() => listOf(key).push(value)),
        // Only as it is used: what is left are the last ones.
        lTrim: (key, from) => queue(() => lists.set(key, listOf(key).slice(from))),
        exec: () => answer(() => commands.map((command) => command())),
      };
      const queue = (command: () => void): RedisTransaction => {
        commands.push(command);
        return transaction;
      };
      return transaction;
    },
  };
}
