// The FIPS 140-3 mode: programs pass the integrity self-test of the module, a changed byte of its code or data is found, and GOFIPS140
// builds from a frozen snapshot. What the reference build prints is told here.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const temp = mkdtempSync(join(tmpdir(), "go3s-fips140-"));
after(() => {
  spawnSync("chmod", ["-R", "u+w", temp]);
  rmSync(temp, { recursive: true, force: true });
});

function build(name: string, setting: string): { path: string; stderr: string; status: number | null } {
  const path = join(temp, name);
  const go3s = join(process.cwd(), "bin/go3s");
  const built = spawnSync(process.execPath, [go3s, "build", "-o", path, "."], {
    cwd: "test/fips140/client",
    encoding: "utf8",
    timeout: 600_000,
    env: { ...process.env, GOFIPS140: setting, GOMODCACHE: join(temp, "mod") },
  });
  return { path, stderr: built.stderr, status: built.status };
}

function run(path: string, godebug: string): string {
  const r = spawnSync(path, [], { encoding: "utf8", timeout: 120_000, env: { GODEBUG: godebug } });
  return r.stdout + r.stderr;
}

const sum = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
const works = `${sum}\nsealed true\n`;
const md5 = "d41d8cd98f00b204e9800998ecf8427e\n<nil>\n";

test("the self-test passes, and finds every changed byte", () => {
  const { path, stderr } = build("client", "off");
  assert.equal(stderr, "");
  assert.equal(run(path, ""), `latest enabled false enforced false\n${works}${md5}`);
  assert.equal(run(path, "fips140=on"), `latest enabled true enforced false\n${works}${md5}`);
  assert.equal(
    run(path, "fips140=only"),
    `latest enabled true enforced true\n${works}crypto/md5: use of MD5 is not allowed in FIPS 140-only mode\n`,
  );
  assert.match(run(path, "fips140=debug"), /fips140: verified code\+data/);
  assert.match(run(path, "fips140=maybe"), /^panic: fips140: unknown GODEBUG setting fips140=maybe\n/);

  const image = readFileSync(path);
  const at = image.indexOf("\xff Go fipsinfo \xff\0", 0, "latin1");
  const segments = [0, 1, 2, 3, 4, 5, 6].map((i) => 64 + 56 * i).filter((p) => image.readUInt32LE(p) === 1);
  for (let i = 0; i < 4; i++) {
    const start = image.readUInt32LE(at + 56 + 16 * i);
    const end = image.readUInt32LE(at + 64 + 16 * i);
    // Variables with pointers, none of them set, may be absent.
    if (i < 3) assert.ok(start < end);
    if (start === end) continue;
    const p = segments.find(
      (s) => image.readUInt32LE(s + 16) <= start && end <= image.readUInt32LE(s + 16) + image.readUInt32LE(s + 32),
    ) as number;
    const changed = Buffer.from(image);
    const place = end - 1 - image.readUInt32LE(p + 16) + image.readUInt32LE(p + 8);
    changed[place] = (changed[place] as number) ^ 1;
    const other = join(temp, "changed");
    writeFileSync(other, changed);
    chmodSync(other, 0o755);
    assert.match(run(other, ""), /^latest enabled false/);
    assert.match(
      run(other, "fips140=on"),
      /^panic: fips140: verification mismatch\n\ngoroutine 1 \[running\]:\ncrypto\/internal\/fips140\/check\.init\.0\(\)/,
    );
  }
});

test("GOFIPS140 builds from a snapshot, and turns the mode on", () => {
  const { path, stderr } = build("certified", "certified");
  assert.equal(stderr, "");
  const settings = "-tags=fips140v1.0\nDefaultGODEBUG=fips140=on\nGOFIPS140=v1.0.0-c2097c7c\n";
  assert.equal(run(path, ""), `v1.0.0 enabled true enforced false\n${settings}${works}${md5}`);
  assert.equal(run(path, "fips140=off"), `v1.0.0 enabled false enforced false\n${settings}${works}${md5}`);
  const trace = run(path, "fips140=maybe");
  assert.match(
    trace,
    /\ncrypto\/internal\/fips140\/v1%2e0%2e0-c2097c7c\.init\.0\(\)\n\t\S+golang\.org\/fips140@v1\.0\.0-c2097c7c\/fips140\/v1\.0\.0-c2097c7c\/fips140\.go:/,
  );
});

test("GOFIPS140 must name what the Go tree has", () => {
  assert.equal(build("x", "v0.9.0").stderr, "go: invalid GOFIPS140: must be off, latest, inprocess, certified, or v1.Y.Z\n");
  assert.equal(build("x", "v1.9.0").stderr, 'go: unknown GOFIPS140 version "v1.9.0"\n');
});
