import { describe, expect, it } from "vitest";
import { serviceUrl } from "./service-url.ts";

describe("the URL of a service", () => {
  it.each([
    ["127.0.0.1", "http://127.0.0.1:8000"],
    ["172.17.0.1", "http://172.17.0.1:8000"],
    ["localhost", "http://localhost:8000"],
    ["0.0.0.0", "http://127.0.0.1:8000"],
    ["::", "http://127.0.0.1:8000"],
    ["::1", "http://[::1]:8000"],
  ])("that listens on %s is %s", (host, url) => expect(serviceUrl(host, 8000)).toBe(url));
});
