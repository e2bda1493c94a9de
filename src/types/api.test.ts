// What users of the checker rely on beyond errors: results by expression, laziness, identity of instances, order of
// initialisation, method sets, sizes.

import assert from "node:assert/strict";
import { test } from "node:test";
import { KindFuncDecl, KindName } from "../syntax/kinds.ts";
import { SkipBodies } from "../syntax/parser.ts";
import type { Node } from "../syntax/tree.ts";
import { walk } from "../syntax/walk.ts";
import {
  alignof,
  assignableTo,
  identical,
  implementsInterface,
  lookupFieldOrMethod,
  methodSet,
  objectString,
  offsetsof,
  type Package,
  sizeof,
  typeString,
  under,
} from "./api.ts";
import type { Initializer } from "./info.ts";
import * as K from "./kinds.ts";
import type { Func, Obj } from "./object.ts";
import { foundErrors, TestChecker } from "./testing.ts";
import { Pointer, type Struct, type Type } from "./types.ts";

function checkText(t: TestChecker, path: string, text: string, lazy = false): Package {
  const data = new TextEncoder().encode(text);
  return t.check(path, [{ name: `${path}.go`, data }], { lazy }, lazy ? SkipBodies : 0);
}

function object(pkg: Package, name: string): Obj {
  const obj = pkg.scope.lookup(name);
  assert.ok(obj !== null, name);
  return obj;
}

function typeOf(pkg: Package, name: string): Type {
  const t = object(pkg, name).type;
  assert.ok(t !== null, name);
  return t;
}

function messages(t: TestChecker): string[] {
  return foundErrors(t).map((e) => `${e.line}:${e.column}: ${e.message}`);
}

/** What the uses of a name in a package mean, in the order of the source. */
function uses(pkg: Package, name: string): string[] {
  const check = pkg.checker;
  assert.ok(check !== null);
  const list: { pos: number; text: string }[] = [];
  for (const file of check.files) {
    walk(file, (n: Node) => {
      if (n.kind === KindName && n.value === name) {
        const obj = check.info.uses[n.id];
        if (obj !== undefined) list.push({ pos: n.pos, text: objectString(obj, null) });
      }
      return true;
    });
  }
  return list.sort((a, b) => a.pos - b.pos).map((u) => u.text);
}

test("a lazy package resolves only what is asked for", () => {
  const t = new TestChecker("");
  const lib = checkText(
    t,
    "lib",
    `package lib
type A struct { b *B }
type B struct { c C }
type C int
type Broken undefinedType
func (a *A) M(x D) int { return undefinedName }
type D string
var V = wrong()
func F() A { return A{} }
var Typed map[string]A = wrong()
`,
    true,
  );
  checkText(t, "main", 'package main\nimport "lib"\nvar x = lib.F()\nvar y = lib.Typed\nfunc main() { _ = x.M }\n');
  assert.deepEqual(messages(t), []);
  for (const name of ["A", "B", "C", "D", "F", "Typed"]) assert.ok(object(lib, name).type !== null, name);
  for (const name of ["Broken", "V"]) assert.equal(object(lib, name).type, null, name);

  // Bodies and initialisers come when they are asked for, with their errors, once.
  const m = lookupFieldOrMethod(typeOf(lib, "A"), true, lib, "M", false).obj as Func;
  assert.equal(m.decl?.fdecl?.kind, KindFuncDecl);
  t.checker.checkBody(m);
  assert.deepEqual(messages(t), ["6:33: undefined: undefinedName"]);
  t.checker.checkBody(m);
  t.checker.initOrder(lib);
  assert.deepEqual(messages(t), ["6:33: undefined: undefinedName", "8:9: undefined: wrong", "10:26: undefined: wrong"]);
});

test("initialisation follows dependencies through functions, lazily or not", () => {
  const text = `package p
var a = f()
var b, c = g()
var d = 1
var _ = T{}.m()
type T struct{}
func (T) m() int { return e }
var e = a + d
func f() int { return h() }
func h() int { return b }
func g() (int, int) { return d, func() int { return z }() }
var z = 3
`;
  for (const lazy of [false, true]) {
    const t = new TestChecker("");
    const p = checkText(t, "p", text, lazy);
    const order = t.checker.initOrder(p).map((i) => i.lhs.map((v) => v.name).join(","));
    assert.deepEqual(messages(t), []);
    assert.deepEqual(order, ["d", "z", "b,c", "a", "e", "_"], `lazy: ${lazy}`);
  }
});

test("some steps of a lazily checked package have the order of all, and the rest stays unchecked", () => {
  const t = new TestChecker("");
  const p = checkText(
    t,
    "p",
    `package p
var a = [...]int{len(c): f()}
var b = "b"
var c = [2]string{b, d}
var d = g()
var e int = wrong()
func f() int { return h() }
func g() string { return "" }
func h() int { return len(i) }
func alsoWrong() int { return wrong() }
var i, j = func() (string, int) { return b, 1 }()
const k = len(c)
`,
    true,
  );
  const names = (list: readonly Initializer[]): string[] => list.map((s) => s.lhs.map((v) => v.name).join(","));
  const all = t.checker.initializers(p);
  assert.deepEqual(names(all), ["a", "b", "c", "d", "e", "i,j"]);
  const some = all.filter((s) => s.lhs[0]?.name !== "b" && s.lhs[0]?.name !== "e");
  assert.deepEqual(names(t.checker.initOrder(p, some)), ["d", "c", "i,j", "a"]);
  assert.deepEqual(messages(t), []);
  assert.deepEqual(
    names(t.checker.initOrder(p)).filter((n) => n !== "b" && n !== "e"),
    ["d", "c", "i,j", "a"],
  );
  assert.deepEqual(messages(t), ["6:13: undefined: wrong"]);
});

test("instances are one object in all packages", () => {
  const t = new TestChecker("");
  const lib = checkText(
    t,
    "lib",
    "package lib\ntype L[T any] struct { v T; next *L[T] }\nfunc (l *L[T]) Get() T { return l.v }\nvar I L[int]\n",
  );
  const p = checkText(t, "p", 'package p\nimport "lib"\nvar X lib.L[int]\nvar Y lib.L[string]\nvar Z lib.L[lib.L[int]]\n');
  assert.deepEqual(messages(t), []);
  assert.equal(typeOf(lib, "I"), typeOf(p, "X"));
  assert.notEqual(typeOf(p, "X"), typeOf(p, "Y"));
  assert.equal(typeString(under(typeOf(p, "Z")), null), "struct{v lib.L[int]; next *lib.L[lib.L[int]]}");
  const get = lookupFieldOrMethod(typeOf(p, "Y"), true, p, "Get", false).obj;
  assert.equal(get?.kind, K.OFunc);
  assert.equal(objectString(get as Func, null), "func (*lib.L[string]).Get() string");
  const L = typeOf(lib, "L");
  assert.ok(L.kind === K.TNamed);
  assert.equal(t.checker.instantiate(L, [typeOf(p, "X")]), typeOf(p, "Z"));
});

test("type arguments are inferred and recorded", () => {
  const t = new TestChecker("");
  const p = checkText(
    t,
    "p",
    `package p
type Num interface { ~int | ~float64 }
type My int
type List[T any] []T
func Map[S ~[]E, E, R any](s S, f func(E) R) []R { return nil }
func Max[T Num](a, b T) T { return a }
func Ptr[T any, P interface { *T; Set(string) }]() P { return P(new(T)) }
type S struct{}
func (*S) Set(string) {}
func apply[A, B any](a A, f func(A) B) B { return f(a) }
func id[T any](x T) T { return x }
var v1 = Map(List[My]{}, func(m My) string { return "" })
var v2 = Max(1, 2.5)
var v3 = Ptr[S]()
var v4 = apply("x", id[string])
var v5 func(rune) rune = id
type Vec[T any] = List[T]
var v6 Vec[bool]
`,
  );
  assert.deepEqual(messages(t), []);
  const got = ["v1", "v2", "v3", "v4", "v5", "v6"].map((n) => typeString(typeOf(p, n), null));
  assert.deepEqual(got, ["[]string", "float64", "*p.S", "string", "func(rune) rune", "p.Vec[bool]"]);
  const instances: string[] = [];
  for (const i of p.checker?.info.instances ?? []) {
    if (i !== undefined) instances.push(i.targs.map((x) => typeString(x, null)).join(" "));
  }
  for (const want of ["p.List[p.My] p.My string", "p.S *p.S", "rune", "float64"]) assert.ok(instances.includes(want), want);
});

test("endless instantiation is found", () => {
  const t = new TestChecker("");
  checkText(t, "p", "package p\nfunc f[T any](n int) { f[*T](n - 1) }\n");
  assert.deepEqual(messages(t), ["2:8: instantiation cycle:\n\tp.go:2:26: T instantiated as *T"]);
});

test("method sets hold promoted methods, once", () => {
  const t = new TestChecker("");
  const p = checkText(
    t,
    "p",
    `package p
type A struct{}
func (A) V() {}
func (*A) P() {}
func (A) Both() {}
type B struct{}
func (B) Both() {}
type C struct { A; *B; I }
func (C) own() {}
type I interface { V(); X() }
type E struct { *A }
`,
  );
  assert.deepEqual(messages(t), []);
  const names = (x: Type): string =>
    methodSet(x)
      .map((s) => `${s.obj.name}@${s.index.join(".")}${s.indirect ? "*" : ""}`)
      .join(" ");
  assert.equal(names(typeOf(p, "A")), "Both@2 V@0");
  assert.equal(names(new Pointer(t.checker.ids, typeOf(p, "A"))), "Both@2* P@1* V@0*");
  // V and Both are ambiguous in C, P needs a pointer.
  assert.equal(names(typeOf(p, "C")), "X@2.1 own@0");
  assert.equal(names(typeOf(p, "E")), "Both@0.2* P@0.1* V@0.0*");
  assert.equal(implementsInterface(typeOf(p, "A"), typeOf(p, "I")), false);
  assert.equal(implementsInterface(typeOf(p, "I"), typeOf(p, "I")), true);
  assert.equal(assignableTo(typeOf(p, "C"), typeOf(p, "C")), true);
  assert.equal(assignableTo(typeOf(p, "C"), typeOf(p, "E")), false);
});

test("sizes are gc's", () => {
  const t = new TestChecker("");
  const p = checkText(
    t,
    "p",
    `package p
type S struct { a bool; b int64; c uint16; d string; e []int; f any; g [3]uint16; h struct{} }
type Z struct { a int32; z [0]int64 }
type C struct { a byte; c complex64 }
type U struct { p *int; f func(); m map[int]int; c chan int }
`,
  );
  const S = under(typeOf(p, "S")) as Struct;
  assert.deepEqual(offsetsof(S.fields), [0, 8, 16, 24, 40, 64, 80, 86]);
  assert.equal(sizeof(S), 88);
  assert.equal(sizeof(typeOf(p, "Z")), 16);
  assert.equal(alignof(typeOf(p, "Z")), 8);
  assert.equal(sizeof(typeOf(p, "C")), 12);
  assert.equal(alignof(typeOf(p, "C")), 4);
  assert.equal(sizeof(typeOf(p, "U")), 32);
});

test("names mean the objects of their scope", () => {
  const t = new TestChecker("");
  const p = checkText(
    t,
    "p",
    `package p
const x = 1
func f(x string) (r any) {
	_ = x
	{
		type x []bool
		var y x
		_ = y
	}
	switch x := r.(type) {
	case int, string:
		_ = x
	case error:
		_ = x
	}
	return x
}
var y = x
`,
  );
  assert.deepEqual(messages(t), []);
  assert.deepEqual(uses(p, "x"), ["var x string", "type x []bool", "var x any", "var x error", "var x string", "const p.x untyped int"]);
});

test("types print as in messages", () => {
  const t = new TestChecker("");
  const p = checkText(
    t,
    "p",
    `package p
import "unsafe"
type G[K comparable, V interface{ ~int | string }] map[K]V
var a chan (<-chan int)
var b func(x, y int, z ...string) (n int, err error)
var c interface{ M(int) (string, error); error }
var d struct { x, y int "tag"; *T; unsafe.Pointer }
type T struct{}
var e map[[4]byte]*func()
var f G[string, int]
func g[T any, P *T](x T, p P) {}
`,
  );
  const list = ["a", "b", "c", "d", "e", "f", "g"].map((n) => typeString(typeOf(p, n), (pkg) => pkg.name));
  assert.deepEqual(list, [
    "chan (<-chan int)",
    "func(x int, y int, z ...string) (n int, err error)",
    "interface{M(int) (string, error); error}",
    'struct{x int "tag"; y int "tag"; *p.T; unsafe.Pointer}',
    "map[[4]byte]*func()",
    "p.G[string, int]",
    "func[T any, P *T](x T, p P)",
  ]);
  assert.equal(typeString(typeOf(p, "G"), null), "p.G[K comparable, V interface{~int | string}]");
  assert.ok(!identical(typeOf(p, "a"), typeOf(p, "e")));
});
