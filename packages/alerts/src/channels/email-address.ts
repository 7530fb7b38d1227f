// Addresses of letters: strict, so that nothing in one can be read as another command, header or address.

/** One address of the common kind (RFC 5321, without quoted local parts): `ops-team@company.com`. */
const ADDRESS =
  /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)*[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

/** Whether a text is one plain address. */
export function isEmailAddress(text: unknown): text is string {
  return typeof text === "string" && text.length <= 254 && ADDRESS.test(text);
}
