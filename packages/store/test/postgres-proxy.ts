// What lies between a store and its server, and goes wrong there.
import { connect, createServer, type Socket } from "node:net";

/** A proxy in front of a server. */
export interface PostgresProxy {
  /** The URL that leads through it. */
  readonly url: string;
  /** From now on every piece comes so much later, in both directions. */
  delay(ms: number): void;
  /** Resolves when a piece with `text` has come from a client, which is cut off before the server has it. */
  cutBefore(text: string): Promise<void>;
  /** The server gets a piece with `text`, and its client hears nothing any more, until it is cut off: when the promise of `until` resolves. */
  cutAfter(text: string, until: () => Promise<unknown>): Promise<void>;
  /** Cuts off everybody, and takes nobody any more. */
  close(): Promise<void>;
}

/** What is to be done to the client that sends a text. */
interface Trap {
  readonly text: string;
  readonly until: (() => Promise<unknown>) | undefined;
  readonly sprung: () => void;
}

/** Starts a proxy in front of the server of `url`. */
export async function startPostgresProxy(url: string): Promise<PostgresProxy> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let delayMs = 0;
  let trap: Trap | undefined;
  const server = createServer((client) => {
    const upstream = connect(Number(target.port), target.hostname);
    let isMute = false;
    const cut = () => {
      client.destroy();
      upstream.destroy();
    };
    const later = (work: () => void) => (delayMs > 0 ? void setTimeout(work, delayMs) : work());
    client.on("data", (piece: Buffer) => {
      const sprung = trap !== undefined && piece.includes(trap.text) ? trap : undefined;
      if (sprung === undefined) return later(() => upstream.write(piece));
      trap = undefined;
      isMute = true;
      if (sprung.until === undefined) cut();
      else upstream.write(piece);
      void Promise.resolve(sprung.until?.()).then(() => {
        cut();
        sprung.sprung();
      });
    });
    upstream.on("data", (piece) => later(() => (isMute ? undefined : client.write(piece))));
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      socket.on("error", () => {});
      // A client that hears nothing does not hear either that its server is gone.
      socket.on("close", () => {
        sockets.delete(socket);
        if (!isMute) cut();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const through = new URL(url);
  through.port = String((server.address() as { port: number }).port);
  const set = (text: string, until?: () => Promise<unknown>) =>
    new Promise<void>((resolve) => {
      trap = { text, until, sprung: resolve };
    });
  return {
    url: through.href,
    delay: (ms) => {
      delayMs = ms;
    },
    cutBefore: (text) => set(text),
    cutAfter: set,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        for (const socket of sockets) socket.destroy();
      }),
  };
}
