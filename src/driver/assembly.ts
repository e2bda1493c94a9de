// Assembles the .s files of a package for the driver: includes, defines, and what names mean.

import type { Host } from "../base/host.ts";
import type { Diagnostics } from "../base/diagnostics.ts";
import type { Sources } from "../base/pos.ts";
import type { Architecture } from "../arch/architecture.ts";
import type { AsmTarget } from "../arch/asm.ts";
import { abiPackages, assemble } from "../asm/assemble.ts";
import type { AssemblyCache } from "./asmcache.ts";
import type { LoadedPackage, LoadedProgram } from "../load/package.ts";
import type { Assembled } from "../program/source.ts";
import type { DataObject, FuncCode } from "../ssa/object.ts";
import type { Symbols } from "../ssa/symbol.ts";

export interface AssemblyContext {
  readonly host: Host;
  readonly sources: Sources;
  readonly diagnostics: Diagnostics;
  readonly symbols: Symbols;
  readonly architecture: Architecture;
  readonly target: AsmTarget;
  readonly program: LoadedProgram;
  /** Is a package-qualified name a function? */
  readonly isFunction: (name: string) => boolean;
}

/** Assembles a package, or takes what is kept of its files. Errors go to the diagnostics. */
export function assemblePackage(
  context: AssemblyContext,
  cache: AssemblyCache,
  pkg: LoadedPackage,
  path: string,
  goAsm: string,
): Assembled {
  const functions: FuncCode[] = [];
  const data: DataObject[] = [];
  const goAsmBytes = new TextEncoder().encode(goAsm);
  const arch = context.architecture;
  const defines = ["GOOS_linux", `GOARCH_${arch.name}`, ...arch.asmDefines];
  const allowAbi = abiPackages.includes(path) || pkg.overlay;
  for (const file of pkg.asmFiles) {
    const asked = {
      include: (name: string) => (name === "go_asm.h" ? goAsmBytes : include(context, pkg, name)),
      isFunction: context.isFunction,
    };
    const unit = cache.unit(file, path, [...defines, allowAbi ? "+" : ""], asked, (noted) => {
      const { target, symbols, sources, diagnostics } = context;
      const before = diagnostics.list.length;
      const made = assemble(file.data, file.path, {
        target,
        packagePath: path,
        defines,
        allowAbi,
        symbols,
        sources,
        diagnostics,
        ...noted,
      });
      const good = diagnostics.list.length === before;
      return { functions: made.functions.map((f) => f.code), data: made.data, good };
    });
    functions.push(...unit.functions);
    data.push(...unit.data);
  }
  return { functions, data };
}

/** An included file: of the package (modules share files between their folders), else of the Go tree. */
function include(context: AssemblyContext, pkg: LoadedPackage, name: string): Uint8Array | null {
  if (name.startsWith("/")) return null;
  const own = pkg.headers.find((h) => h.name === name);
  if (own !== undefined) return own.data;
  for (const folder of [pkg.dir, context.program.includeFolder, `${context.program.goroot}/src/runtime`]) {
    const path = `${folder}/${name}`;
    if (context.host.stat(path).kind === "file") return context.host.readFile(path);
  }
  return null;
}
