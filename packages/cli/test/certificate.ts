// Makes X.509 certificates for test servers (RFC 5280), by node:crypto alone: self-signed, expired, for another name.
import { generateKeyPairSync, type KeyObject, randomBytes, sign } from "node:crypto";

/** A certificate and its key, as node:tls takes them. */
export interface TestCertificate {
  readonly cert: string;
  readonly key: string;
}

/** What may be wrong with it. */
export interface CertificateOptions {
  /** Names and IPv4 addresses it is for. Default `localhost` and `127.0.0.1`. */
  readonly names?: readonly string[];
  /** Days from now; negative: in the past. Default -1 and 30. */
  readonly validFromDays?: number;
  readonly validToDays?: number;
}

const DAY_MS = 86_400_000;
// Tags and object identifiers of ASN.1 (DER).
const ECDSA_WITH_SHA256 = sequence(objectId([1, 2, 840, 10045, 4, 3, 2]));
const COMMON_NAME = objectId([2, 5, 4, 3]);
const SUBJECT_ALT_NAME = objectId([2, 5, 29, 17]);
const BASIC_CONSTRAINTS = objectId([2, 5, 29, 19]);

/** Makes a certificate that has signed itself, and may therefore be trusted as an authority, too. */
export function makeCertificate(options: CertificateOptions = {}): TestCertificate {
  const { names = ["localhost", "127.0.0.1"], validFromDays = -1, validToDays = 30 } = options;
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const name = sequence(der(0x31, sequence(Buffer.concat([COMMON_NAME, der(0x0c, Buffer.from("tracebook test"))]))));
  const validity = sequence(Buffer.concat([timeOf(validFromDays), timeOf(validToDays)]));
  const extensions = Buffer.concat([
    sequence(Buffer.concat([SUBJECT_ALT_NAME, der(0x04, sequence(Buffer.concat(names.map(altName))))])),
    sequence(Buffer.concat([BASIC_CONSTRAINTS, der(0x04, sequence(der(0x01, Buffer.from([0xff]))))])),
  ]);
  const toBeSigned = sequence(
    Buffer.concat([
      der(0xa0, der(0x02, Buffer.from([2]))),
      der(0x02, Buffer.concat([Buffer.from([1]), randomBytes(8)])),
      ECDSA_WITH_SHA256,
      name,
      validity,
      name,
      publicKey.export({ type: "spki", format: "der" }),
      der(0xa3, sequence(extensions)),
    ]),
  );
  return { cert: toPem(toBeSigned, privateKey), key: privateKey.export({ type: "pkcs8", format: "pem" }).toString() };
}

function toPem(toBeSigned: Buffer, key: KeyObject): string {
  const signature = Buffer.concat([Buffer.from([0]), sign("sha256", toBeSigned, key)]);
  const certificate = sequence(Buffer.concat([toBeSigned, ECDSA_WITH_SHA256, der(0x03, signature)]));
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}

function altName(name: string): Buffer {
  const isAddress = /^\d+\.\d+\.\d+\.\d+$/.test(name);
  return isAddress ? der(0x87, Buffer.from(name.split(".").map(Number))) : der(0x82, Buffer.from(name));
}

function timeOf(days: number): Buffer {
  const text = new Date(Date.now() + days * DAY_MS).toISOString().replace(/[-:T]|\.\d+/g, "");
  return der(0x18, Buffer.from(text));
}

function der(tag: number, content: Buffer): Buffer {
  const { length } = content;
  const size = length < 0x80 ? [length] : length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sequence(content: Buffer): Buffer {
  return der(0x30, content);
}

function objectId(arcs: readonly number[]): Buffer {
  const [first = 0, second = 0, ...rest] = arcs;
  const bytes = rest.flatMap((arc) => {
    const digits = [arc & 0x7f];
    for (let left = arc >> 7; left > 0; left >>= 7) digits.unshift((left & 0x7f) | 0x80);
    return digits;
  });
  return der(0x06, Buffer.from([first * 40 + second, ...bytes]));
}
