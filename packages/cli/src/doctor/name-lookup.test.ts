import { describe, expect, it } from "vitest";
import { createNameLookup } from "./name-lookup.ts";

const names = createNameLookup(20_000, process.env);

describe("a lookup of names", () => {
  it("takes addresses as they are", async () => {
    expect(await names.resolve("192.0.2.7")).toEqual([{ address: "192.0.2.7", family: 4 }]);
    expect(await names.resolve("::1")).toEqual([{ address: "::1", family: 6 }]);
  });

  it("finds what the system finds, once for all who ask", async () => {
    const first = names.resolve("localhost");
    expect(names.resolve("localhost")).toBe(first);
    expect((await first).map(({ address }) => address)).toContain("127.0.0.1");
  });

  it("serves node:net in both of its ways", async () => {
    const one = await new Promise((resolve) => names.lookup("127.0.0.1", {}, (...answer) => resolve(answer)));
    const all = await new Promise((resolve) =>
      names.lookup("127.0.0.1", { all: true }, (...answer) => resolve(answer)),
    );
    expect(one).toEqual([null, "127.0.0.1", 4]);
    expect(all).toEqual([null, [{ address: "127.0.0.1", family: 4 }]]);
  });

  it("rejects with the system's code, or says that none came in time", async () => {
    await expect(names.resolve("collector.invalid")).rejects.toMatchObject({ code: expect.stringMatching(/^E|^NO_/) });
    await expect(createNameLookup(1, process.env).resolve("localhost")).rejects.toMatchObject({ code: "NO_ADDRESS" });
  });

  it.each(["/nowhere/node", "/bin/false", "/", "a\u0000b"])(
    "asks in this process where no other can be started, or that one dies: %j",
    async (node) => {
      const found = await createNameLookup(20_000, process.env, node).resolve("localhost");
      expect(found.map(({ address }) => address)).toContain("127.0.0.1");
    },
  );

  it("starts nothing that NODE_OPTIONS would have it start", async () => {
    const env = { ...process.env, NODE_OPTIONS: "--import /nowhere/at/all.mjs" };
    expect(await createNameLookup(20_000, env).resolve("localhost")).not.toEqual([]);
  });

  it("takes a name for a name, whatever it looks like", async () => {
    await expect(names.resolve("--eval")).rejects.toMatchObject({ code: expect.any(String) });
    await expect(names.resolve("a\u0000b")).rejects.toBeDefined();
  });
});
