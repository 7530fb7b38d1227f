// Lets instrumentations see modules: CommonJS by the instrumentations' own hook, ES modules by a loader hook, built-ins by a re-sync.
import { createRequire, register, syncBuiltinESMExports } from "node:module";
import { tracebookSlot } from "@tracebook/core/extension";

/** The packages that are instrumented when the host uses them. */
export const INSTRUMENTED_PACKAGES = ["pg", "pg-pool", "pino"] as const;

/** Hooks stay for the life of the process: telemetry that is started again finds them. */
const SHARED_KEY = "node.module_hooks";

/**
 * Installs the hook for ES modules, for the named packages only, so that no other import pays. Call it before the host's first
 * import. Returns a line to print when this Node.js cannot do it.
 */
export async function installModuleHooks(packages: readonly string[]): Promise<string | undefined> {
  const { shared } = tracebookSlot();
  if (packages.length === 0 || shared.has(SHARED_KEY)) return undefined;
  shared.set(SHARED_KEY, true);
  try {
    const hooks = await import("import-in-the-middle/register-hooks.mjs");
    // Synchronous hooks run in this thread; older releases of Node.js 22 and 24 need the loader thread.
    if (hooks.supportsSyncHooks()) hooks.register({ include: [...packages] });
    else register("import-in-the-middle/hook.mjs", import.meta.url, { data: { include: [...packages] } });
    return undefined;
  } catch (error) {
    return `ES modules are not instrumented (${(error as Error).message}); CommonJS modules are`;
  }
}

/** Patches `http` and `https` now, in place, and makes the change visible to `import { request } from "node:http"`. */
export function patchBuiltins(): void {
  const require = createRequire(import.meta.url);
  require("node:http");
  require("node:https");
  syncBuiltins();
}

/** Makes what was patched or restored in `http` and `https` visible to ES modules. */
export function syncBuiltins(): void {
  syncBuiltinESMExports();
}

/** The names of instrumented packages that the host has loaded already, too early to be seen. */
export function loadedTooEarly(packages: readonly string[]): string[] {
  const cache = createRequire(import.meta.url).cache ?? {};
  const files = Object.keys(cache);
  return packages.filter((name) => files.some((file) => isInPackage(file, name)));
}

function isInPackage(file: string, name: string): boolean {
  const path = file.replaceAll("\\", "/");
  const at = path.lastIndexOf("/node_modules/");
  return at >= 0 && path.startsWith(`${name}/`, at + "/node_modules/".length);
}
