// Preloaded: a wall clock that steps, each time the process gets SIGUSR2, by the next of a list. Monotonic time goes on as ever.
const steps = JSON.parse(process.env["FAULT_CLOCK_STEPS"] ?? "[]") as (number | "frozen")[];
const RealDate = Date;
const realNow = RealDate.now.bind(RealDate);
let offsetMs = 0;
let frozenAtMs: number | undefined;
let next = 0;

function now(): number {
  return frozenAtMs ?? realNow() + offsetMs;
}

process.on("SIGUSR2", () => {
  const step = steps[next++];
  frozenAtMs = step === "frozen" ? now() : undefined;
  // Each is an offset from the true time, so that the last one, 0, sets the clock right.
  if (typeof step === "number") offsetMs = step;
});

globalThis.Date = new Proxy(RealDate, {
  construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  apply: () => new RealDate(now()).toString(),
  get: (target, key) => (key === "now" ? now : Reflect.get(target, key)),
});
