import { defineConfig } from "tsup";

export default defineConfig({
  entry: ["src/index.ts", "src/register.ts", "src/doctor.ts"],
  format: "esm",
  target: "node22",
  dts: true,
  sourcemap: true,
  clean: true,
  // Optional dependencies are loaded if they are there, never bundled.
  external: [/^@opentelemetry\/instrumentation-/],
});
