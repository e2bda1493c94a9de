// Assembles the .s files of a package for the driver: includes, defines, and what names mean.

import type { Host } from "../base/host.ts";
import type { Diagnostics } from "../base/diagnostics.ts";
import type { Sources } from "../base/pos.ts";
import type { Architecture } from "../arch/architecture.ts";
import type { AsmTarget } from "../arch/asm.ts";
import { abiPackages, assemble } from "../asm/assemble.ts";
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

/** Assembles a package. Errors go to the diagnostics. */
export function assemblePackage(context: AssemblyContext, pkg: LoadedPackage, path: string, goAsm: string): Assembled {
  const functions: FuncCode[] = [];
  const data: DataObject[] = [];
  const goAsmBytes = new TextEncoder().encode(goAsm);
  const arch = context.architecture;
  for (const file of pkg.asmFiles) {
    const unit = assemble(file.data, file.path, {
      target: context.target,
      packagePath: path,
      defines: ["GOOS_linux", `GOARCH_${arch.name}`, ...arch.asmDefines],
      include: (name) => (name === "go_asm.h" ? goAsmBytes : include(context, pkg, name)),
      isFunction: context.isFunction,
      allowAbi: abiPackages.includes(path) || pkg.overlay,
      symbols: context.symbols,
      sources: context.sources,
      diagnostics: context.diagnostics,
    });
    for (const f of unit.functions) functions.push(f.code);
    for (const d of unit.data) data.push(d);
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
