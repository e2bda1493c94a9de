// Which initialisers can be left out when nobody wants their values: what is seen by syntax is also found after checking, never more.

import assert from "node:assert/strict";
import { test } from "node:test";
import { TestChecker } from "../types/testing.ts";
import { Purity } from "./purity.ts";

/** Each line is "seen", "checked" (pure, but only after checking shows it) or "impure", and the declarations of its kind. */
const text = `package p
import ("unsafe"; "q")
type S struct { f int; p *S }
type I interface { m() }
type A [1]byte
var s S
var t *S
var i, j I
var n int
var b []byte
func simple(x int) *S { return &S{f: x} }
func through(x int) *S { return simple(x) }
func indexes(x int) byte { return b[x] }
func effect() int { n++; return n }
func again(x int) *S { return again(x) }

var seen1 = "a" + "b"
var seen2 = &S{f: 1 << 3, p: nil}
var seen3 = map[string][]int{"a": {1}, "b": {n}}
var seen4 = func() int { return effect() }
var seen5 = (*S)(nil)
var seen6 = []byte("text")
var seen7 = make(map[int]int)
var seen8 = make(chan int, 1)
var seen9 = new(S)
var seen10 = simple(1)
var seen11 = q.New("text")
var seen12 = q.V
var seen13 = through(n)
var seen14 = unsafe.Pointer(nil)
var seen15 = -n + 2*n
var seen16 = append([]int{1}, n)
var checked1 = s.f
var checked2 = 1 << 60 >> q.C
var checked3 = int8(n)
var checked4 = len("text")
var checked5 = n < 3
var checked6 = string(b)
var impure1 = effect()
var impure2 = b[0]
var impure3 = A(b)
var impure4 = n / n
var impure5 = *t
var impure6 = t.f
var impure7 = i == j
var impure8 = make([]int, n)
var impure9 = any(i).(S)
var impure10 = 1 << n
var impure11 = indexes(0)
var impure12 = again(0)
var impure13 = simple(effect())
var impure14 = []int{effect()}
var impure15 = q.Set(1)
`;

const imported = `package q
type E struct { s string }
var V = 1
const C = 3
func New(s string) *E { return &E{s} }
func Set(v int) int { V = v; return v }
`;

test("initialisers without effect, before and after checking", () => {
  const t = new TestChecker("");
  const load = (path: string, source: string) =>
    t.check(path, [{ name: `${path}.go`, data: new TextEncoder().encode(source) }], { lazy: true });
  load("q", imported);
  const p = load("p", text);
  const kinds = new Map<string, string>();
  for (const step of t.checker.initializers(p)) {
    const purity = new Purity((f) => t.checker.checkBody(f));
    const seen = purity.atSight(step);
    t.checker.checkInitializer(step);
    assert.ok(p.checker !== null);
    const pure = purity.isPure(p.checker.info, step.rhs);
    assert.ok(pure || !seen, `${step.lhs[0]?.name} is pure only at sight`);
    kinds.set(step.lhs[0]?.name ?? "", seen ? "seen" : pure ? "checked" : "impure");
  }
  assert.deepEqual(
    t.diagnostics.list.map((d) => d.message),
    [],
  );
  for (const [name, kind] of kinds) assert.equal(kind, name.replace(/\d+$/, ""), name);
});
