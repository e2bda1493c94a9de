// Files with errors of the Go tree's own tests (errorcheck files, test data of parser and checker): our errors must be the reference
// compiler's to the letter, in its order, ten at most. ORACLE=all takes all files instead of a sample, ORACLE=name those whose path
// holds the name.

import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { findGoroot } from "../syntax/testing.ts";
import { difference, Oracle, ourErrors } from "./oracle-testing.ts";
import { TestChecker } from "./testing.ts";

const goroot = findGoroot();
const folders = [
  "test",
  "test/fixedbugs",
  "test/typeparam",
  "test/interface",
  "test/syntax",
  "test/chan",
  "src/internal/types/testdata/check",
  "src/internal/types/testdata/examples",
  "src/internal/types/testdata/fixedbugs",
  "src/internal/types/testdata/spec",
  "src/cmd/compile/internal/types2/testdata/local",
  "src/cmd/compile/internal/syntax/testdata",
];

/** Files that differ knowingly. */
const expectedFailures: Record<string, string> = {
  "test/import6.go": "import paths are the loader's business",
  "test/fixedbugs/issue11362.go": "import paths are the loader's business",
  "test/fixedbugs/issue43167.go": "the driver writes $GOROOT",
  "test/typeparam/issue54765.go": "runtime/cgo isn't there without cgo",
  "src/internal/types/testdata/check/labels.go": "the compiler's order of unused labels is random",
  "src/internal/types/testdata/check/map0.go": "imports what isn't there",
  "src/internal/types/testdata/fixedbugs/issue43109.go": "import paths are the loader's business",
  "src/internal/types/testdata/fixedbugs/issue48082.go": "imports what isn't there",
  "src/internal/types/testdata/fixedbugs/issue70549.go": "whether an unexported function is known depends on what gc can inline",
  "src/cmd/compile/internal/syntax/testdata/map.go": "imports what isn't there",
};

/** What later phases of the compiler say, which are tested elsewhere. */
const later = /stack frame too large|internal compiler error/;

function wanted(): string[] {
  const list: string[] = [];
  for (const folder of folders) {
    if (!existsSync(join(goroot, folder))) continue;
    for (const name of readdirSync(join(goroot, folder)).sort()) {
      if (!name.endsWith(".go")) continue;
      const path = `${folder}/${name}`;
      const first = readFileSync(join(goroot, path), "latin1").split("\n", 1)[0] as string;
      if (folder.startsWith("test") && !/^\/\/ errorcheck( -[eC0]| -lang=\S+| -d=panic)*\s*$/.test(first)) continue;
      list.push(path);
    }
  }
  const only = process.env.ORACLE ?? "";
  if (only === "all") return list;
  return only === "" ? list.filter((_, i) => i % 23 === 0) : list.filter((p) => p.includes(only));
}

test("files with errors get the compiler's errors", { skip: goroot === "" && "no Go tree" }, (t) => {
  const oracle = Oracle.find(["std"]);
  if (oracle === null) {
    t.skip("no Go command");
    return;
  }
  try {
    const checker = new TestChecker(goroot);
    checker.stopAtSyntaxErrors = true;
    const problems: string[] = [];
    let count = 0;
    for (const path of wanted()) {
      const name = join(goroot, path);
      const data = new Uint8Array(readFileSync(name));
      const flags = new TextDecoder().decode(data).split("\n", 1)[0] as string;
      if (/-goexperiment|-gotypesalias|-fakeImportC/.test(flags)) continue;
      const goVersion = /^\/\/.* ?-lang=(\S+)/.exec(flags)?.[1] ?? "";
      for (const all of [true, false]) {
        const options = { path: "p", goVersion, all, standard: false };
        const want = oracle.errors([{ name, data }], options).filter((line) => !later.test(line));
        let got: string[];
        try {
          got = ourErrors(checker, [{ name, data }], options);
        } catch (e) {
          got = [(e as Error).stack ?? ""];
        }
        count++;
        const same = want.join("\n") === got.join("\n");
        if (expectedFailures[path] !== undefined) {
          if (same && all && !path.endsWith("labels.go")) problems.push(`${path} is listed as failing, but passes`);
          continue;
        }
        if (same) continue;
        problems.push([`${path}${all ? "" : " (ten)"}`, ...difference(want, got)].join("\n"));
      }
    }
    assert.equal(problems.length, 0, `${problems.length} of ${count}\n${problems.join("\n")}`);
  } finally {
    oracle.close();
  }
});
