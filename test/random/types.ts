// Go types as the generator sees them.

export type Kind = "bool" | "int" | "float" | "complex" | "string" | "array" | "slice" | "map" | "ptr" | "struct" | "iface" | "func";

export interface Field {
  readonly name: string;
  readonly type: T;
  readonly embedded: boolean;
}

/** A signature; methods of one name have one signature in a program, so that any type may implement any interface. */
export interface Signature {
  readonly params: readonly T[];
  readonly results: readonly T[];
}

export interface Method {
  readonly name: string;
  readonly signature: Signature;
  /** Declared on the pointer. */
  readonly pointer: boolean;
}

/** A type. Two types are identical when their texts are. */
export class T {
  readonly kind: Kind;
  readonly text: string;
  /** Of numbers. */
  readonly bits: number;
  readonly signed: boolean;
  readonly key: T | null;
  readonly elem: T | null;
  readonly length: number;
  readonly fields: readonly Field[];
  readonly signature: Signature | null;
  /** Methods of a named type, or names that an interface wants. */
  methods: Method[] = [];
  /** Whether it has a name of its own (with methods, possibly). */
  readonly named: boolean;

  constructor(kind: Kind, text: string, more: Partial<T> = {}) {
    this.kind = kind;
    this.text = text;
    this.bits = more.bits ?? 0;
    this.signed = more.signed ?? false;
    this.key = more.key ?? null;
    this.elem = more.elem ?? null;
    this.length = more.length ?? 0;
    this.fields = more.fields ?? [];
    this.signature = more.signature ?? null;
    this.named = more.named ?? false;
  }

  get isNumber(): boolean {
    return this.kind === "int" || this.kind === "float" || this.kind === "complex";
  }
}

const integer = (text: string, bits: number, signed: boolean): T => new T("int", text, { bits, signed });

export const Bool = new T("bool", "bool");
export const String_ = new T("string", "string");
export const Int = integer("int", 64, true);
export const Uint = integer("uint", 64, false);
export const Uint8 = integer("uint8", 8, false);
export const Int32 = integer("int32", 32, true);
export const Uint64 = integer("uint64", 64, false);
export const integers: readonly T[] = [
  integer("int8", 8, true),
  integer("int16", 16, true),
  Int32,
  integer("int64", 64, true),
  Uint8,
  integer("uint16", 16, false),
  integer("uint32", 32, false),
  Uint64,
  Int,
  Uint,
  integer("uintptr", 64, false),
];
export const Float32 = new T("float", "float32", { bits: 32 });
export const Float64 = new T("float", "float64", { bits: 64 });
export const Complex64 = new T("complex", "complex64", { bits: 64 });
export const Complex128 = new T("complex", "complex128", { bits: 128 });
export const Any = new T("iface", "any");
export const basics: readonly T[] = [Bool, String_, ...integers, Float32, Float64, Complex64, Complex128];

export const arrayOf = (elem: T, length: number): T => new T("array", `[${length}]${elem.text}`, { elem, length });
export const sliceOf = (elem: T): T => new T("slice", `[]${elem.text}`, { elem });
export const mapOf = (key: T, elem: T): T => new T("map", `map[${key.text}]${elem.text}`, { key, elem });
export const pointerTo = (elem: T): T => new T("ptr", `*${elem.text}`, { elem });

export function signatureText(s: Signature, names: readonly string[] | null = null): string {
  const params = s.params.map((p, i) => (names === null ? p.text : `${names[i]} ${p.text}`)).join(", ");
  const results = s.results.map((r) => r.text).join(", ");
  return `(${params})${s.results.length === 0 ? "" : s.results.length === 1 ? ` ${results}` : ` (${results})`}`;
}

export const funcOf = (signature: Signature): T => new T("func", `func${signatureText(signature)}`, { signature });

export const same = (a: T, b: T): boolean => a.text === b.text;

export function comparable(t: T): boolean {
  switch (t.kind) {
    case "slice":
    case "map":
    case "func":
      return false;
    case "array":
      return comparable(t.elem as T);
    case "struct":
      return t.fields.every((f) => comparable(f.type));
    default:
      return true;
  }
}

/** Comparable, and never panicking or depending on NaNs or addresses: what may be a key of a map. */
export function keyable(t: T): boolean {
  switch (t.kind) {
    case "bool":
    case "int":
    case "string":
      return true;
    case "array":
      return keyable(t.elem as T);
    case "struct":
      return t.fields.every((f) => keyable(f.type));
    default:
      return false;
  }
}

/** Types whose values can be compared with == without a panic and with a result that no address decides. */
export function equatable(t: T): boolean {
  switch (t.kind) {
    case "float":
    case "complex":
      return true;
    case "array":
      return equatable(t.elem as T);
    case "struct":
      return t.fields.every((f) => equatable(f.type));
    default:
      return keyable(t);
  }
}

/** The smallest and largest value of an integer type. */
export function range(t: T): [bigint, bigint] {
  const n = BigInt(t.bits);
  return t.signed ? [-(1n << (n - 1n)), (1n << (n - 1n)) - 1n] : [0n, (1n << n) - 1n];
}

/** Whether *t or t implements an interface: by value when `value`. */
export function implementsAll(t: T, wanted: readonly Method[], value: boolean): boolean {
  return wanted.every((w) => t.methods.some((m) => m.name === w.name && (!value || !m.pointer)));
}
