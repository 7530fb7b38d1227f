// The page and its files as answers.
import { createHash } from "node:crypto";
import { PAGE_POLICY } from "../http/security-headers.ts";
import type { PageFile, PageFiles } from "./page-files.ts";

const YEAR = "public, max-age=31536000, immutable";
const ASK_AGAIN = "no-cache";

/** Answers paths that are not the API's. */
export interface PageAnswers {
  /** Whether a path is the page itself: one without an extension, whatever the page makes of it. */
  isPage(path: string): boolean;
  /** The page below `basePath`; undefined: it has not been built. */
  page(headers: Headers, basePath: string): Response | undefined;
  /** A file of the page; undefined: there is none. */
  file(headers: Headers, path: string): Response | undefined;
}

/** Makes the answers. The page itself is the same bytes for everybody but for the `<base>`, which says where it is mounted. */
export function createPageAnswers({ files, index }: PageFiles): PageAnswers {
  return {
    isPage: (path) => !/\.[^/]*$/.test(path),
    page(headers, basePath) {
      if (index === undefined) return undefined;
      const text = withBase(index, `${basePath}/`);
      const etag = `"${createHash("sha256").update(text).digest("base64url").slice(0, 22)}"`;
      const common = { etag, "cache-control": ASK_AGAIN, "content-security-policy": PAGE_POLICY };
      if (isKnown(headers, etag)) return new Response(null, { status: 304, headers: common });
      return new Response(text, { headers: { ...common, "content-type": "text/html; charset=utf-8" } });
    },
    file(headers, path) {
      const file = files.get(path.slice(1));
      return file && fileAnswer(headers, file);
    },
  };
}

function fileAnswer(headers: Headers, file: PageFile): Response {
  const { etag, isImmutable, type } = file;
  const common = { etag, vary: "accept-encoding", "cache-control": isImmutable ? YEAR : ASK_AGAIN };
  if (isKnown(headers, etag)) return new Response(null, { status: 304, headers: common });
  const accepted = (headers.get("accept-encoding") ?? "").toLowerCase();
  const [encoding, bytes] = encodingOf(file, accepted);
  return new Response(bytes, {
    headers: {
      ...common,
      "content-type": type,
      "content-length": String(bytes.byteLength),
      ...(encoding !== undefined && { "content-encoding": encoding }),
    },
  });
}

function encodingOf({ brotli, gzip, plain }: PageFile, accepted: string) {
  if (brotli !== undefined && /\bbr\b(?!\s*;\s*q=0(?:\.0*)?(?:,|\s|$))/.test(accepted)) return ["br", brotli] as const;
  if (gzip !== undefined && /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?(?:,|\s|$))/.test(accepted)) return ["gzip", gzip] as const;
  return [undefined, plain] as const;
}

function isKnown(headers: Headers, etag: string): boolean {
  const known = (headers.get("if-none-match") ?? "").split(",");
  return known.some((tag) => tag.trim().replace(/^W\//, "") === etag);
}

/** The one thing that is filled in. A base path has letters, digits and `/._~-` only; it is escaped all the same. */
function withBase(index: string, href: string): string {
  const tag = `<base href="${escapeHtml(href)}" />`;
  const own = /<base\b[^>]*>/i;
  return own.test(index) ? index.replace(own, () => tag) : index.replace(/<head[^>]*>/i, (head) => `${head}${tag}`);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`);
}
