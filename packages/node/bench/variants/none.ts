// Nobody watches: the work of the tick alone. What every other figure is net of.
import { TickWork } from "../tick-work.ts";
import { NO_OUTPUT, type Variant } from "../variant.ts";

/** The uninstrumented tick. */
export async function createNone(): Promise<Variant> {
  const work = new TickWork();
  return {
    ...NO_OUTPUT,
    tick(index) {
      work.updateBook(index);
      const signal = work.findSignal(index);
      const verdict = work.assess(index);
      work.send(verdict);
      work.acknowledge(signal);
      return undefined;
    },
  };
}

/** `judge` and nothing else: the part of the tick that is arithmetic. */
export async function createJudge(): Promise<Variant> {
  const work = new TickWork();
  return {
    ...NO_OUTPUT,
    tick(index) {
      work.send(work.assess(index));
      return undefined;
    },
  };
}

/** The uninstrumented tick as an async function that waits once: what async `run` is net of. */
export async function createAsyncNone(): Promise<Variant> {
  const work = new TickWork();
  const answered = Promise.resolve();
  const handle = async (index: number): Promise<void> => {
    work.updateBook(index);
    const signal = work.findSignal(index);
    const verdict = work.assess(index);
    work.send(verdict);
    await answered;
    work.acknowledge(signal);
  };
  return { ...NO_OUTPUT, tick: (index) => handle(index) };
}
