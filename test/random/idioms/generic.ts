// Generic types and functions, and range over functions.

import type { Gen } from "../gen.ts";
import { closure, sizedVariable } from "../expr.ts";
import { check } from "../hash.ts";
import { sliceOf } from "../types.ts";
import { lines, small, list, orderedType } from "./parts.ts";

export function generics(g: Gen, name: string): void {
  const a = orderedType(g);
  const b = orderedType(g);
  const c = g.type();
  lines(
    g,
    `
    type ${name}Ordered interface { ~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr | ~string }
    type ${name}Pair[K ${name}Ordered, V any] struct { key K; value V; next *${name}Pair[K, V] }
    type ${name}List[K ${name}Ordered, V any] struct { head *${name}Pair[K, V]; n int }
    func (l *${name}List[K, V]) put(k K, v V) *${name}List[K, V] {
    	p := &l.head
    	for *p != nil && (*p).key < k { p = &(*p).next }
    	if *p != nil && (*p).key == k { (*p).value = v } else { *p = &${name}Pair[K, V]{k, v, *p}; l.n++ }
    	return l
    }
    func (l ${name}List[K, V]) all(yield func(K, V) bool) {
    	for p := l.head; p != nil; p = p.next { if !yield(p.key, p.value) { return } }
    }
    func ${name}Max[K ${name}Ordered](first K, rest ...K) K {
    	for _, r := range rest { if r > first { first = r } }
    	return first
    }
    func ${name}Map[A, B any](in []A, f func(A) B) (out []B) {
    	for _, x := range in { out = append(out, f(x)) }
    	return
    }
    func ${name}Reduce[A, B any](in []A, start B, f func(B, A) B) B {
    	for _, x := range in { start = f(start, x) }
    	return start
    }
    func ${name}Kind[X any](x X) int {
    	switch any(x).(type) {
    	case ${a.text}: return 1
    	case []X: return 2
    	case interface{ M0() }: return 3
    	}
    	var z X
    	_ = z
    	return 4
    }
    func ${name}() {
    	var l ${name}List[${a.text}, ${c.text}]
    	${Array.from({ length: g.rng.between(1, 6) }, () => `l.put(${small(g, a)}, ${small(g, c)})`).join("\n    	")}
    	for k, v := range l.all { ${check(g, a, "k")}; ${check(g, c, "v")}; if l.n > ${g.rng.below(5)} { l.n--; continue }; if l.n < 0 { break } }
    	chk(uint64(l.n))
    	${check(g, a, `${name}Max(${small(g, a)}, ${list(g, a, 1, 4)})`)}
    	${check(g, b, `${name}Max[${b.text}](${small(g, b)})`)}
    	m := ${name}Map([]${a.text}{${list(g, a, 0, 4)}}, ${closure(g, [a], [b], 2)})
    	${check(g, sliceOf(b), "m")}
    	r := ${name}Reduce(m, ${name}Pair[${b.text}, int]{}, func(p ${name}Pair[${b.text}, int], x ${b.text}) ${name}Pair[${b.text}, int] { p.key = max(p.key, x); p.value++; return p })
    	${check(g, b, "r.key")}; chk(uint64(r.value))
    	chk(uint64(${name}Kind(${sizedVariable(g, a, 1)}) + 10*${name}Kind(m) + 100*${name}Kind[${c.text}](${small(g, c)})))
    }`,
  );
}

export function iterators(g: Gen, name: string): void {
  const t = g.type();
  const n = g.rng.between(2, 9);
  lines(
    g,
    `
    func ${name}Seq(n int, log *int) func(func(int, ${t.text}) bool) {
    	return func(yield func(int, ${t.text}) bool) {
    		defer func() { *log += 1000 }()
    		for i := 0; i < n; i++ { if !yield(i, ${small(g, t)}) { *log++; return } }
    		*log += 100
    	}
    }
    func ${name}Find(n, want int, log *int) (r int) {
    	defer func() { r += *log }()
    	for i := range ${name}Seq(n, log) {
    		defer func() { *log += 7 }()
    		for j := range ${name}Seq(i, log) { if i*j == want { return i } }
    	}
    	return -1
    }
    func ${name}() {
    	log := 0
    	chk(uint64(${name}Find(${n}, ${g.rng.between(0, 20)}, &log))); chk(uint64(log))
    outer:
    	for i, v := range ${name}Seq(${n}, &log) {
    		${check(g, t, "v")}
    		for j := range ${name}Seq(${n}, &log) {
    			if j == ${g.rng.below(4)} { continue outer }
    			if i*j > ${g.rng.between(2, 20)} { break outer }
    			switch { case j == 5: break; case i == 3: goto next }
    			chk(uint64(i*10 + j))
    		}
    	next:
    		chk(uint64(log))
    	}
    	catch(func() { for i := range ${name}Seq(${n}, &log) { if i == 1 { panic("in body") } } })
    	catch(func() {
    		var saved func(int, ${t.text}) bool
    		for range func(yield func(int, ${t.text}) bool) { saved = yield; yield(0, *new(${t.text})) } { log++ }
    		saved(1, *new(${t.text}))
    	})
    	chk(uint64(log))
    	for range func(yield func() bool) { for yield() { log++ } } { if log%5 == 0 { break } }
    	for x := range func(yield func(string) bool) { _ = yield("a") && yield("b") } { chkString(x) }
    	chk(uint64(log))
    }`,
  );
}
