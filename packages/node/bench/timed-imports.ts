// Lets this process import @tracebook/exporters with its export calls timed. Import it before anything of Tracebook's.
import { registerHooks } from "node:module";

const TIMED = new URL("./timed-exporters.ts", import.meta.url).href;

registerHooks({
  resolve(specifier, context, nextResolve) {
    if (specifier !== "@tracebook/exporters" || context.parentURL === TIMED) return nextResolve(specifier, context);
    return { url: TIMED, format: "module-typescript", shortCircuit: true };
  },
});
