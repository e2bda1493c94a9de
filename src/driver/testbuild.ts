// The packages of a test command, what is known of their test programs from earlier builds, and how these are built.

import type { Host } from "../base/host.ts";
import { hex } from "../base/hex.ts";
import { findGoroot } from "../load/goroot.ts";
import { newLoader } from "../load/load.ts";
import { type BuildOutcome, type BuildRequest, buildTest, describe, loadOptions, outputName } from "./build.ts";
import { Memory, recordedGoroot } from "./memory.ts";
import type { Store } from "./store.ts";

/** What is known of a test program without building it. */
export interface KnownTest {
  readonly hasTests: boolean;
  /** A hash of the program; "" if there are no tests. */
  readonly program: string;
  /** Warnings. */
  readonly lines: readonly string[];
}

/** A package whose tests are to be run. */
export interface TestPackage {
  readonly path: string;
  readonly dir: string;
  readonly goroot: string;
  /** The folder of its module, or the Go tree; "" if it belongs to neither. */
  readonly root: string;
  /** What its test program is called. */
  readonly binary: string;
  /** What building it would give, if that is known. */
  known(): KnownTest | null;
  /** Builds the program of its tests; a package without test files is only checked. Throws LoadError if it can't be put together. */
  build(): { readonly outcome: BuildOutcome; readonly test: KnownTest };
}

/** The packages that the arguments of a test command name. Throws LoadError. */
export function testPackages(
  host: Host,
  request: BuildRequest,
  store: Store | null,
): { packages: TestPackage[]; warnings: readonly string[] } {
  const goroot = findGoroot(host);
  const loader = newLoader(host, request.args, loadOptions(request, goroot));
  const packages = loader.targets(request.args).map((target): TestPackage => {
    const { path, dir, standard, module } = target.at;
    // Developers' switches print while the build goes on.
    const memory = new Memory(host, request.debug.length > 0 ? null : store, `test\n${JSON.stringify(target)}\n${describe(host, request)}`);
    const read = (data: Uint8Array): KnownTest => JSON.parse(new TextDecoder().decode(data)) as KnownTest;
    return {
      path,
      dir,
      goroot: loader.goroot.folder,
      root: standard ? loader.goroot.folder : (module?.dir ?? ""),
      binary: `${outputName(path, "command-line-arguments")}.test`,
      known: () => {
        const data = request.fresh === true ? null : memory.find();
        return data === null ? null : read(data);
      },
      build: () =>
        memory.note(
          (recorder) => {
            const found = recordedGoroot(recorder);
            const { outcome, hasTests } = buildTest(recorder, request, store, target, found);
            const image = outcome.images[0];
            const program = image === undefined ? "" : hex(host.sha256(image.bytes));
            return { outcome, test: { hasTests, program, lines: outcome.lines } };
          },
          ({ outcome, test }) => (outcome.status === 0 ? new TextEncoder().encode(JSON.stringify(test)) : null),
        ),
    };
  });
  return { packages, warnings: loader.warnings };
}
