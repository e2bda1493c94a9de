// Builds that are killed, that find no room, that may not write.

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Lab, oneLine, rubbish, sleep } from "./lab.ts";

const source = { "go.mod": "module m.test/m\n\ngo 1.26\n", "main.go": 'package main\n\nfunc main() { println("hello") }\n' };
/** What the output may be before a build: something that a build may write over. */
const before = "!<arch>\n";

/** A program, and a cache that knows it. */
class Program {
  readonly folder: string;
  readonly cache: string;
  readonly reference: Buffer;
  readonly milliseconds: number;

  private constructor(folder: string, cache: string, reference: Buffer, milliseconds: number) {
    this.folder = folder;
    this.cache = cache;
    this.reference = reference;
    this.milliseconds = milliseconds;
  }

  static async build(lab: Lab): Promise<Program> {
    const folder = lab.files(source);
    const cache = lab.folder();
    const { milliseconds } = await lab.silent(["build", "-o", "p", "."], { cwd: folder, env: { GO3SCACHE: cache } });
    return new Program(folder, cache, readFileSync(join(folder, "p")), milliseconds);
  }

  private static of: Promise<Program> | null = null;

  /** The one that all cases use. */
  static get(lab: Lab): Promise<Program> {
    Program.of ??= Program.build(lab);
    return Program.of;
  }
}

/** Builds in a cache where a build was killed: what comes out must be the same, and nothing of the killed one may stay beside it. */
async function again(lab: Lab, p: Program, out: string, cache: string): Promise<void> {
  const file = join(out, "p");
  const text = existsSync(file) ? readFileSync(file) : Buffer.from(before);
  assert.ok(text.equals(Buffer.from(before)) || text.equals(p.reference), "the output is half written");
  await lab.silent(["build", "-o", file, "."], { cwd: p.folder, env: { GO3SCACHE: cache } });
  assert.ok(readFileSync(file).equals(p.reference), "other bytes after a build was killed");
  // What was left a moment ago may be somebody else's; the next build is sure.
  if (readdirSync(out).length === 1) return;
  await sleep(1100);
  await lab.silent(["build", "-o", file, "."], { cwd: p.folder, env: { GO3SCACHE: cache } });
  assert.deepEqual(readdirSync(out), ["p"]);
  assert.ok(readFileSync(file).equals(p.reference));
}

function outFolder(lab: Lab): string {
  const out = lab.folder();
  if (lab.random.below(2) === 0) writeFileSync(join(out, "p"), before);
  return out;
}

export async function killedAtTimes(lab: Lab): Promise<string> {
  const p = await Program.get(lab);
  const count = Math.ceil(lab.kills / 2);
  let late = 0;
  for (let i = 0; i < count; i++) {
    const out = outFolder(lab);
    const cache = lab.folder();
    const after = lab.random.below(p.milliseconds);
    const ended = await lab.go3s(["build", "-o", join(out, "p"), "."], { cwd: p.folder, env: { GO3SCACHE: cache }, after });
    if (ended.signal === null) late++;
    await again(lab, p, out, cache);
  }
  return `${count - late} builds killed, ${late} were done before`;
}

export async function killedAtChanges(lab: Lab): Promise<string> {
  const p = await Program.get(lab);
  const count = Math.floor(lab.kills / 2);
  const args = (out: string): string[] => ["build", "-o", join(out, "p"), "."];
  const all = await lab.changes(args(lab.folder()), { cwd: p.folder, env: { GO3SCACHE: lab.folder() } });
  // Each part of the changes gets its share.
  for (let i = 0; i < count; i++) {
    const out = outFolder(lab);
    const cache = lab.folder();
    const change = 1 + Math.floor(((i + lab.random.below(100) / 100) * all) / count);
    const ended = await lab.go3s(args(out), { cwd: p.folder, env: { GO3SCACHE: cache }, change });
    assert.equal(ended.signal, "SIGKILL", `change ${change} of ${all}: ${ended.stderr}`);
    await again(lab, p, out, cache);
  }
  return `${count} builds killed at some of ${all} changes`;
}

/** With everything in the cache, only the output is written: all of its changes are tried. */
export async function killedAtOutput(lab: Lab): Promise<string> {
  const p = await Program.get(lab);
  const args = (out: string): string[] => ["build", "-o", join(out, "p"), "."];
  const options = { cwd: p.folder, env: { GO3SCACHE: p.cache } };
  const all = await lab.changes(args(lab.folder()), options);
  let left = 0;
  for (let change = 1; change <= all; change++) {
    const out = outFolder(lab);
    const ended = await lab.go3s(args(out), { ...options, change });
    assert.equal(ended.signal, "SIGKILL", ended.stderr);
    left += rubbish(out).length;
    await again(lab, p, out, p.cache);
  }
  assert.ok(left > 0, "no half written file was left: the case tests nothing");
  return `${all} builds killed`;
}

export async function damagedEntries(lab: Lab): Promise<string> {
  const p = await Program.get(lab);
  const cache = lab.folder();
  cpSync(p.cache, cache, { recursive: true });
  let count = 0;
  for (const name of readdirSync(cache, { recursive: true }) as string[]) {
    const path = join(cache, name);
    if (!/^[0-9a-f]{2}\/[0-9a-f]+$/.test(name)) continue;
    const data = readFileSync(path);
    const kind = count++ % 3;
    if (kind === 0) writeFileSync(path, data.subarray(0, data.length / 2));
    else if (kind === 1) writeFileSync(path, "");
    else {
      data[data.length - 1] = (data[data.length - 1] as number) ^ 1;
      writeFileSync(path, data);
    }
  }
  await again(lab, p, lab.folder(), cache);
  return `${count} entries damaged`;
}

export async function severalAtOnce(lab: Lab): Promise<string> {
  const p = await Program.get(lab);
  const cache = lab.folder();
  const out = lab.folder();
  const file = join(out, "p");
  await Promise.all([1, 2, 3].map(() => lab.silent(["build", "-o", file, "."], { cwd: p.folder, env: { GO3SCACHE: cache } })));
  assert.ok(readFileSync(file).equals(p.reference));
  assert.deepEqual([...rubbish(out), ...rubbish(cache)], []);
  return "3 builds with one cache and one output";
}

export async function fullCache(lab: Lab): Promise<string> {
  const p = await Program.get(lab);
  const cache = lab.folder();
  const out = lab.folder();
  const mounts = `mount -t tmpfs -o size=64k tmpfs ${cache}`;
  const ended = await lab.go3s(["build", "-o", join(out, "p"), "."], { cwd: p.folder, env: { GO3SCACHE: cache }, mounts });
  oneLine(ended, 0, /^go3s: warning: nothing is kept for later builds: .*: no space left on device\n$/);
  assert.ok(readFileSync(join(out, "p")).equals(p.reference));
  return "built, with a warning";
}

export async function readOnlyCache(lab: Lab): Promise<string> {
  const p = await Program.get(lab);
  const cache = lab.folder();
  const out = lab.folder();
  const mounts = (folder: string): string => `mount --bind ${folder} ${folder}; mount -o remount,bind,ro ${folder}`;
  const args = ["build", "-o", join(out, "p"), "."];
  const ended = await lab.go3s(args, { cwd: p.folder, env: { GO3SCACHE: cache }, mounts: mounts(cache) });
  oneLine(ended, 0, /^go3s: warning: nothing is kept for later builds: .*: read-only file system\n$/);
  assert.ok(readFileSync(join(out, "p")).equals(p.reference));
  // What is in it counts, and then there is nothing to write.
  await lab.silent(args, { cwd: p.folder, env: { GO3SCACHE: p.cache }, mounts: mounts(p.cache) });
  return "built, with a warning where it has nothing";
}

/** A file where the cache should be, a folder that can't be made. */
export async function noCache(lab: Lab): Promise<string> {
  const p = await Program.get(lab);
  const cache = join(lab.folder(), "file");
  writeFileSync(cache, "");
  const out = lab.folder();
  const ended = await lab.go3s(["build", "-o", join(out, "p"), "."], { cwd: p.folder, env: { GO3SCACHE: cache } });
  oneLine(ended, 0, /^go3s: warning: nothing is kept for later builds: .*: not a directory\n$/);
  assert.ok(readFileSync(join(out, "p")).equals(p.reference));
  return "built, with a warning";
}

export async function fullOutput(lab: Lab): Promise<string> {
  const p = await Program.get(lab);
  const out = lab.folder();
  const file = join(out, "p");
  const kept = lab.folder();
  // The disk is gone with its namespace: what is left on it is looked at from inside.
  const mounts = `mount -t tmpfs -o size=128k tmpfs ${out}; printf '!<arch>\\n' > ${file}; trap '' XFSZ
"$@" 2> ${kept}/stderr || echo $? > ${kept}/status; ls ${out} > ${kept}/names; cat ${file} > ${kept}/old; exit 0`;
  await lab.go3s(["build", "-o", file, "."], { cwd: p.folder, env: { GO3SCACHE: p.cache }, mounts });
  const text = (name: string): string => readFileSync(join(kept, name), "utf8");
  assert.equal(text("stderr"), `go3s build: open ${file}: no space left on device\n`);
  assert.deepEqual([text("status"), text("names"), text("old")], ["1\n", "p\n", before]);
  return "refused, the old file is whole";
}

export async function readOnlyOutput(lab: Lab): Promise<string> {
  const p = await Program.get(lab);
  const out = lab.folder();
  const mounts = `mount -t tmpfs -o size=1m,ro tmpfs ${out}`;
  const options = { cwd: p.folder, env: { GO3SCACHE: p.cache }, mounts };
  oneLine(await lab.go3s(["build", "-o", join(out, "p"), "."], options), 1, /^go3s build: open .*\/p: read-only file system\n$/);
  oneLine(await lab.go3s(["build", "-o", join(out, "sub/p"), "."], options), 1, /^go3s build: .*: read-only file system\n$/);
  return "refused";
}

/** Programs that are run or tested lie in the folder for temporary files. */
export async function fullTemporary(lab: Lab): Promise<string> {
  const p = await Program.get(lab);
  const temp = lab.folder();
  const env = { GO3SCACHE: p.cache, TMPDIR: temp };
  const small = `mount -t tmpfs -o size=64k tmpfs ${temp}`;
  oneLine(await lab.go3s(["run", "."], { cwd: p.folder, env, mounts: small }), 1, /^go3s: .*: no space left on device\n$/);
  const readOnly = `mount -t tmpfs -o ro tmpfs ${temp}`;
  oneLine(await lab.go3s(["run", "."], { cwd: p.folder, env, mounts: readOnly }), 1, /^go3s: .*: read-only file system\n$/);
  mkdirSync(join(temp, "x"));
  oneLine(
    await lab.go3s(["run", "."], { cwd: p.folder, env: { ...env, TMPDIR: join(temp, "gone") } }),
    1,
    /^go3s: .*: no such file or directory\n$/,
  );
  return "refused";
}
