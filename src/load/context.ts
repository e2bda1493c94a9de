// The build context: for which system, architecture and tags files are chosen.

import { unixSystems } from "../syntax/constraint.ts";

/** The Go version whose library this compiler is made for. */
export const languageMinor = 26;

/** What decides which files belong to a package. */
export class BuildContext {
  readonly goos: string;
  readonly goarch: string;
  /** Of -tags, in the order given. */
  readonly tags: readonly string[];
  private readonly set: Set<string>;

  constructor(goos: string, goarch: string, tags: readonly string[]) {
    this.goos = goos;
    this.goarch = goarch;
    this.tags = tags;
    // Upstream's files choose by the `gc` tag what suits the register calling convention and its assembly.
    this.set = new Set([goos, goarch, "gc", ...tags, ...experiments(goarch), ...features(goarch)]);
    if (unixSystems.has(goos)) this.set.add("unix");
    if (goos === "android") this.set.add("linux");
    for (let minor = 1; minor <= languageMinor; minor++) this.set.add(`go1.${minor}`);
  }

  has(tag: string): boolean {
    return this.set.has(tag === "boringcrypto" ? "goexperiment.boringcrypto" : tag);
  }
}

/** The experiments that Go 1.26 has on by default. */
function experiments(goarch: string): string[] {
  const names = ["dwarf5", "greenteagc", "randomizedheapbase64"];
  if (["amd64", "arm64", "loong64", "ppc64le", "ppc64", "riscv64", "s390x"].includes(goarch)) {
    names.push("regabiwrappers", "regabiargs");
  }
  return names.map((n) => `goexperiment.${n}`);
}

/** Tags of the baseline that an architecture is compiled for. */
function features(goarch: string): string[] {
  switch (goarch) {
    case "amd64":
      return ["amd64.v1"];
    case "arm64":
      return ["arm64.v8.0"];
    case "riscv64":
      return ["riscv64.rva20u64"];
    default:
      return [];
  }
}
