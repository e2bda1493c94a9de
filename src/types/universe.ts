// The predeclared things and package unsafe. All of it is constant, except that type sets are worked out on first use.

import { NoPos } from "../base/pos.ts";
import { makeBool, makeInt } from "./constant/make.ts";
import * as K from "./kinds.ts";
import { Builtin, Const, Func, Nil, type Obj, TypeName, Var } from "./object.ts";
import { Package } from "./package.ts";
import { Scope } from "./scope.ts";
import {
  Alias,
  type Basic,
  firstUniverseId,
  Interface,
  Named,
  NamedHasFinite,
  NamedHasMethods,
  NamedHasUnder,
  NamedUnpacked,
  Signature,
  Tuple,
  Typ,
  type Type,
  TypeIds,
  universeByte,
  universeRune,
} from "./types.ts";

export { universeByte, universeRune };

/** How built-in functions can be called. `kind`: 0 conversion, 1 expression, 2 statement. */
export interface PredeclaredFunc {
  readonly name: string;
  readonly nargs: number;
  readonly variadic: boolean;
  readonly kind: number;
}

const expression = 1;
const statement = 2;

function fn(name: string, nargs: number, variadic: boolean, kind: number): PredeclaredFunc {
  return { name, nargs, variadic, kind };
}

/** By number: BAppend ... */
export const predeclaredFuncs: readonly PredeclaredFunc[] = [
  fn("append", 1, true, expression),
  fn("cap", 1, false, expression),
  fn("clear", 1, false, statement),
  fn("close", 1, false, statement),
  fn("complex", 2, false, expression),
  fn("copy", 2, false, statement),
  fn("delete", 2, false, statement),
  fn("imag", 1, false, expression),
  fn("len", 1, false, expression),
  fn("make", 1, true, expression),
  fn("max", 1, true, expression),
  fn("min", 1, true, expression),
  fn("new", 1, false, expression),
  fn("panic", 1, false, statement),
  fn("print", 0, true, statement),
  fn("println", 0, true, statement),
  fn("real", 1, false, expression),
  fn("recover", 0, false, statement),
  fn("Add", 2, false, expression),
  fn("Alignof", 1, false, expression),
  fn("Offsetof", 1, false, expression),
  fn("Sizeof", 1, false, expression),
  fn("Slice", 2, false, expression),
  fn("SliceData", 1, false, expression),
  fn("String", 2, false, expression),
  fn("StringData", 1, false, expression),
  fn("assert", 1, false, statement),
  fn("trace", 0, true, statement),
];

const ids: TypeIds = new TypeIds(firstUniverseId);
const invalid: Type = Typ[K.Invalid] as Type;

export const universe: Scope = new Scope(null, NoPos, NoPos, "universe");
export const unsafePackage: Package = new Package(universe, "unsafe", "unsafe");
/** The universe with the functions that only the checker's own tests know. */
export const testUniverse: Scope = new Scope(universe, NoPos, NoPos, "test universe");

function def<T extends Obj>(obj: T): T {
  (obj.pkg === unsafePackage ? unsafePackage.scope : universe).insert(obj);
  return obj;
}

function defType(type: Basic): void {
  if (type.name.includes(" ")) return;
  def(new TypeName(ids, NoPos, type.basic === K.UnsafePointer ? unsafePackage : null, type.name, type));
}

for (const t of Typ) defType(t);
defType(universeByte);
defType(universeRune);

/** A complete interface without methods. */
export const emptyInterface: Interface = new Interface(ids, null);
emptyInterface.complete = true;

/** The interface that `any` is an alias of; only it prints as "any". */
export const anyInterface: Interface = new Interface(ids, null);
anyInterface.complete = true;
export const universeAny: TypeName = new TypeName(ids, NoPos, null, "any", null);
const anyAlias = new Alias(ids, universeAny, null, anyInterface);
anyAlias.actual = anyInterface;
universeAny.type = anyAlias;
def(universeAny);

function defInterface(name: string, type: Interface): Named {
  const obj = new TypeName(ids, NoPos, null, name, null);
  const named = new Named(ids.fresh(), null, obj, null, type, []);
  named.underlying = type;
  named.finite = true;
  named.state = NamedUnpacked | NamedHasMethods | NamedHasUnder | NamedHasFinite;
  obj.type = named;
  def(obj);
  return named;
}

const errorInterface = new Interface(ids, null);
/** The type error. */
export const universeError: Named = defInterface("error", errorInterface);
const errorResult = new Tuple(ids, [new Var(ids, K.ResultVar, NoPos, null, "", Typ[K.String_] as Type)]);
const errorRecv = new Var(ids, K.RecvVar, NoPos, null, "", universeError);
errorInterface.methods = [new Func(ids, NoPos, null, "Error", new Signature(ids, errorRecv, new Tuple(ids, []), errorResult, false))];
errorInterface.complete = true;

/** The interface of `comparable`; its type set is filled in by typeset.ts, which knows that it is special. */
export const comparableInterface: Interface = new Interface(ids, null);
comparableInterface.complete = true;
comparableInterface.embeddeds = [];
export const universeComparable: TypeName = defInterface("comparable", comparableInterface).obj;

def(new Const(ids, NoPos, null, "true", Typ[K.UntypedBool] as Type, makeBool(true)));
def(new Const(ids, NoPos, null, "false", Typ[K.UntypedBool] as Type, makeBool(false)));
export const universeIota: Const = def(new Const(ids, NoPos, null, "iota", Typ[K.UntypedInt] as Type, makeInt(0)));
def(new Nil(ids, NoPos, null, "nil", Typ[K.UntypedNil] as Type));

for (let i = 0; i <= K.BTrace; i++) {
  const name = (predeclaredFuncs[i] as PredeclaredFunc).name;
  if (i === K.BAssert || i === K.BTrace) testUniverse.insert(new Builtin(ids, NoPos, null, name, invalid, i));
  else def(new Builtin(ids, NoPos, i >= K.BAdd ? unsafePackage : null, name, invalid, i));
}

export const emptyTuple: Tuple = new Tuple(ids, []);
