// A whole random program: a file of package main for a seed, with a function that runs it.

import { checkState, functions, methods, types } from "./decl.ts";
import { features } from "./features.ts";
import { Gen } from "./gen.ts";
import { Rng } from "./rng.ts";
import { statements } from "./stmt.ts";

/** The file of a seed; with names of idioms in `only`, one of nothing but these. `run` is the name of its function. It needs prelude.go beside it. */
export function program(seed: number, only: readonly string[] = []): { readonly text: string; readonly run: string } {
  const prefix = `s${seed}`;
  const g = new Gen(new Rng(seed), prefix);
  types(g);
  methods(g);
  if (only.length === 0) functions(g);
  const calls = features(g, only);
  const steps: string[] = [];
  const run = `${prefix}Run`;
  for (let i = 0; i < (only.length > 0 ? 0 : g.short ? 1 : 2); i++) {
    const name = g.top("step");
    steps.push(name);
    g.declarations.push(
      g.capture(() => {
        g.scope = [[...g.state]];
        g.withContext({ pure: false, results: [], loops: [], depth: 0 }, () => {
          g.open(`func ${name}() {`);
          g.block(() => statements(g, g.rng.between(2, g.short ? 4 : 7), 0));
          checkState(g);
          g.close();
        });
      }),
    );
  }
  const main = g.capture(() => {
    g.open(`func ${run}() {`);
    g.line("hash = 14695981039346656037");
    let n = 0;
    for (const call of g.rng.shuffle([...steps.map((s) => `${s}()`), ...calls])) {
      g.line("fuel = 200");
      g.line(call);
      g.line(`step("${prefix}", ${n++})`);
    }
    g.close();
  });
  const imports = ["math", "math/bits", ...g.imports];
  const unused = `var _ = math.Pi\nvar _ = bits.UintSize`;
  const head = `// Random program ${seed}.\n\npackage main\n\nimport (\n${imports.map((i) => `\t"${i}"`).join("\n")}\n)\n\n${unused}\n\n`;
  return { text: `${head}${[...g.declarations, main].join("\n\n")}\n`, run };
}

/** The file with main that runs some seeds. */
export function mainFile(runs: readonly string[]): string {
  return `package main\n\nfunc main() {\n${runs.map((r) => `\t${r}()`).join("\n")}\n}\n`;
}
