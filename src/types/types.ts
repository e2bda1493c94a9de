// The classes of Go's types. They hold data only: what can be asked about types lives in files by subject (under.ts,
// predicates.ts, lookup.ts ...), because most questions need other types resolved first. Runtime imports are limited to
// import-free files, so that the universe can be built while modules load.

import type { Pos } from "../base/pos.ts";
import type { Checker } from "./checker.ts";
import type { Context } from "./context.ts";
import * as K from "./kinds.ts";
import type { Func, TypeName, Var } from "./object.ts";
import type { Scope } from "./scope.ts";
import type { TypeSet } from "./typeset.ts";

/** Gives out the dense ids of types and objects. Ids below firstProgramId belong to the universe. */
export class TypeIds {
  next: number;

  constructor(first: number = firstProgramId) {
    this.next = first;
  }

  fresh(): number {
    return this.next++;
  }
}

/** Basic types have the ids 1 ... 31, other things of the universe those from here. */
export const firstUniverseId = 32;
/** The first id that a TypeIds for a program gives out. */
export const firstProgramId = 256;

export class Basic {
  readonly kind: typeof K.TBasic;
  readonly id: number;
  /** One of Invalid ... UntypedNil. */
  readonly basic: number;
  /** IsBoolean ... IsUntyped, as bits. */
  readonly info: number;
  readonly name: string;

  constructor(id: number, basic: number, info: number, name: string) {
    this.kind = K.TBasic;
    this.id = id;
    this.basic = basic;
    this.info = info;
    this.name = name;
  }
}

function basics(): Basic[] {
  const untyped = K.IsUntyped;
  const rows: [number, number, string][] = [
    [K.Invalid, 0, "invalid type"],
    [K.Bool, K.IsBoolean, "bool"],
    [K.Int, K.IsInteger, "int"],
    [K.Int8, K.IsInteger, "int8"],
    [K.Int16, K.IsInteger, "int16"],
    [K.Int32, K.IsInteger, "int32"],
    [K.Int64, K.IsInteger, "int64"],
    [K.Uint, K.IsInteger | K.IsUnsigned, "uint"],
    [K.Uint8, K.IsInteger | K.IsUnsigned, "uint8"],
    [K.Uint16, K.IsInteger | K.IsUnsigned, "uint16"],
    [K.Uint32, K.IsInteger | K.IsUnsigned, "uint32"],
    [K.Uint64, K.IsInteger | K.IsUnsigned, "uint64"],
    [K.Uintptr, K.IsInteger | K.IsUnsigned, "uintptr"],
    [K.Float32, K.IsFloat, "float32"],
    [K.Float64, K.IsFloat, "float64"],
    [K.Complex64, K.IsComplex, "complex64"],
    [K.Complex128, K.IsComplex, "complex128"],
    [K.String_, K.IsString, "string"],
    [K.UnsafePointer, 0, "Pointer"],
    [K.UntypedBool, K.IsBoolean | untyped, "untyped bool"],
    [K.UntypedInt, K.IsInteger | untyped, "untyped int"],
    [K.UntypedRune, K.IsInteger | untyped, "untyped rune"],
    [K.UntypedFloat, K.IsFloat | untyped, "untyped float"],
    [K.UntypedComplex, K.IsComplex | untyped, "untyped complex"],
    [K.UntypedString, K.IsString | untyped, "untyped string"],
    [K.UntypedNil, untyped, "untyped nil"],
  ];
  return rows.map(([kind, info, name]) => new Basic(kind + 1, kind, info, name));
}

/** The basic types by kind: Typ[Int], Typ[Invalid] ... */
export const Typ: readonly Basic[] = basics();
/** byte and rune are identical to uint8 and int32 but print under their own names. */
export const universeByte: Basic = new Basic(30, K.Byte, K.IsInteger | K.IsUnsigned, "byte");
export const universeRune: Basic = new Basic(31, K.Rune, K.IsInteger, "rune");

/** What makes a Named type an instance of a generic one. */
export class NamedInstance {
  readonly orig: Named;
  readonly targs: Type[];
  expandedMethods: number;
  ctxt: Context | null;

  constructor(orig: Named, targs: Type[], ctxt: Context | null) {
    this.orig = orig;
    this.targs = targs;
    this.expandedMethods = 0;
    this.ctxt = ctxt;
  }
}

// States of a Named type, as bits.
/** Type parameters, right-hand side and list of methods are available (methods of instances may be unexpanded). */
export const NamedUnpacked = 1;
/** All methods of an instance are expanded. */
export const NamedHasMethods = 2;
/** `underlying` is available. */
export const NamedHasUnder = 4;
/** `finite` is available. */
export const NamedHasFinite = 8;

/** A defined type or an instance of one. Ask under(t), typeParams(t), method(t, i) of named.ts, not the fields. */
export class Named {
  readonly kind: typeof K.TNamed;
  readonly id: number;
  readonly check: Checker | null;
  /** For instances, an object of its own; namedObj(t) gives the declared one. */
  obj: TypeName;
  inst: NamedInstance | null;
  state: number;
  /** The right-hand side of the declaration. */
  fromRHS: Type | null;
  tparams: TypeParam[];
  underlying: Type | null;
  finite: boolean;
  /** For instances: sparse until expanded. */
  methods: Func[];
  constructor(id: number, check: Checker | null, obj: TypeName, inst: NamedInstance | null, fromRHS: Type | null, methods: Func[]) {
    this.kind = K.TNamed;
    this.id = id;
    this.check = check;
    this.obj = obj;
    this.inst = inst;
    this.state = 0;
    this.fromRHS = fromRHS;
    this.tparams = noTypeParams;
    this.underlying = null;
    this.finite = false;
    this.methods = methods;
  }
}

export class Pointer {
  readonly kind: typeof K.TPointer;
  readonly id: number;
  elem: Type;

  constructor(ids: TypeIds, elem: Type) {
    this.kind = K.TPointer;
    this.id = ids.fresh();
    this.elem = elem;
  }
}

export class Slice {
  readonly kind: typeof K.TSlice;
  readonly id: number;
  elem: Type;

  constructor(ids: TypeIds, elem: Type) {
    this.kind = K.TSlice;
    this.id = ids.fresh();
    this.elem = elem;
  }
}

/** `len` is -1 if it could not be determined. */
export class ArrayType {
  readonly kind: typeof K.TArray;
  readonly id: number;
  elem: Type;
  len: number;

  constructor(ids: TypeIds, elem: Type, len: number) {
    this.kind = K.TArray;
    this.id = ids.fresh();
    this.elem = elem;
    this.len = len;
  }
}

export class MapType {
  readonly kind: typeof K.TMap;
  readonly id: number;
  key: Type;
  elem: Type;

  constructor(ids: TypeIds, key: Type, elem: Type) {
    this.kind = K.TMap;
    this.id = ids.fresh();
    this.key = key;
    this.elem = elem;
  }
}

/** `dir` is SendRecv, SendOnly or RecvOnly. */
export class Chan {
  readonly kind: typeof K.TChan;
  readonly id: number;
  dir: number;
  elem: Type;

  constructor(ids: TypeIds, dir: number, elem: Type) {
    this.kind = K.TChan;
    this.id = ids.fresh();
    this.dir = dir;
    this.elem = elem;
  }
}

/** Parameters, results, or the values of a call. Never null in signatures: no parameters is an empty tuple. */
export class Tuple {
  readonly kind: typeof K.TTuple;
  readonly id: number;
  readonly vars: Var[];

  constructor(ids: TypeIds, vars: Var[]) {
    this.kind = K.TTuple;
    this.id = ids.fresh();
    this.vars = vars;
  }
}

/** The type of a function or method. Ignore `recv` when comparing. */
export class Signature {
  readonly kind: typeof K.TSignature;
  readonly id: number;
  /** Type parameters of the receiver. */
  rparams: TypeParam[];
  tparams: TypeParam[];
  /** The function's scope, for signatures that come from source. */
  scope: Scope | null;
  recv: Var | null;
  params: Tuple;
  results: Tuple;
  variadic: boolean;
  /** Of a method: the type of a value of it, which has no receiver. Null until somebody wants it. */
  bound: Signature | null;

  constructor(ids: TypeIds, recv: Var | null, params: Tuple, results: Tuple, variadic: boolean) {
    this.kind = K.TSignature;
    this.id = ids.fresh();
    this.rparams = noTypeParams;
    this.tparams = noTypeParams;
    this.scope = null;
    this.recv = recv;
    this.params = params;
    this.results = results;
    this.variadic = variadic;
    this.bound = null;
  }
}

/** A struct. `tags` may be shorter than `fields`. `complete` is false while the fields are being collected. */
export class Struct {
  readonly kind: typeof K.TStruct;
  readonly id: number;
  fields: Var[];
  tags: string[];
  complete: boolean;

  constructor(ids: TypeIds, fields: Var[], tags: string[], complete = true) {
    this.kind = K.TStruct;
    this.id = ids.fresh();
    this.fields = fields;
    this.tags = tags;
    this.complete = complete;
  }
}

/** An interface. Ask typeSet(t) of typeset.ts for its methods. */
export class Interface {
  readonly kind: typeof K.TInterface;
  readonly id: number;
  check: Checker | null;
  /** Explicitly declared methods, sorted. */
  methods: Func[];
  embeddeds: Type[];
  /** Positions of the embedded elements, for messages. */
  embedPos: Pos[];
  /** A wrapper around a constraint that is no interface (T, ~T, A|B). */
  implicit: boolean;
  /** All but the type set is set up. */
  complete: boolean;
  tset: TypeSet | null;

  constructor(ids: TypeIds, check: Checker | null) {
    this.kind = K.TInterface;
    this.id = ids.fresh();
    this.check = check;
    this.methods = [];
    this.embeddeds = [];
    this.embedPos = [];
    this.implicit = false;
    this.complete = false;
    this.tset = null;
  }
}

/** A type parameter. `index` is -1 until it is bound to a declaration. Ask iface(t) of typeparam.ts for the constraint. */
export class TypeParam {
  readonly kind: typeof K.TTypeParam;
  readonly id: number;
  check: Checker | null;
  obj: TypeName;
  index: number;
  bound: Type | null;
  constructor(ids: TypeIds, check: Checker | null, obj: TypeName, bound: Type | null) {
    this.kind = K.TTypeParam;
    this.id = ids.fresh();
    this.check = check;
    this.obj = obj;
    this.index = -1;
    this.bound = bound;
  }
}

/** One term T or ~T of a union; `type` null stands for the set of all types. */
export class Term {
  readonly tilde: boolean;
  readonly type: Type | null;

  constructor(tilde: boolean, type: Type | null) {
    this.tilde = tilde;
    this.type = type;
  }
}

export class Union {
  readonly kind: typeof K.TUnion;
  readonly id: number;
  readonly terms: Term[];
  tset: TypeSet | null;

  constructor(ids: TypeIds, terms: Term[]) {
    this.kind = K.TUnion;
    this.id = ids.fresh();
    this.terms = terms;
    this.tset = null;
  }
}

/** A declared alias. Use unalias(t) of alias.ts. */
export class Alias {
  readonly kind: typeof K.TAlias;
  readonly id: number;
  obj: TypeName;
  /** The generic alias that this is an instance of, or itself. */
  orig: Alias;
  tparams: TypeParam[];
  targs: Type[];
  fromRHS: Type | null;
  /** Never an alias. */
  actual: Type | null;

  constructor(ids: TypeIds, obj: TypeName, orig: Alias | null, fromRHS: Type | null) {
    this.kind = K.TAlias;
    this.id = ids.fresh();
    this.obj = obj;
    this.orig = orig ?? this;
    this.tparams = noTypeParams;
    this.targs = noTypes;
    this.fromRHS = fromRHS;
    this.actual = null;
  }
}

export type Type =
  | Basic
  | Named
  | Pointer
  | Slice
  | ArrayType
  | MapType
  | Chan
  | Signature
  | Tuple
  | Struct
  | Interface
  | TypeParam
  | Union
  | Alias;

/** Shared empty lists; nobody appends to them. */
export const noTypeParams: TypeParam[] = [];
export const noTypes: Type[] = [];
