import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { criticalGaps, partsLength, uncoveredParts } from "./span-gaps.ts";
import { buildSpanTree, openNodes, type SpanTree } from "./span-tree.ts";
import { TEST_START, testSpan } from "./test-span.ts";

const names = ({ nodes }: SpanTree) => nodes.map(({ span, depth }) => `${"  ".repeat(depth)}${span.span_id}`);

describe("the tree of a trace", () => {
  test("children stand below their parent, by start, whatever the order they come in", () => {
    const tree = buildSpanTree([
      testSpan("late", "root", 50, 10),
      testSpan("inner", "early", 10, 5),
      testSpan("root", null, 0, 100),
      testSpan("early", "root", 5, 20),
    ]);
    expect(names(tree)).toEqual(["root", "  early", "    inner", "  late"]);
    expect(tree.nodes.map((node) => node.descendants)).toEqual([3, 1, 0, 0]);
  });

  test("times are nanoseconds since the first start, exact across the microsecond", () => {
    const tree = buildSpanTree([testSpan("b", "a", 1_234_567, 1), testSpan("a", null, 999, 2_000_000)]);
    expect(tree.nodes.map(({ start, end }) => [start, end])).toEqual([
      [0, 2_000_000],
      [1_233_568, 1_233_569],
    ]);
    expect(tree.startMicros).toBe(TEST_START);
    expect(tree.startNanos).toBe(999);
    expect(tree.duration).toBe(2_000_000);
  });

  test("a span whose parent is elsewhere is a root, and says so", () => {
    const tree = buildSpanTree([testSpan("a", null, 0, 10), testSpan("b", "elsewhere", 2, 3)]);
    expect(tree.nodes.map(({ depth, problem }) => [depth, problem])).toEqual([
      [0, undefined],
      [0, "orphan"],
    ]);
  });

  test("spans that name each other as parents are cut at the one that began first", () => {
    const tree = buildSpanTree([
      testSpan("a", "c", 5, 10),
      testSpan("b", "a", 6, 3),
      testSpan("c", "b", 7, 3),
      testSpan("d", "b", 8, 1),
    ]);
    expect(names(tree)).toEqual(["a", "  b", "    c", "    d"]);
    expect(tree.nodes[0]?.problem).toBe("cycle");
    expect(buildSpanTree([testSpan("self", "self", 0, 1)]).nodes[0]?.problem).toBe("cycle");
  });

  test("of two spans with one id both are shown, and children belong to the first", () => {
    const tree = buildSpanTree([testSpan("a", null, 0, 10), testSpan("a", null, 1, 10), testSpan("b", "a", 2, 3)]);
    expect(names(tree)).toEqual(["a", "  b", "a"]);
  });

  test("ten thousand spans, each the child of the one before, are no problem", () => {
    const spans = Array.from({ length: 10_000 }, (_, i) => testSpan(`s${i}`, i === 0 ? null : `s${i - 1}`, i, 1));
    expect(buildSpanTree(spans).nodes.at(-1)?.depth).toBe(9_999);
  });

  test("damaged times and durations are at the beginning and without length", () => {
    const tree = buildSpanTree([
      testSpan("a", null, 0, 10),
      testSpan("b", "a", 0, Number.NaN, { start_time: "yesterday" }),
      testSpan("c", "a", 0, -5),
    ]);
    expect(tree.nodes.slice(1).map(({ start, end }) => [start, end])).toEqual([
      [0, 0],
      [0, 0],
    ]);
    expect(buildSpanTree([]).duration).toBe(1);
  });

  test("every span is there once, whatever the parents are", () => {
    const id = fc.constantFrom(..."abcdefgh");
    const spans = fc.array(
      fc
        .tuple(id, fc.option(id), fc.nat(100), fc.nat(100))
        .map(([one, parent, at, length]) => testSpan(one, parent, at, length)),
      { maxLength: 20 },
    );
    fc.assert(
      fc.property(spans, (given) => {
        const { nodes } = buildSpanTree(given);
        expect(new Set(nodes.map(({ span }) => span))).toEqual(new Set(given));
        expect(nodes.length).toBe(given.length);
        for (const node of nodes) {
          expect(nodes[node.place]).toBe(node);
          if (node.parent !== undefined) expect(node.parent.place).toBeLessThan(node.place);
          expect(node.descendants).toBe(node.children.reduce((sum, child) => sum + child.descendants + 1, 0));
        }
      }),
    );
  });
});

test("closed spans hide all that is below them, and nothing else", () => {
  const tree = buildSpanTree([
    testSpan("root", null, 0, 100),
    testSpan("a", "root", 1, 10),
    testSpan("a1", "a", 2, 3),
    testSpan("b", "root", 20, 10),
  ]);
  const shown = (closed: string[]) => openNodes(tree, new Set(closed)).map(({ span }) => span.span_id);
  expect(shown([])).toEqual(["root", "a", "a1", "b"]);
  expect(shown(["a"])).toEqual(["root", "a", "b"]);
  expect(shown(["root", "a"])).toEqual(["root"]);
  expect(shown(["unknown"])).toEqual(["root", "a", "a1", "b"]);
});

describe("gaps", () => {
  test("the time between children, before the first and after the last is not covered", () => {
    const [root] = buildSpanTree([
      testSpan("root", null, 0, 100),
      testSpan("a", "root", 10, 20),
      testSpan("b", "root", 20, 30),
      testSpan("c", "root", 60, 100),
    ]).nodes;
    expect(uncoveredParts(root!)).toEqual([
      { from: 0, to: 10 },
      { from: 50, to: 60 },
    ]);
  });

  test("a span without children has none: all of it is its own work", () => {
    expect(uncoveredParts(buildSpanTree([testSpan("a", null, 0, 5)]).nodes[0]!)).toEqual([]);
  });

  test("only gaps of a twentieth of the trace matter", () => {
    const tree = buildSpanTree([
      testSpan("root", null, 0, 100),
      testSpan("a", "root", 4, 46),
      testSpan("b", "root", 55, 45),
    ]);
    expect(criticalGaps(tree.nodes[0]!, tree)).toEqual([{ from: 50, to: 55 }]);
  });

  test("what is covered and what is not add up to the duration, exact", () => {
    const child = fc.tuple(fc.integer({ min: -50, max: 150 }), fc.nat(80));
    fc.assert(
      fc.property(fc.nat(100), fc.array(child, { minLength: 1, maxLength: 8 }), (length, given) => {
        const children = given.map(([at, long], i) => testSpan(`c${i}`, "root", 1_000 + at, long));
        const tree = buildSpanTree([testSpan("root", null, 1_000, length), ...children]);
        const root = tree.byId.get("root")!;
        let covered = 0;
        for (let at = root.start; at < root.end; at++)
          if (root.children.some(({ start, end }) => start <= at && at < end)) covered++;
        expect(covered + partsLength(uncoveredParts(root))).toBe(length);
      }),
    );
  });
});
