import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/market-data.ts", "src/exchange/main.ts", "src/trader/main.ts"],
  format: "esm",
  target: "node22",
  dts: false,
  sourcemap: true,
  clean: true,
});
