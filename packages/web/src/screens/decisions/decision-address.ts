// Addresses of decisions and of the list that they are in: what is filtered stays filtered.

/** The address of one decision. */
export function decisionAddress(eventId: number, parameters: URLSearchParams): string {
  return withParameters(`/decisions/${eventId}`, parameters);
}

/** The address of the list. */
export function listAddress(parameters: URLSearchParams): string {
  return withParameters("/decisions", parameters);
}

function withParameters(path: string, parameters: URLSearchParams): string {
  const text = parameters.toString();
  return text === "" ? path : `${path}?${text}`;
}
