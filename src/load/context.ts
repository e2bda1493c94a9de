// The build context: for which system, architecture and tags files are chosen.

import { unixSystems } from "../syntax/constraint.ts";

/** The Go version whose library this compiler is made for. */
export const languageMinor = 26;

/** The experiments that Go 1.26 has on by default on every architecture. */
const experiments = ["goexperiment.dwarf5", "goexperiment.greenteagc", "goexperiment.randomizedheapbase64"];

/** What decides which files belong to a package. */
export class BuildContext {
  readonly goos: string;
  readonly goarch: string;
  private readonly set: Set<string>;

  /** `tags`: those of the architecture and of -tags. */
  constructor(goos: string, goarch: string, tags: readonly string[]) {
    this.goos = goos;
    this.goarch = goarch;
    // Upstream's files choose by the `gc` tag what suits the register calling convention and its assembly.
    this.set = new Set([goos, goarch, "gc", ...experiments, ...tags]);
    if (unixSystems.has(goos)) this.set.add("unix");
    if (goos === "android") this.set.add("linux");
    for (let minor = 1; minor <= languageMinor; minor++) this.set.add(`go1.${minor}`);
  }

  has(tag: string): boolean {
    return this.set.has(tag === "boringcrypto" ? "goexperiment.boringcrypto" : tag);
  }
}
