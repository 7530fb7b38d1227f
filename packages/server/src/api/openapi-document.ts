// The OpenAPI document: made from the routes themselves, so that it says what they do.
import { OpenAPIHono } from "@hono/zod-openapi";
import { PROBLEM_COMPONENTS, problemSchema } from "./problem-schema.ts";
import { ROUTES } from "./routes.ts";

/** The document of the API, OpenAPI 3.1. Cost: some ten milliseconds; whoever serves it keeps it. */
export function openApiDocument(version: string) {
  const { openAPIRegistry: registry, ...app } = new OpenAPIHono();
  registry.register("Problem", problemSchema);
  for (const [name, description] of Object.entries(PROBLEM_COMPONENTS)) {
    const schema = { $ref: "#/components/schemas/Problem" };
    registry.registerComponent("responses", name, { description, content: { "application/problem+json": { schema } } });
  }
  for (const route of ROUTES) registry.registerPath(route);
  return app.getOpenAPI31Document({
    openapi: "3.1.0",
    info: {
      title: "Tracebook desk",
      version,
      description: "What trading services did, why they traded and why they did not.",
      license: { name: "Apache-2.0" },
    },
  });
}
