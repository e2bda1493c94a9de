// Rules that are gc's rather than the language's: it checks them once a package has no type errors. Cycles of anonymous
// interfaces, directives, functions without bodies, types that are too large.

import { NoPos, type Pos } from "../base/pos.ts";
import {
  KindArrayType,
  KindAssignStmt,
  KindBlockStmt,
  KindCallExpr,
  KindChanType,
  KindFuncDecl,
  KindFuncLit,
  KindImportDecl,
  KindInterfaceType,
  KindName,
  KindTypeDecl,
  KindVarDecl,
} from "../syntax/kinds.ts";
import { OpDef, PragmaNoescape, PragmaNosplit, PragmaSystemstack, PragmaUintptrescapes, PragmaUintptrkeepalive } from "../syntax/tokens.ts";
import type { CallExpr, File, FuncDecl, Name, Node, VarDecl } from "../syntax/tree.ts";
import { misplacedMessage } from "../syntax/parser-base.ts";
import { unparen, unpackListExpr } from "../syntax/unparen.ts";
import { walk } from "../syntax/walk.ts";
import { unalias } from "./alias.ts";
import type { Checker } from "./checker.ts";
import { error, errorf } from "./errors.ts";
import { sprintf } from "./format.ts";
import {
  BPrint,
  BPrintln,
  OBuiltin,
  OFunc,
  OVar,
  TArray,
  TChan,
  TInterface,
  TMap,
  TPointer,
  TSignature,
  TSlice,
  TStruct,
  TTuple,
} from "./kinds.ts";
import { isTypeParam } from "./predicates.ts";
import { sizeof } from "./sizes.ts";
import type { Interface, Type } from "./types.ts";
import { typeSet } from "./typeset.ts";
import { hasVarSize } from "./builtins.ts";
import { under } from "./under.ts";
import { go1_16, go1_18, type GoVersion, parseVersion } from "./version.ts";

/** Types must be smaller than this. */
const maxWidth = 2 ** 50;
const maxChanElem = 1 << 16;

/**
 * Checks gc's own rules on a package without type errors. `complete` says that all functions are in Go: one without a
 * body is an error then, unless it is linknamed.
 */
export function compilerChecks(check: Checker, complete: boolean): void {
  const cycles = new CycleFinder();
  for (const file of check.files) interfaceCycles(check, file, cycles);
  if (check.errorCount > 0) return;
  const linked = new Set<string>();
  for (const file of check.files) fileRules(check, file, linked, complete);
  if (check.errorCount > 0) return;
  for (const file of check.files) sizeRules(check, file);
}

// ---- Cycles of anonymous interfaces

class CycleFinder {
  readonly cyclic = new Map<Interface, boolean>();

  hasCycle(t: Interface): boolean {
    return typeSet(t).methods.some((m) => m.type !== null && this.visit(m.type));
  }

  private visit(t0: Type): boolean {
    const t = unalias(t0);
    switch (t.kind) {
      case TPointer:
      case TArray:
      case TChan:
      case TSlice:
        return this.visit(t.elem);
      case TMap:
        return this.visit(t.key) || this.visit(t.elem);
      case TStruct:
        return t.fields.some((f) => this.visit(f.type as Type));
      case TSignature:
        return this.visit(t.params) || this.visit(t.results);
      case TTuple:
        return t.vars.some((v) => this.visit(v.type as Type));
      case TInterface: {
        if (t.methods.length === 0 && t.embeddeds.length === 0) return false;
        const known = this.cyclic.get(t);
        if (known !== undefined) return known;
        this.cyclic.set(t, true);
        if (this.hasCycle(t)) return true;
        this.cyclic.set(t, false);
        return false;
      }
      default:
        return false; // a named type is no part of an anonymous cycle
    }
  }
}

function interfaceCycles(check: Checker, file: File, cycles: CycleFinder): void {
  walk(file, (n) => {
    if (n.kind !== KindInterfaceType) return true;
    const t = check.info.types[n.id];
    const u = t === undefined ? null : unalias(t);
    if (u !== null && u.kind === TInterface && cycles.hasCycle(u)) {
      const what = "invalid recursive type: anonymous interface refers to itself (see https://go.dev/issue/56103)";
      error(check, n.pos, what);
      for (const key of cycles.cyclic.keys()) cycles.cyclic.set(key, false); // reported once
    }
    return false;
  });
}

// ---- Directives and bodies

function fileRules(check: Checker, file: File, linked: Set<string>, complete: boolean): void {
  const imports = new Set<string>();
  for (const d of file.declList) if (d.kind === KindImportDecl) imports.add((d.path?.value ?? "").slice(1, -1));
  const importsEmbed = imports.has("embed");
  for (const m of file.misplaced) error(check, m.pos, misplacedMessage(m.embed));

  const lang = parseVersion(check.options.goVersion);
  const modern = lang === 0 || lang >= go1_18;
  for (const l of file.linknames) {
    if (!imports.has("unsafe")) {
      error(check, l.pos, '//go:linkname only allowed in Go files that import "unsafe"');
      continue;
    }
    if (l.remote.includes("[") && l.remote.includes("]")) {
      error(check, l.pos, "//go:linkname reference of an instantiation is not allowed");
      continue;
    }
    const obj = check.pkg.scope.lookup(l.local);
    if (obj !== null && (obj.kind === OFunc || obj.kind === OVar)) {
      if (linked.has(l.local)) errorf(check, l.pos, "duplicate //go:linkname for %s", l.local);
      linked.add(l.local);
    } else if (modern) {
      error(check, l.pos, "//go:linkname must refer to declared function or variable");
    }
  }

  const visit = (n: Node, withinFunc: boolean): void => {
    walk(n, (child) => {
      if (child.kind === KindVarDecl) embedRules(check, child, importsEmbed, withinFunc, lang);
      else if (child.kind === KindFuncDecl) funcRules(check, child, linked, complete);
      else if (child.kind === KindBlockStmt && !withinFunc) {
        visit(child, true);
        return false;
      }
      return true;
    });
  };
  visit(file, false);
}

function funcRules(check: Checker, d: FuncDecl, linked: ReadonlySet<string>, complete: boolean): void {
  const p = d.pragma;
  if ((p & PragmaSystemstack) !== 0 && (p & PragmaNosplit) !== 0) {
    error(check, d.pos, "go:nosplit and go:systemstack cannot be combined");
  }
  if (d.hasBody) {
    if ((p & PragmaNoescape) !== 0) {
      error(check, d.pos, "can only use //go:noescape with external func implementations");
    }
    if ((p & PragmaUintptrkeepalive) !== 0 && (p & PragmaUintptrescapes) === 0 && (p & PragmaNosplit) === 0) {
      error(check, d.pos, "go:uintptrkeepalive requires go:nosplit");
    }
  } else if ((complete || d.name.value === "init") && (d.recv !== null || !linked.has(d.name.value))) {
    error(check, d.pos, "missing function body");
  }
}

function embedRules(check: Checker, d: VarDecl, importsEmbed: boolean, withinFunc: boolean, lang: GoVersion): void {
  const first = d.embeds?.[0];
  if (first === undefined) return;
  let msg = "";
  if (!importsEmbed) msg = 'go:embed requires import "embed" (or import _ "embed", if package is not used)';
  else if (d.nameList.length > 1) msg = "go:embed cannot apply to multiple vars";
  else if (d.values !== null) msg = "go:embed cannot apply to var with initializer";
  else if (d.type === null) msg = "go:embed cannot apply to var without type";
  else if (withinFunc) msg = "go:embed cannot apply to var inside func";
  else if (lang !== 0 && lang < go1_16) msg = "go:embed requires go1.16 or later";
  if (msg !== "") error(check, first.pos, msg);
}

// ---- Sizes

function sizeRules(check: Checker, file: File): void {
  const tooLarge = (t: Type | null | undefined, at: Pos): void => {
    if (t === null || t === undefined || hasVarSize(t, null)) return;
    const u = under(t);
    if (u.kind !== TArray && u.kind !== TStruct) return;
    const size = sizeof(t);
    if (size < 0 || size >= maxWidth) errorf(check, at, "type %s larger than address space", u);
  };
  const declared = (name: Name): void => tooLarge(check.info.defs[name.id]?.type, name.pos);
  // gc meets channel types while it reads declarations and bodies; errors are at the last name that was declared.
  let last: Pos = NoPos;
  walk(file, (n) => {
    switch (n.kind) {
      case KindFuncDecl:
        last = n.name.pos;
        break;
      case KindFuncLit:
        last = n.pos;
        break;
      case KindAssignStmt:
        if (n.op === OpDef) for (const x of unpackListExpr(n.lhs)) if (check.info.defs[x.id]) last = x.pos;
        break;
      case KindTypeDecl:
        last = n.name.pos;
        if (n.tparamList.length === 0) declared(n.name);
        return n.type.kind !== KindArrayType;
      case KindVarDecl:
        for (const name of n.nameList) declared(name);
        last = (n.type !== null ? n.nameList[0] : n.nameList[n.nameList.length - 1])?.pos ?? last;
        break;
      case KindCallExpr:
        printRule(check, n);
        break;
      case KindChanType: {
        const t = check.info.types[n.elem.id];
        if (t !== undefined && !hasVarSize(t, null)) {
          const size = sizeof(t);
          if (size < 0 || size >= maxChanElem) error(check, last, "channel element type too large (>64kB)");
        }
        break;
      }
    }
    return true;
  });
}

/** print and println take values of basic and pointer-like types only. */
function printRule(check: Checker, call: CallExpr): void {
  const fun = unparen(call.fun);
  const obj = fun.kind === KindName ? check.info.uses[fun.id] : undefined;
  if (obj === undefined || obj.kind !== OBuiltin || (obj.builtin !== BPrint && obj.builtin !== BPrintln)) return;
  for (const arg of call.argList) {
    const t = check.info.types[arg.id];
    if (t === undefined || isTypeParam(t)) continue;
    const u = under(t);
    if (u.kind !== TStruct && u.kind !== TArray) continue;
    const text = sprintf(check, "%s", t);
    const shown = /^struct\{.+\}$/.test(text) ? `struct { ${text.slice(7, -1)} }` : text.replace(/^struct\{\}$/, "struct {}");
    errorf(check, call.pos, "illegal types for operand: print\n\t%s", shown);
  }
}
