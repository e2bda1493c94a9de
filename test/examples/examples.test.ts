// The examples are built with go3s, and what they print is compared with what the reference compiler's build prints (expected.txt). The hello
// binary is looked at from outside too: it must be what the README promises.

import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";

const temp = mkdtempSync(join(tmpdir(), "go3s-examples-"));
after(() => rmSync(temp, { recursive: true, force: true }));

function go3s(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, ["bin/go3s", ...args], { encoding: "utf8", timeout: 120_000 });
}

/** Runs a program with every system call refused that is newer than Linux 4.15. */
const old = join(temp, "old");
test("the program that hides newer system calls is built", () => {
  assert.equal(go3s("build", "-o", old, "./test/https/old").stderr, "");
});

for (const name of readdirSync("examples").sort()) {
  const folder = join("examples", name);
  if (!existsSync(join(folder, "expected.txt"))) continue;
  test(`examples/${name} prints what the reference build prints`, () => {
    const binary = join(temp, name);
    const built = go3s("build", "-o", binary, `./${folder}`);
    assert.equal(built.stderr, "");
    assert.equal(built.status, 0);
    // Also with a collection at every 101st allocation and stacks that move whenever they can; and on an old kernel.
    const stress = { GO3S_GCSTRESS: "101", GO3S_STACKSTRESS: "1" };
    for (const [words, more] of [[[binary], {}] as const, [[binary], stress] as const, [[old, binary], {}] as const]) {
      const run = spawnSync(words[0], words.slice(1), { encoding: "utf8", timeout: 60_000, env: { ...process.env, ...more } });
      assert.equal(run.stderr, "");
      assert.equal(run.stdout, readFileSync(join(folder, "expected.txt"), "utf8"));
      assert.equal(run.status, 0);
    }
  });
}

test("the number of threads that compile makes no difference", () => {
  const [one, three] = ["1", "3"].map((n) => {
    const binary = join(temp, `threads${n}`);
    assert.equal(go3s("build", "-a", "-p", n, "-o", binary, "./examples/hello").stderr, "");
    return readFileSync(binary);
  });
  assert.ok(one?.equals(three as Buffer));
});

/** What a tool prints, or null where it is not installed. */
function tool(command: string, ...args: string[]): string | null {
  const run = spawnSync(command, args, { encoding: "utf8" });
  return run.error === undefined ? run.stdout + run.stderr : null;
}

test("hello is a small static position-independent executable without W+X", () => {
  const binary = join(temp, "hello");
  const ldd = tool("ldd", binary);
  if (ldd !== null) assert.match(ldd, /not a dynamic executable|statically linked/);
  const file = tool("file", binary);
  if (file !== null) assert.match(file, /pie executable/);
  const nm = tool("nm", "-D", binary);
  if (nm !== null) assert.match(nm, /no symbols|^$/);
  const segments = tool("readelf", "-lW", binary);
  if (segments !== null) {
    assert.doesNotMatch(segments, /RWE|INTERP|DYNAMIC/);
    assert.match(segments, /GNU_STACK.* RW /);
  }
  assert.ok(statSync(binary).size < 700_000, `hello has ${statSync(binary).size} bytes`);
});
