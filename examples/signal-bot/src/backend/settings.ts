// What the environment of the backend has to say, read once, before anything is connected.

import { DATABASE_URL, parseServerUrl, REDIS_URL } from "../shared/server-url.ts";
import { portSetting, requiredSetting } from "../shared/setting.ts";

/** The settings. Secrets among them: never logged. */
export interface BackendSettings {
  readonly databaseUrl: URL;
  readonly redisUrl: URL;
  readonly exchangeUrl: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  readonly webhookSecret: string;
  readonly backendToken: string;
  /** The address it listens on. */
  readonly host: string;
  readonly port: number;
}

/** Reads them. Throws one line that names the first variable that is absent or wrong: an empty secret would let everybody in. */
export function parseBackendSettings(env: NodeJS.ProcessEnv): BackendSettings {
  const required = (name: string): string => requiredSetting(env, name);
  const exchangeUrl = required("EXCHANGE_URL");
  if (!URL.canParse(exchangeUrl)) throw new Error("EXCHANGE_URL is not a URL: write it as http://HOST:PORT");
  return {
    databaseUrl: parseServerUrl("DATABASE_URL", required("DATABASE_URL"), DATABASE_URL),
    redisUrl: parseServerUrl("REDIS_URL", required("REDIS_URL"), REDIS_URL),
    exchangeUrl,
    apiKey: required("BINGX_API_KEY"),
    apiSecret: required("BINGX_API_SECRET"),
    webhookSecret: required("WEBHOOK_SECRET"),
    backendToken: required("BACKEND_TOKEN"),
    host: env.BACKEND_HOST || "127.0.0.1",
    port: portSetting(env, "BACKEND_PORT", 8000),
  };
}
