import { expect, test } from "vitest";
import { serviceColors } from "./service-colors.ts";

test("each service has a colour of its own, the same wherever it comes up", () => {
  const colorOf = serviceColors(["bot", "exchange", "bot", "database"]);
  expect(new Set(["bot", "exchange", "database"].map(colorOf)).size).toBe(3);
  expect(colorOf("bot")).toBe(serviceColors(["bot"])("bot"));
});

test("more services than colours begin again, and an unknown one has a colour too", () => {
  const names = Array.from({ length: 20 }, (_, i) => `s${i}`);
  const colorOf = serviceColors(names);
  expect([...names, "unknown"].map(colorOf).every((color) => /^series-[1-6]$/.test(color))).toBe(true);
});
