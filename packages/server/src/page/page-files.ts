// The page's files: a table made once from the folder they were packaged in. What is asked for is looked up in it and never becomes a path.
import { createHash } from "node:crypto";
import { type Dirent, readdirSync, readFileSync } from "node:fs";
import { extname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

/** A file as it is sent. */
export interface PageFile {
  readonly type: string;
  readonly etag: string;
  /** Whether its name changes with its content, so that it may be kept for ever. */
  readonly isImmutable: boolean;
  readonly plain: Uint8Array<ArrayBuffer>;
  /** Undefined: it does not get smaller. */
  readonly gzip: Uint8Array<ArrayBuffer> | undefined;
  readonly brotli: Uint8Array<ArrayBuffer> | undefined;
}

/** The files by their path within the page, `assets/index-1a2b3c.js`, and the page itself. */
export interface PageFiles {
  readonly files: ReadonlyMap<string, PageFile>;
  /** `index.html`; undefined: the page has not been built. */
  readonly index: string | undefined;
}

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".html": "text/html; charset=utf-8",
  ".ico": "image/x-icon",
  ".js": "text/javascript; charset=utf-8",
  ".json": "application/json",
  ".png": "image/png",
  ".svg": "image/svg+xml",
  ".txt": "text/plain; charset=utf-8",
  ".webmanifest": "application/manifest+json",
  ".woff2": "font/woff2",
};
const INDEX = "index.html";
/** Below it names have a hash of the content. */
const HASHED = "assets/";
const COMPRESSIBLE = /^text\/|javascript|json|svg/;

/** Where the page is: beside the built server, else where its own package builds it. */
const PAGE_FOLDERS: readonly string[] = import.meta.url.endsWith(".ts")
  ? [fileURLToPath(new URL("../../../web/dist/", import.meta.url))]
  : [fileURLToPath(new URL("./web/", import.meta.url))];

/** Reads the first of the folders that has a page. Cost: some milliseconds; from source it compresses as well. */
export function readPageFiles(folders: readonly string[] = PAGE_FOLDERS): PageFiles {
  for (const folder of folders) {
    const names = filesBelow(folder);
    if (!names.includes(INDEX)) continue;
    const known = new Set(names);
    const own = names.filter((name) => TYPES[extname(name)] !== undefined && name !== INDEX);
    const files = new Map(own.map((name) => [name, readPageFile(folder, name, known)]));
    return { files, index: readFileSync(join(folder, INDEX), "utf8") };
  }
  return { files: new Map(), index: undefined };
}

function filesBelow(folder: string): readonly string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch {
    return [];
  }
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return paths.map((path) => relative(folder, path).split(sep).join("/"));
}

function readPageFile(folder: string, name: string, known: ReadonlySet<string>): PageFile {
  const type = TYPES[extname(name)] as string;
  const plain = bytesOf(readFileSync(join(folder, name)));
  const isCompressible = COMPRESSIBLE.test(type);
  const packed = (ending: string, compress: () => Uint8Array) => {
    if (!isCompressible) return undefined;
    const bytes = known.has(name + ending) ? readFileSync(join(folder, name + ending)) : compress();
    return bytes.byteLength < plain.byteLength ? bytesOf(bytes) : undefined;
  };
  return {
    type,
    plain,
    etag: `"${createHash("sha256").update(plain).digest("base64url").slice(0, 22)}"`,
    isImmutable: name.startsWith(HASHED),
    gzip: packed(".gz", () => gzipSync(plain)),
    // Of the best quality when the page is packaged; here it has to be quick.
    brotli: packed(".br", () => brotliCompressSync(plain, { params: { [constants.BROTLI_PARAM_QUALITY]: 5 } })),
  };
}

/** Bytes of their own: small files lie in a pool. */
function bytesOf(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}
