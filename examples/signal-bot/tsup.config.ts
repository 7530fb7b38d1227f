import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/main.ts", "src/world/main.ts", "src/backend/main.ts", "src/bot/main.ts"],
  format: "esm",
  target: "node22",
  dts: false,
  sourcemap: true,
  clean: true,
});
