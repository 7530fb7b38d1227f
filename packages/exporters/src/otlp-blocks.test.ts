// Blocks of entries: closed when full, by the timer or by hand, with no more memory than they need.
import { describe, expect, it, vi } from "vitest";
import { createOtlpBlocks, type OtlpBlock } from "./otlp-blocks.ts";
import type { OtlpEnvelope } from "./otlp-envelope.ts";

const envelope: OtlpEnvelope = { room: 16, wrap: ({ bytes }) => bytes, wrapAll: () => new Uint8Array(0) };

function openBlocks(options: { maxItems?: number; maxBytes?: number; delayMs?: number } = {}) {
  const closed: OtlpBlock[] = [];
  const blocks = createOtlpBlocks({
    envelope,
    maxItems: 100,
    delayMs: 60_000,
    onBlock: (block) => closed.push(block),
    ...options,
  });
  const add = (text: string): void => {
    blocks.writer.copy(Buffer.from(text));
    blocks.added(1);
  };
  return { blocks, closed, add };
}

const textOf = ({ bytes, length }: OtlpBlock): string => bytes.toString("latin1", envelope.room, length);

describe("blocks", () => {
  it("close at the limit of items, and at a megabyte however few they are", () => {
    const { closed, add } = openBlocks();
    for (let i = 0; i < 250; i++) add("x");
    expect(closed.map(({ items }) => items)).toEqual([100, 100]);
    add("y".repeat(1_100_000));
    expect(closed.map(({ items }) => items)).toEqual([100, 100, 51]);
  });

  it("close at fewer bytes, where they are told so", () => {
    const { closed, add } = openBlocks({ maxBytes: 1_000 });
    for (let i = 0; i < 8; i++) add("z".repeat(300));
    expect(closed.map(({ items }) => items)).toEqual([4, 4]);
    const { closed: more, add: addMore } = openBlocks({ maxBytes: 10_000_000 });
    addMore("y".repeat(1_100_000));
    expect(more).toHaveLength(1);
  });

  it("close after the delay, counted from their first item", async () => {
    const { closed, add } = openBlocks({ delayMs: 10 });
    add("one");
    add("two");
    await vi.waitFor(() => expect(closed.map(textOf)).toEqual(["onetwo"]));
  });

  it("that are small wait in small buffers, also after a large one: a dead receiver in a quiet market fills no memory", () => {
    const { blocks, closed, add } = openBlocks();
    add("z".repeat(1_100_000));
    for (let i = 0; i < 1_000; i++) {
      add(`span ${i}`);
      blocks.close();
    }
    const waiting = closed.slice(1);
    expect(waiting.map(textOf)).toEqual(Array.from({ length: 1_000 }, (_, i) => `span ${i}`));
    expect(waiting.reduce((sum, { bytes }) => sum + bytes.buffer.byteLength, 0)).toBeLessThan(100_000);
  });

  it("keep what they hold while others are written, and their buffers are used again only when given back", () => {
    const { blocks, closed, add } = openBlocks();
    const large = (letter: string): string => letter.repeat(60_000);
    add(large("a"));
    blocks.close();
    add(large("b"));
    blocks.close();
    expect(closed.map((block) => textOf(block)[0])).toEqual(["a", "b"]);
    blocks.recycle(closed[0]!);
    add(large("c"));
    blocks.close();
    add(large("d"));
    expect([textOf(closed[1]!)[0], textOf(closed[2]!)[0]]).toEqual(["b", "c"]);
    expect(closed.map((block) => textOf(block).length)).toEqual([60_000, 60_000, 60_000]);
  });
});
