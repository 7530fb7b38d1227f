import { expect, test } from "vitest";
import { exportStream } from "./export-stream.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

/** Pieces, and what became of them. */
function createPieces(texts: readonly string[], failsAt = Number.POSITIVE_INFINITY) {
  const state = { given: 0, isReturned: false, left: 0, cut: 0 };
  const pieces: AsyncIterable<Uint8Array> = {
    [Symbol.asyncIterator]: () => ({
      async next() {
        if (state.given === failsAt) throw new Error("the store is gone");
        const text = texts[state.given++];
        return text === undefined ? { done: true, value: undefined } : { done: false, value: bytes(text) };
      },
      async return() {
        state.isReturned = true;
        return { done: true, value: undefined };
      },
    }),
  };
  return { pieces, state, leave: () => state.left++, cut: () => state.cut++ };
}

test("all pieces come, and the place is given back once", async () => {
  const { pieces, state, leave, cut } = createPieces(["a", "b", "c"]);
  const stream = await exportStream(pieces, leave, cut);
  expect(await new Response(stream).text()).toBe("abc");
  expect(state).toMatchObject({ left: 1, cut: 0, isReturned: true });
});

test("no more is asked for than is taken, and who goes away ends it", async () => {
  const { pieces, state, leave, cut } = createPieces(Array.from({ length: 1_000 }, () => "x".repeat(1_000)));
  const stream = await exportStream(pieces, leave, cut);
  const reader = stream.getReader();
  await reader.read();
  expect(state.given).toBeLessThan(5);
  await reader.cancel();
  expect(state).toMatchObject({ left: 1, cut: 0, isReturned: true });
});

test("what fails at once can still be said", async () => {
  const { pieces, state, leave, cut } = createPieces([], 0);
  await expect(exportStream(pieces, leave, cut)).rejects.toThrow("the store is gone");
  expect(state).toMatchObject({ left: 1, cut: 0 });
});

test("what fails under way breaks the connection: half of a file is not taken for all of it", async () => {
  const { pieces, state, leave, cut } = createPieces(["a", "b"], 2);
  const reader = (await exportStream(pieces, leave, cut)).getReader();
  await reader.read();
  await reader.read();
  void reader.read().catch(() => {});
  await Promise.resolve();
  while (state.cut === 0) await new Promise((resolve) => setTimeout(resolve, 1));
  expect(state).toMatchObject({ left: 1, cut: 1, isReturned: true });
  const other = createPieces(["a"], 1);
  const failing = await exportStream(other.pieces, other.leave, undefined);
  await expect(new Response(failing).text()).rejects.toThrow("the store is gone");
});
