// How the page is built: hashed files that live for ever beside one index.html, all of it served by @tracebook/server.
import { defineConfig } from "vite";

export default defineConfig({
  // The page may be mounted below any path: addresses are relative, and resolved by the <base> that the server fills in.
  base: "./",
  resolve: { conditions: ["@tracebook/source", "module", "browser", "development|production"] },
  build: {
    target: "es2023",
    sourcemap: false,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    // Of libraries that are for servers as well: it means nothing here.
    rolldownOptions: { onLog: (level, log, next) => log.code !== "MODULE_LEVEL_DIRECTIVE" && next(level, log) },
  },
});
