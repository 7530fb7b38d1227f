import { execFile } from "node:child_process";
import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { promisify } from "node:util";
import { afterEach, beforeEach, describe, expect, it } from "vitest";

const sockets = new Set<Socket>();
/** How many requests get an answer; the others wait for one for ever. */
let answers = 0;
let server: Server;
let url = "";

beforeEach(async () => {
  answers = 0;
  server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("data", () => {
      if (answers-- > 0) socket.write("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});

afterEach(async () => {
  for (const socket of sockets) socket.destroy();
  sockets.clear();
  await new Promise((resolve) => server.close(resolve));
});

/** Runs a program that posts `count` times, one after the other, and has nothing else to do once the last one is sent. */
async function post(count: number, address = url): Promise<string> {
  const program = `
    import { request } from "node:http";
        import { createIdleAgent } from ${JSON.stringify(new URL("./idle-agent.ts", import.meta.url).href)};
    const agent = createIdleAgent("http:", 1);
    process.on("beforeExit", () => process.stdout.write("through"));
    const hold = setInterval(() => {}, 1_000);
    const post = (left) => {
      if (left === 1) clearInterval(hold);
      const sent = request(${JSON.stringify(address)}, { agent, method: "POST" }, (response) => {
        process.stdout.write("answered ");
        response.resume().on("close", () => left > 1 && post(left - 1));
      });
      sent.on("error", () => {});
      sent.end("{}");
    };
    post(${count});
  `;
  const node = ["--conditions=@tracebook/source", "--input-type=module", "-e", program];
  // Ends a program that is kept, so that a failure leaves nothing running.
  return (await promisify(execFile)(process.execPath, node, { timeout: 10_000 })).stdout;
}

describe("a request by an idle agent", () => {
  it("that is never answered does not keep a program that is through", async () => {
    expect(await post(1)).toBe("through");
  });

  it("does not keep it either on a name with several addresses", async () => {
    expect(await post(1, url.replace("127.0.0.1", "localhost"))).toBe("through");
  });

  it("uses the same connection again, which does not keep the program", async () => {
    answers = 2;
    expect(await post(3)).toBe("answered answered through");
    expect(sockets.size).toBe(1);
  });
});
