// What a log line says of an error: its code and its message. The whole object may hold rows, addresses and much else.

/** The fields of a log line; `error_code` is absent where the error has none. */
export interface ErrorFacts {
  readonly error_code?: string;
  readonly error_message: string;
}

const MAX_UNITS = 200;

/** Code and message of whatever was thrown. */
export function factsOf(error: unknown): ErrorFacts {
  const { code, message, errors } = (error ?? {}) as { code?: unknown; message?: unknown; errors?: unknown };
  // A host name with several addresses fails once for each, and the error over them says nothing itself.
  const first: unknown = message === "" && Array.isArray(errors) ? (errors[0] as Error | undefined)?.message : message;
  return {
    ...(typeof code === "string" ? { error_code: code } : undefined),
    error_message: String(first ?? error).slice(0, MAX_UNITS),
  };
}
