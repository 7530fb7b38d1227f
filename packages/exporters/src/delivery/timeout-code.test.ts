// How far a request had come: found out at the moments that count, without waiting for any of them to pass.
import { once } from "node:events";
import { Agent, type ClientRequest, request } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { startReceiver, startSocketReceiver } from "../../test/receivers.ts";
import { watchTimeoutCode } from "./timeout-code.ts";

function open(...args: Parameters<typeof request>): ClientRequest {
  const made = request(...args);
  made.on("error", () => {});
  onTestFinished(() => void made.destroy());
  return made;
}

describe("a request that is out of time", () => {
  it("has no address while its name is looked up", async () => {
    const made = open("http://collector.example/", { agent: false, lookup: () => {} });
    const code = watchTimeoutCode(made, "collector.example");
    made.end();
    await once(made, "socket");
    expect(code()).toBe("NO_ADDRESS");
  });

  it("has an address and no connection once the name is found", async () => {
    let find = (): void => {};
    const made = open("http://collector.example:1/", {
      agent: false,
      lookup: (_, __, done) => {
        // 192.0.2.0/24 is nobody's (RFC 5737).
        find = () => done(null, [{ address: "192.0.2.1", family: 4 }]);
      },
    });
    const code = watchTimeoutCode(made, "collector.example");
    made.end();
    const [socket] = await once(made, "socket");
    socket.once("lookup", () => expect(code()).toBe("NO_CONNECTION"));
    find();
    expect.assertions(1);
  });

  it.each(["127.0.0.1", "[::1]"])("has an address from the beginning where the URL has %s", async (hostname) => {
    const made = open(await startSocketReceiver(() => {}), { agent: false });
    const code = watchTimeoutCode(made, hostname);
    made.end();
    await once(made, "socket");
    expect(code()).toBe("NO_CONNECTION");
  });

  it("has a connection and no answer", async () => {
    const url = await startSocketReceiver(() => {});
    const made = open(url, { agent: false });
    const code = watchTimeoutCode(made, "127.0.0.1");
    made.end();
    const [socket] = await once(made, "socket");
    await once(socket, "connect");
    expect(code()).toBe("TIMEOUT");
  });

  it("has one from the beginning where it is used again, and leaves no listener behind", async () => {
    const { url } = await startReceiver((response) => response.end());
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    onTestFinished(() => agent.destroy());
    for (let i = 0; i < 3; i++) {
      const made = open(url, { agent });
      const code = watchTimeoutCode(made, "localhost");
      made.end();
      const [socket] = await once(made, "socket");
      if (i > 0) expect([code(), socket.listenerCount("lookup")]).toEqual(["TIMEOUT", 1]);
      const [response] = await once(made, "response");
      response.resume();
      await once(response, "end");
    }
  });
});
