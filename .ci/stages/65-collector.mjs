// The Collector is built from its manifest, once; it holds every component that its configuration names and no other, and accepts
// its configuration without a warning. Cold: 3 to 5 minutes, most of them compiling; then kept in the user's cache folder.
// ci-needs: go openssl
// ci-timeout: 1800
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { request } from "node:https";
import { join } from "node:path";
import { createStage } from "../stage.mjs";
import { parseYaml, readCollectorConfig, startCollector } from "./parts/collector-run.mjs";
import { collectorOf } from "./parts/go-programs.mjs";
import { root, scratchFolder } from "./parts/workspace.mjs";

// What the module proxy does not have at this release everywhere: the writer cannot be checked without them.
const NOT_EVERYWHERE = ["kafkareceiver", "clickhouseexporter"];
const KINDS = ["receivers", "processors", "connectors", "exporters", "extensions"];
const stage = createStage("collector");

const collector = await built("collector/builder.yaml");
if (collector !== undefined) {
  await stage.check("it has the components of otelcol.yaml and no other", () => sameComponents(collector));
  await stage.check("validate otelcol.yaml", () => validated(collector, "collector/otelcol.yaml"));
  await stage.check("it starts, and warns of nothing", startsSilently);
  await stage.check(
    "with mtls.yaml it takes telemetry from who has a certificate, and from nobody else",
    wantsCertificates,
  );
}
const scaleOut = await built("collector/scale-out/builder.yaml", { without: NOT_EVERYWHERE });
if (scaleOut !== undefined)
  for (const name of ["gateway", "sampler"])
    await stage.check(`validate scale-out/${name}.yaml`, () => validated(scaleOut, `collector/scale-out/${name}.yaml`));
stage.finish();

async function built(manifest, options) {
  let made;
  const title = `the Collector of ${manifest}${options ? ` without ${options.without.join(" and ")}` : ""}`;
  await stage.check(title, () => {
    made = collectorOf(manifest, options);
    return made.wasKept ? "kept from before" : `built in ${made.seconds} s`;
  });
  return made?.path;
}

function sameComponents(program) {
  const has = parseYaml(execFileSync(program, ["components"], { encoding: "utf8" }));
  const names = readCollectorConfig();
  for (const kind of KINDS) {
    const wanted = new Set(Object.keys(names[kind] ?? {}).map((name) => name.split("/")[0]));
    assert.deepEqual((has[kind] ?? []).map(({ name }) => name).sort(), [...wanted].sort(), kind);
  }
  return KINDS.map((kind) => `${has[kind]?.length ?? 0} ${kind}`).join(", ");
}

function validated(program, config) {
  const env = { ...process.env, QUEUE_DIR: scratchFolder("queues") };
  const ended = spawnSync(program, ["validate", `--config=${join(root, config)}`], { encoding: "utf8", env });
  const said = `${ended.stdout}${ended.stderr}`;
  assert.equal(ended.status, 0, said);
  assert.doesNotMatch(said, /warn|deprecat/i);
}

async function startsSilently() {
  const running = await startCollector(collector, { traces: "http://127.0.0.1:1", logs: "http://127.0.0.1:1" });
  const end = await running.stop();
  assert.equal(end.code, 0, running.stderr());
  assert.deepEqual(running.complaints(), []);
}

async function wantsCertificates() {
  const files = makeCertificates(scratchFolder("certificates"));
  const env = { TLS_CERT_FILE: files.serverCert, TLS_KEY_FILE: files.serverKey, TLS_CLIENT_CA_FILE: files.caCert };
  const running = await startCollector(collector, {
    traces: "http://127.0.0.1:1",
    logs: "http://127.0.0.1:1",
    configs: [join(root, "collector/mtls.yaml")],
    env,
  });
  try {
    const { port } = new URL(running.otlpUrl);
    const ca = readFileSync(files.caCert);
    const known = { ca, cert: readFileSync(files.clientCert), key: readFileSync(files.clientKey) };
    assert.equal(await postLogs(port, known), 200);
    await assert.rejects(postLogs(port, { ca }), /certificate|EPIPE|ECONNRESET/i);
    assert.equal((await fetch(`${running.otlpUrl}/v1/logs`, { method: "POST" })).status, 400);
  } finally {
    await running.stop();
  }
}

function postLogs(port, certificates) {
  const headers = { "content-type": "application/json" };
  const options = { host: "127.0.0.1", port, path: "/v1/logs", method: "POST", headers, agent: false, ...certificates };
  return new Promise((resolve, reject) => {
    const sent = request(options, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sent.once("error", reject);
    sent.end("{}");
  });
}

/** A CA, and what it has signed for a server and for a client. */
function makeCertificates(folder) {
  const openssl = (...args) => execFileSync("openssl", args, { cwd: folder, stdio: "pipe" });
  const ca = [
    "-x509",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:P-256",
    "-nodes",
    "-days",
    "2",
    "-subj",
    "/CN=ca",
  ];
  openssl("req", ...ca, "-keyout", "ca.key", "-out", "ca.pem");
  writeFileSync(join(folder, "names"), "subjectAltName=IP:127.0.0.1\n");
  for (const name of ["server", "client"]) {
    const asked = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj", `/CN=${name}`];
    openssl("req", ...asked, "-keyout", `${name}.key`, "-out", `${name}.csr`);
    const signed = ["-req", "-in", `${name}.csr`, "-CA", "ca.pem", "-CAkey", "ca.key", "-CAcreateserial", "-days", "2"];
    openssl("x509", ...signed, "-extfile", "names", "-out", `${name}.pem`);
  }
  const at = (file) => join(folder, file);
  return {
    caCert: at("ca.pem"),
    serverCert: at("server.pem"),
    serverKey: at("server.key"),
    clientCert: at("client.pem"),
    clientKey: at("client.key"),
  };
}
