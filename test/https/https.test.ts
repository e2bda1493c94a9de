// HTTPS from an empty root folder: the lab (namespaces, name server, web servers) and its client are built with go3s; what the client sees
// is compared with what the reference build sees (expected.txt), also where every system call newer than Linux 4.15 answers ENOSYS.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const temp = mkdtempSync(join(tmpdir(), "go3s-https-"));
after(() => rmSync(temp, { recursive: true, force: true }));

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function build(name: string, folder: string): string {
  const output = join(temp, name);
  const go3s = join(process.cwd(), "bin/go3s");
  const built = spawnSync(process.execPath, [go3s, "build", "-o", output, "."], { cwd: folder, encoding: "utf8", timeout: 900_000 });
  assert.equal(built.stderr, "");
  assert.equal(built.status, 0);
  return output;
}

const lab = build("lab", "test/https/lab");

function inLab(...args: string[]): Run {
  return spawnSync(lab, args, { encoding: "utf8", timeout: 120_000 });
}

/** Namespaces are not allowed everywhere (containers without the right to make them). */
const namespaces = spawnSync("unshare", process.getuid?.() === 0 ? ["-n", "-m", "true"] : ["-U", "-r", "-n", "-m", "true"]).status === 0;
const skip = namespaces ? false : "no right to make namespaces";

/** Times and port numbers differ from run to run. */
function masked(text: string): string {
  return text
    .replace(/current time \S+ is after \S+/g, "current time TIME is after TIME")
    .replace(/127\.0\.0\.1:\d+->/g, "127.0.0.1:PORT->");
}

test("a client sees what the reference build sees", { skip }, () => {
  const client = build("client", "test/https/client");
  const expected = readFileSync("test/https/expected.txt", "utf8");
  for (const mode of [[], ["-old"]]) {
    const run = inLab(...mode, client);
    assert.equal(run.stderr, "");
    assert.equal(masked(run.stdout), expected);
    assert.equal(run.status, 0);
  }
});

test("examples/https prints the status, or the error with status 1", { skip }, () => {
  const client = build("https", "examples/https");
  const good = inLab("-old", client, "https://ok.test/");
  assert.deepEqual([good.stdout, good.stderr, good.status], ["HTTP/2.0 200 OK\n", "", 0]);
  const bad = inLab(client, "https://unknown.test/");
  const reason = 'Get "https://unknown.test/": tls: failed to verify certificate: x509: certificate signed by unknown authority\n';
  assert.deepEqual([bad.stdout, bad.stderr, bad.status], ["", reason, 1]);
});

const unknown = "tls: failed to verify certificate: x509: certificate signed by unknown authority";

test("roots come from SSL_CERT_FILE, from SSL_CERT_DIR, or out of the program", { skip }, () => {
  const roots = build("roots", "test/https/roots");
  for (const way of ["file", "folder", "variable"]) {
    const run = inLab("-old", "-roots", way, roots);
    const expected = `ok.test: 200 OK\nunknown.test: ${unknown}\n`;
    assert.deepEqual([way, run.stdout, run.stderr, run.status], [way, expected, "", 0]);
  }
  const none = inLab("-roots", "none", roots);
  assert.equal(none.stdout, `ok.test: ${unknown}\nunknown.test: ${unknown}\n`);
});

test("golang.org/x/crypto/x509roots/fallback brings the roots of the web into an empty root folder", { skip }, (t) => {
  const folder = join(temp, "fallback");
  cpSync("test/https/fallback", folder, { recursive: true });
  const output = join(temp, "fallback.bin");
  const go3s = join(process.cwd(), "bin/go3s");
  const built = spawnSync(process.execPath, [go3s, "build", "-o", output, "."], { cwd: folder, encoding: "utf8", timeout: 900_000 });
  // The module comes from the cache or a proxy.
  if (built.status !== 0 && /dial|lookup|GOPROXY|proxy/.test(built.stderr)) return t.skip(`no module: ${built.stderr.split("\n")[0]}`);
  assert.equal(built.stderr.replace(/^go: downloading .*\n/gm, ""), "");
  const run = inLab("-roots", "none", output);
  assert.match(run.stdout, /^\d{3} roots, ISRG Root X1 among them: true\n/);
  assert.equal(run.stderr, "");
});
