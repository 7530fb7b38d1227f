// A desk in a process of its own, which tells how it stands. Forked by desk-child.ts.
import { openSqliteStore } from "@tracebook/store/sqlite";
import { openTickWindow } from "../../../node/faults/bot/tick-window.ts";
import { type Desk, openDesk } from "../../src/index.ts";
import { answerOrders } from "./answer-orders.ts";
import type { DeskLook, DeskOrder, DeskPlan, OpenedDesk } from "./desk-child.ts";

const plan = JSON.parse(process.argv[2] ?? "{}") as DeskPlan;
let desk: Desk | undefined;
let window = openTickWindow("start");

async function open(): Promise<OpenedDesk> {
  const fromMs = performance.now();
  const { path, busyTimeoutMs } = plan;
  const store = busyTimeoutMs === undefined ? undefined : await openSqliteStore({ path, busyTimeoutMs });
  desk = await openDesk({ path, port: 0, store });
  return { url: desk.url, openMs: Math.round(performance.now() - fromMs) };
}

function look(opened: Desk): DeskLook {
  const ended = window.end();
  window = openTickWindow("next");
  return {
    window: ended,
    store: opened.store.health(),
    problems: opened.health().problems,
    prototype: Reflect.ownKeys(Object.prototype).map(String),
  };
}

async function obey(order: DeskOrder): Promise<unknown> {
  if (order.kind === "open") return open();
  if (desk === undefined) throw new Error("the desk is not open yet");
  if (order.kind === "look") return look(desk);
  if (order.kind === "health") return desk.store.health();
  if (order.kind === "cleanUp") return desk.store.cleanUp(order.options);
  await desk.close();
  if (plan.busyTimeoutMs !== undefined) await desk.store.close();
  return undefined;
}

answerOrders(obey);
