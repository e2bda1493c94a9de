// GOEXPERIMENT: a list of names that turn on what Go does not promise to keep. Build tags carry them to the sources; what only chooses
// among ways of Go's own compiler and runtime has no effect here.

/** Those that change what programs mean or which packages there are. */
const effective: ReadonlySet<string> = new Set(["arenas", "fieldtrack", "jsonv2"]);

const withoutEffect: ReadonlySet<string> = new Set([
  "cgocheck2",
  "dwarf5",
  "greenteagc",
  "heapminimum512kib",
  "newinliner",
  "randomizedheapbase64",
  "regabi",
  "regabiargs",
  "regabiwrappers",
  "runtimefreegc",
  "sizespecializedmalloc",
  "staticlockranking",
]);

const unsupported: ReadonlySet<string> = new Set([
  "boringcrypto",
  "goroutineleakprofile",
  "loopvar",
  "preemptibleloops",
  "runtimesecret",
  "simd",
]);

/** The build tags of a value of GOEXPERIMENT, or what is wrong with it. */
export function experimentTags(value: string): readonly string[] | string {
  const on = new Set<string>();
  for (const word of value.split(",")) {
    if (word === "") continue;
    if (word === "none") {
      on.clear();
      continue;
    }
    const off = word.startsWith("no");
    const name = off ? word.slice(2) : word;
    if (effective.has(name)) {
      if (off) on.delete(name);
      else on.add(name);
    } else if (unsupported.has(name)) {
      if (!off) return `GOEXPERIMENT ${name} is not supported`;
    } else if (!withoutEffect.has(name)) return `unknown GOEXPERIMENT ${name}`;
  }
  return Array.from(on, (name) => `goexperiment.${name}`);
}
