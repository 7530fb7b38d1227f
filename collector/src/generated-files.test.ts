// What lies in collector/ is what the code makes.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { collectorPath } from "./collector-path.ts";
import { withBlock } from "./generated-block.ts";
import { generatedFiles } from "./generated-files.ts";

describe("generated files", () => {
  it.each(generatedFiles().map(({ path, text }) => [path, text] as const))(
    "%s is what the code makes: node --conditions=@tracebook/source collector/src/write.ts",
    (path, text) => {
      expect(readFileSync(collectorPath(path), "utf8")).toBe(text);
    },
  );

  it("bear the names of an application that asks for its own", () => {
    const own = generatedFiles({ prefix: "basis_", signalPrefix: "webhook_" }).map(({ text }) => text);
    expect(own.join("\n")).not.toMatch(/tvtelegrambingx_|tradingview_signal/);
    expect(own.join("\n")).toContain("basis_order_transitions_total");
  });

  it("are refused where a handwritten file has lost its marks", () => {
    expect(() => withBlock("tempo.yaml", "redaction", [])).toThrow(
      'collector/tempo.yaml has no lines "# generated:start redaction"',
    );
  });
});
