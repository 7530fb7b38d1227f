import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import openapiTypescript, { astToString, COMMENT_HEADER, type OpenAPI3 } from "openapi-typescript";
import { expect, test } from "vitest";
import { readVersion } from "../version.ts";
import { openApiDocument } from "./openapi-document.ts";
import { ROUTES } from "./routes.ts";

const SCHEMA = fileURLToPath(new URL("../../../web/src/api/schema.ts", import.meta.url));
const ALWAYS = ["400", "401", "403", "404", "429", "503"];
/** Of routes that take a body or change something. */
const WRITE_ONLY = ["409", "413", "415", "422"];

test("the page's types are those of the document (UPDATE_DOCS=1 writes them)", async () => {
  const ast = await openapiTypescript(openApiDocument(readVersion()) as OpenAPI3);
  const wanted = `${COMMENT_HEADER}${astToString(ast)}`;
  if (process.env.UPDATE_DOCS === "1") writeFileSync(SCHEMA, wanted);
  expect(readFileSync(SCHEMA, "utf8")).toBe(wanted);
});

test("the document lists every route, each once, and nothing else", () => {
  const { paths = {} } = openApiDocument("1.0.0");
  const listed = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods as object).map((method) => `${method} ${path}`),
  );
  expect(listed.sort()).toEqual(ROUTES.map(({ method, path }) => `${method} ${path}`).sort());
});

test("what may go wrong is described once, and every route refers to it", () => {
  const document = openApiDocument("1.0.0");
  for (const methods of Object.values(document.paths ?? {}))
    for (const operation of Object.values(methods as Record<string, { responses: Record<string, unknown> }>)) {
      const { 200: _, ...problems } = operation.responses;
      expect(Object.keys(problems).filter((status) => !WRITE_ONLY.includes(status))).toEqual(ALWAYS);
      for (const response of Object.values(problems))
        expect(response).toEqual({ $ref: expect.stringMatching(/^#\/components\/responses\/\w+$/) });
    }
});
