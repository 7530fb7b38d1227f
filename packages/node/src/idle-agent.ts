// Sockets for exports: kept open between them, and never a reason for the process to live on.
import { type AgentOptions, type ClientRequest, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";

/** What differs between signals. */
export interface IdleAgentOptions {
  readonly maxSockets: number;
  /**
   * Takes the code off errors of connections. The exporters of OpenTelemetry try errors of certain codes again by timers of their own,
   * which hold the process: for signals whose pump tries again itself, one of the two is too many.
   */
  readonly hidesErrorCodes: boolean;
}

/**
 * Makes the agent for a protocol (`http:`, `https:`). A program that is through ends while a request still waits for its answer;
 * whoever wants to wait for it (a flush, a shutdown) holds the process by a timer of its own.
 */
export function createIdleAgent(protocol: string, options: IdleAgentOptions): HttpAgent {
  const agentOptions: AgentOptions = { keepAlive: true, maxSockets: options.maxSockets };
  const agent = protocol === "https:" ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (...args) => {
    const socket = connect(...args);
    if (socket instanceof Socket) release(socket, options.hidesErrorCodes);
    return socket;
  };
  const reuse = agent.reuseSocket.bind(agent);
  agent.reuseSocket = (socket: Duplex, request: ClientRequest) => {
    // The agent of Node lets the process go while a socket is idle, and takes hold of it again for the next request.
    reuse(socket, request);
    if (socket instanceof Socket) socket.unref();
  };
  return agent;
}

function release(socket: Socket, hidesErrorCodes: boolean): void {
  const unref = (): void => void socket.unref();
  unref();
  // A name with several addresses is tried with one handle after the other, each of which begins by holding the process.
  socket.on("connectionAttempt", unref);
  socket.once("connect", unref);
  if (hidesErrorCodes) socket.prependListener("error", hideCode);
}

function hideCode(error: NodeJS.ErrnoException): void {
  // The message of a system error names the code as well.
  delete error.code;
}
