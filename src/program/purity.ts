// Which initialisers have no effect but their value, so that they can be left out when nobody wants that: what makes no call, or calls only functions that do
// nothing but return such a value (errors.New), and can't panic. Most can be told so by their syntax and by what names mean in their package, before they are
// checked; then they are checked only if they are wanted.

import * as S from "../syntax/kinds.ts";
import { OpDiv, OpEql, OpGeq, OpMul, OpRecv, OpRem, OpShl, OpShr } from "../syntax/tokens.ts";
import type { CallExpr, Expr } from "../syntax/tree.ts";
import { unparen } from "../syntax/unparen.ts";
import type { Info, Initializer } from "../types/info.ts";
import * as K from "../types/kinds.ts";
import { type Func as FuncObject, type Obj, originFunc, PkgName } from "../types/object.ts";
import type { Scope } from "../types/scope.ts";
import { under } from "../types/under.ts";

const pureBuiltins: ReadonlySet<string> = new Set([
  "new",
  "make",
  "len",
  "cap",
  "complex",
  "real",
  "imag",
  "append",
  "min",
  "max",
  "Sizeof",
  "Offsetof",
  "Alignof",
  "String",
  "StringData",
]);

/** Functions with longer bodies (in bytes) are not looked into. */
const maxBody = 200;

export class Purity {
  /** Whether functions only return a value. */
  private readonly functions = new Map<FuncObject, boolean>();
  private readonly checkBody: (f: FuncObject) => void;

  constructor(checkBody: (f: FuncObject) => void) {
    this.checkBody = checkBody;
  }

  /** Whether a checked expression is pure. */
  isPure(info: Info, e: Expr): boolean {
    if (info.values[e.id] !== undefined || S.isTypeLiteral(e.kind)) return true;
    switch (e.kind) {
      case S.KindName:
      case S.KindBasicLit:
      case S.KindFuncLit:
        return true;
      case S.KindParenExpr:
        return this.isPure(info, unparen(e) as Expr);
      case S.KindCompositeLit:
      case S.KindListExpr:
        return this.all(info, e.elemList);
      case S.KindKeyValueExpr:
        return this.isPure(info, e.value) && (e.key.kind === S.KindName || this.isPure(info, e.key));
      case S.KindSelectorExpr: {
        const s = info.selections[e.id];
        // A qualified name, or a field that is reached without a pointer.
        if (s === undefined) return true;
        return !s.indirect && s.kind !== K.MethodVal && this.isPure(info, e.x);
      }
      case S.KindOperation: {
        if (e.op === OpRecv && e.y === null) return false;
        if (e.y === null) {
          if (e.op === OpMul) return info.mode(e.id) === K.ModeTypExpr;
          return this.isPure(info, e.x);
        }
        if (e.op === OpDiv || e.op === OpRem || e.op === OpShl || e.op === OpShr) return false;
        const t = info.types[e.x.id];
        // Comparing interfaces can panic.
        if (t !== undefined && under(t).kind === K.TInterface) return false;
        return this.isPure(info, e.x) && this.isPure(info, e.y);
      }
      case S.KindCallExpr: {
        const fun = unparen(e.fun) as Expr;
        const mode = info.mode(fun.id);
        if (mode === K.ModeTypExpr) return isPureConversion(info, e) && this.all(info, e.argList);
        const name = fun.kind === S.KindName ? fun : fun.kind === S.KindSelectorExpr ? fun.sel : null;
        if (name === null) return false;
        if (mode !== K.ModeBuiltin) {
          const callee = info.uses[name.id];
          return callee !== undefined && callee.kind === K.OFunc && this.onlyReturns(callee) && this.all(info, e.argList);
        }
        if (!pureBuiltins.has(name.value)) return false;
        if (name.value === "make") return e.argList.slice(1).every((a) => info.values[a.id] !== undefined);
        return this.all(info, e.argList);
      }
      default:
        return false;
    }
  }

  private all(info: Info, list: readonly Expr[]): boolean {
    for (let i = 0; i < list.length; i++) if (!this.isPure(info, list[i] as Expr)) return false;
    return true;
  }

  /** Whether a function does nothing but return the value of a pure expression. */
  private onlyReturns(f: FuncObject): boolean {
    const known = this.functions.get(f);
    if (known !== undefined) return known;
    this.functions.set(f, false);
    const pure = this.findOnlyReturns(f);
    this.functions.set(f, pure);
    return pure;
  }

  private findOnlyReturns(f: FuncObject): boolean {
    const d = f.decl?.fdecl ?? null;
    const checker = f.pkg === null ? null : f.pkg.checker;
    if (d === null || checker === null || originFunc(f) !== f || d.recv !== null || d.tparamList.length > 0) return false;
    if (!d.hasBody || d.bodyEnd - d.bodyStart > maxBody) return false;
    this.checkBody(f);
    const only = d.body === null || d.body.list.length !== 1 ? undefined : d.body.list[0];
    return only !== undefined && only.kind === S.KindReturnStmt && only.results !== null && this.isPure(checker.info, only.results);
  }

  /** Whether an initialiser, checked or not, can be seen to be pure. False tells nothing. */
  atSight(step: Initializer): boolean {
    const scope = step.lhs[0]?.decl?.scope;
    return scope !== undefined && this.seenPure(scope, step.rhs);
  }

  private seenPure(scope: Scope, e: Expr): boolean {
    switch (e.kind) {
      case S.KindName:
      case S.KindBasicLit:
      case S.KindFuncLit:
        return true;
      case S.KindParenExpr:
        return this.seenPure(scope, e.x);
      case S.KindCompositeLit:
        return this.allSeen(scope, e.elemList);
      case S.KindKeyValueExpr:
        return this.seenPure(scope, e.value) && this.seenPure(scope, e.key);
      case S.KindSelectorExpr:
        return qualified(scope, e) !== null;
      case S.KindOperation:
        if (isLiteral(e)) return true;
        if (e.y === null) return e.op !== OpRecv && e.op !== OpMul && this.seenPure(scope, e.x);
        if (e.op === OpDiv || e.op === OpRem || e.op === OpShl || e.op === OpShr || (e.op >= OpEql && e.op <= OpGeq)) return false;
        return this.seenPure(scope, e.x) && this.seenPure(scope, e.y);
      case S.KindCallExpr:
        return this.seenPureCall(scope, e);
      default:
        return false;
    }
  }

  private allSeen(scope: Scope, list: readonly Expr[]): boolean {
    for (let i = 0; i < list.length; i++) if (!this.seenPure(scope, list[i] as Expr)) return false;
    return true;
  }

  private seenPureCall(scope: Scope, e: CallExpr): boolean {
    const fun = unparen(e.fun) as Expr;
    const { argList } = e;
    if (isTypeAtSight(scope, fun)) return argList.length === 1 && isNoSlice(scope, argList[0] as Expr);
    const callee = meaning(scope, fun);
    if (callee === null) return false;
    if (callee.kind === K.OFunc) return this.onlyReturns(callee) && this.allSeen(scope, argList);
    if (callee.kind !== K.OBuiltin) return false;
    switch (callee.name) {
      case "new":
        return argList.length === 1 && isTypeAtSight(scope, unparen(argList[0] as Expr) as Expr);
      case "make":
        return argList.slice(1).every(isLiteral);
      case "append":
        return this.allSeen(scope, argList);
      default:
        return false;
    }
  }
}

/** Conversions of slices to arrays can panic. */
function isPureConversion(info: Info, e: CallExpr): boolean {
  const to = info.types[e.id];
  const arg = e.argList[0];
  const from = arg === undefined ? undefined : info.types[arg.id];
  if (to === undefined || from === undefined) return false;
  if (under(from).kind !== K.TSlice) return true;
  const u = under(to);
  return u.kind === K.TSlice || u.kind === K.TBasic || u.kind === K.TInterface;
}

/** The object that a name stands for among the declarations of packages; null if there is none. */
function lookup(scope: Scope, name: string): Obj | null {
  for (let s: Scope | null = scope; s !== null; s = s.parent) {
    const found = s.lookup(name);
    if (found !== null) return found;
  }
  return null;
}

/** What a qualified name means; null for other selectors. */
function qualified(scope: Scope, e: Expr): Obj | null {
  if (e.kind !== S.KindSelectorExpr || e.x.kind !== S.KindName) return null;
  const pkg = lookup(scope, e.x.value);
  return pkg instanceof PkgName ? pkg.imported.scope.lookup(e.sel.value) : null;
}

function meaning(scope: Scope, e: Expr): Obj | null {
  return e.kind === S.KindName ? lookup(scope, e.value) : qualified(scope, e);
}

function isTypeAtSight(scope: Scope, e: Expr): boolean {
  if (S.isTypeLiteral(e.kind)) return true;
  if (e.kind === S.KindOperation) return e.op === OpMul && e.y === null && isTypeAtSight(scope, unparen(e.x) as Expr);
  return meaning(scope, e)?.kind === K.OTypeName;
}

/** Made of literals and operators only: a constant. */
function isLiteral(e: Expr): boolean {
  switch (e.kind) {
    case S.KindBasicLit:
      return true;
    case S.KindParenExpr:
      return isLiteral(e.x);
    case S.KindOperation:
      return e.op !== OpRecv && isLiteral(e.x) && (e.y === null || isLiteral(e.y));
    default:
      return false;
  }
}

/** An argument of a conversion that is pure, and certainly no slice. */
function isNoSlice(scope: Scope, e: Expr): boolean {
  if (isLiteral(e) || e.kind === S.KindFuncLit) return true;
  if (e.kind === S.KindName) {
    const kind = lookup(scope, e.value)?.kind;
    return kind === K.ONil || kind === K.OConst;
  }
  return false;
}
