// Sockets for exports: kept open between them, and never a reason for the process to live on.
import { type AgentOptions, type ClientRequest, Agent as HttpAgent } from "node:http";
import { Agent as HttpsAgent } from "node:https";
import { Socket } from "node:net";
import type { Duplex } from "node:stream";

/**
 * Makes the agent for a protocol (`http:`, `https:`). A program that is through ends while a request still waits for its answer;
 * whoever wants to wait for it (a flush, a shutdown) holds the process by a timer of its own.
 */
export function createIdleAgent(protocol: string, maxSockets: number): HttpAgent {
  const options: AgentOptions = { keepAlive: true, maxSockets };
  const agent = protocol === "https:" ? new HttpsAgent(options) : new HttpAgent(options);
  const connect = agent.createConnection.bind(agent);
  agent.createConnection = (...args) => {
    const socket = connect(...args);
    if (socket instanceof Socket) release(socket);
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

function release(socket: Socket): void {
  const unref = (): void => void socket.unref();
  unref();
  // A name with several addresses is tried with one handle after the other, each of which begins by holding the process.
  socket.on("connectionAttempt", unref);
  socket.once("connect", unref);
}
