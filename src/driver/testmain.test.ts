import assert from "node:assert/strict";
import { test } from "node:test";
import { exampleOutput } from "./testmain.ts";

test("the output that an example wants is in its last comment", () => {
  assert.deepEqual(exampleOutput("{\n\tf()\n\t// Output: 3\n}"), { output: "3\n", unordered: false });
  assert.deepEqual(exampleOutput("{\n\t// Output:\n\t// a\n\t//  b\n}"), { output: "a\n b\n", unordered: false });
  assert.deepEqual(exampleOutput("{\n\t/* Unordered output: a\nb */\n}"), { output: "a\nb\n", unordered: true });
  assert.deepEqual(exampleOutput("{\n\t// Output:\n}"), { output: "", unordered: false });
  assert.equal(exampleOutput("{\n\t// Output: 1\n\n\t// more\n}"), null);
  assert.equal(exampleOutput('{\n\tf("// Output: 1")\n}'), null);
  assert.equal(exampleOutput("{}"), null);
});
