// Which methods a path of the API takes.

/** A route as the router has it. */
export interface KnownRoute {
  readonly method: string;
  /** With `{name}` for what is filled in. */
  readonly path: string;
}

/** Methods by path; undefined: there is no such path. */
export type MethodsOf = (path: string) => readonly string[] | undefined;

/** Answers that do not end, or are made as they are sent, have no head of their own. */
const NO_HEAD = /\/(?:live|export)$/;

/** Makes the table. A path that can be got has a head as well. */
export function createMethodTable(routes: readonly KnownRoute[]): MethodsOf {
  const known = routes.map(({ method, path }) => {
    const name = method.toUpperCase();
    return {
      path,
      methods: name === "GET" && !NO_HEAD.test(path) ? ["GET", "HEAD"] : [name],
      pattern: new RegExp(`^${path.replace(/[.]/g, "\\.").replace(/\{\w+\}/g, "[^/]+")}$`),
    };
  });
  return (path) => {
    // A name of the API's own is no id that somebody might have given.
    const own = known.filter((route) => route.path === path);
    const routes = own.length > 0 ? own : known.filter((route) => route.pattern.test(path));
    const methods = routes.flatMap((route) => route.methods);
    return methods.length === 0 ? undefined : methods;
  };
}

/** Whether a path is the API's or OTLP's: what is not known there is not the page. */
export function isApiPath(path: string): boolean {
  return /^\/(?:api|v1)(?:\/|$)/.test(path);
}
