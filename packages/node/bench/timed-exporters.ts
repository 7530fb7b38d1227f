// @tracebook/exporters as @tracebook/node is given it by timed-imports.ts: the same, with the time of its export calls noted.
//
// An export call of ours is what happens when a request is full: it is closed, handed to its lane and, if the lane is free, sent; or
// taken from the lane and sent later. What is on the way from there is asynchronous.
import * as real from "@tracebook/exporters";
import { timeExportCall } from "./export-call-log.ts";

// biome-ignore lint/performance/noReExportAll: it stands in for the whole package, whatever that exports
export * from "@tracebook/exporters";

/** With the time from the full block to its request. */
export const createOtlpBlocks: typeof real.createOtlpBlocks = (options) =>
  real.createOtlpBlocks({ ...options, onBlock: (block) => timeExportCall(() => options.onBlock(block)) });

/** With the time in which spans and log records are given to the network. */
export const createDelivery: typeof real.createDelivery = (options) => {
  const delivery = real.createDelivery(options);
  return Object.create(delivery, {
    lane: {
      value: (name: real.SpoolLaneName, sender: real.OtlpSender) =>
        delivery.lane(name, name.signal === "metrics" ? sender : timedSender(sender)),
    },
  });
};

function timedSender(sender: real.OtlpSender): real.OtlpSender {
  return {
    destination: sender.destination,
    send: (request) => timeExportCall(() => sender.send(request)),
    close: () => sender.close(),
  };
}
