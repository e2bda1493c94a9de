// Calls: recursion, many arguments and results, closures, what escapes by them.

import type { Gen } from "../gen.ts";
import { literal, sized } from "../expr.ts";
import { check } from "../hash.ts";
import { arrayOf, Int, sliceOf, type T } from "../types.ts";
import { lines, small } from "./parts.ts";

export function recursion(g: Gen, name: string): void {
  const t = g.type();
  const u = g.integer();
  const big = arrayOf(u, g.rng.between(3, 60));
  lines(
    g,
    `
    func ${name}Down(n int, a ${big.text}, v ${t.text}, p *${u.text}) (${u.text}, ${big.text}) {
    	var local ${big.text}
    	local[n%${big.length}] = ${u.text}(n)
    	if n == 0 { *p++; return a[0] + *p, a }
    	a[n%${big.length}] += local[n%${big.length}] ^ *p
    	q := &local[(n+1)%${big.length}]
    	x, b := ${name}Down(n-1, a, v, q)
    	*p += *q
    	return x*31 + b[(n*7)%${big.length}], b
    }
    func ${name}Ack(m, n int) int {
    	if m == 0 { return n + 1 }
    	if n == 0 { return ${name}Ack(m-1, 1) }
    	return ${name}Ack(m-1, ${name}Ack(m, n-1))
    }
    func ${name}Defer(n int, out *[]int) (r int) {
    	defer func() { *out = append(*out, n, r); if e := recover(); e != nil { r += e.(int); if n%3 == 0 { panic(r) } } }()
    	if n == 0 { panic(${g.rng.between(1, 9)}) }
    	r = ${name}Defer(n-1, out) + 1
    	return r * 2
    }
    func ${name}() {
    	var x ${u.text} = ${literal(g, u).text}
    	r, b := ${name}Down(${g.rng.between(1, 300)}, ${big.text}{${small(g, u)}}, ${small(g, t)}, &x)
    	chk(uint64(r)); chk(uint64(x)); ${check(g, big, "b")}
    	chk(uint64(${name}Ack(2, ${g.rng.between(0, 9)})))
    	var out []int
    	catch(func() { chk(uint64(${name}Defer(${g.rng.between(1, 12)}, &out))) })
    	${check(g, sliceOf(Int), "out")}
    	c := make(chan ${u.text})
    	go func() { r, _ := ${name}Down(${g.rng.between(100, 900)}, b, ${small(g, t)}, &x); c <- r }()
    	chk(uint64(<-c)); chk(uint64(x))
    }`,
  );
}

export function manyArguments(g: Gen, name: string): void {
  const params = Array.from({ length: g.rng.between(9, 22) }, () => g.type());
  const results = Array.from({ length: g.rng.between(1, 12) }, (_, i) => params[i % params.length] as T);
  const names = params.map((_, i) => `p${i}`);
  const head = names.map((n, i) => `${n} ${(params[i] as T).text}`).join(", ");
  const call = (): string => params.map((p) => sized(g, p, 1, 4).text).join(", ");
  const vars = results.map((_, i) => `r${i}`);
  g.line("//go:noinline");
  lines(
    g,
    `
    func ${name}Many(${head}) (${results.map((t) => t.text).join(", ")}) {
    	${params.map((p, i) => check(g, p, `p${i}`)).join("; ")}
    	if len(opaque("")) > 0 { return ${name}Many(${names.join(", ")}) }
    	return ${results.map((_, i) => `p${i % params.length}`).join(", ")}
    }
    func ${name}() {
    	f := ${name}Many
    	${vars.join(", ")} := f(${call()})
    	${results.map((t, i) => check(g, t, `r${i}`)).join("; ")}
    	defer ${name}Many(${call()})
    	c := make(chan int)
    	go func(${head}) { ${name}Many(${names.join(", ")}); c <- 1 }(${call()})
    	<-c
    	var i interface{ call(${params.map((p) => p.text).join(", ")}) (${results.map((t) => t.text).join(", ")}) } = ${name}T{3}
    	i.call(${call()})
    }
    type ${name}T struct { x int }
    func (t ${name}T) call(${head}) (${results.map((t) => t.text).join(", ")}) { chk(uint64(t.x)); return ${name}Many(${names.join(", ")}) }`,
  );
}

export function closures(g: Gen, name: string): void {
  const t = g.integer();
  const u = g.type();
  lines(
    g,
    `
    func ${name}Counter(start ${t.text}) (inc func(${t.text}) ${t.text}, get func() ${t.text}) {
    	n := start
    	inc = func(d ${t.text}) ${t.text} { n += d; return n }
    	get = func() ${t.text} { return n }
    	return
    }
    func ${name}() {
    	inc, get := ${name}Counter(${small(g, t)})
    	var fs []func() ${t.text}
    	for i := ${t.text}(0); i < ${g.rng.between(2, 6)}; i++ {
    		fs = append(fs, func() ${t.text} { i += ${small(g, t)}; return inc(i) })
    		if i%3 == 1 { i++ }
    	}
    	for i, f := range fs { a := f(); b := f(); chk(uint64(a)); chk(uint64(b)); chk(uint64(get() ^ ${t.text}(i))) }
    	x := ${small(g, u)}
    	set := func(y ${u.text}) func() ${u.text} { old := x; x = y; return func() ${u.text} { x, old = old, x; return x } }
    	undo := set(${small(g, u)})
    	${check(g, u, "x")}
    	z := undo()
    	${check(g, u, "z")}; ${check(g, u, "x")}
    	var fib func(n int) int
    	fib = func(n int) int { if n < 2 { return n }; return fib(n-1) + fib(n-2) }
    	chk(uint64(fib(${g.rng.between(3, 14)})))
    	for i := range ${g.rng.between(1, 4)} { defer func() { chk(uint64(i)); chk(uint64(get())) }() }
    	for i := 0; i < 3; i++ { defer func(n int) { chk(uint64(n - i)) }(i * 2) }
    }`,
  );
}

export function escapes(g: Gen, name: string): void {
  const t = g.type();
  const s = g.scalar();
  lines(
    g,
    `
    type ${name}Tree struct { left, right *${name}Tree; v ${t.text}; tags []*${s.text} }
    func ${name}Build(n int, p *${s.text}) *${name}Tree {
    	if n <= 0 { return nil }
    	x := ${small(g, s)}
    	t := ${name}Tree{v: ${small(g, t)}, tags: []*${s.text}{&x, p}}
    	t.left = ${name}Build(n-1, &x)
    	t.right = ${name}Build(n-2, t.tags[n%2])
    	return &t
    }
    func (t *${name}Tree) walk(f func(*${name}Tree) bool) bool {
    	return t == nil || t.left.walk(f) && f(t) && t.right.walk(f)
    }
    func ${name}Local(n int) ${s.text} {
    	var arr [4]${s.text}
    	ps := make([]*${s.text}, 0, 4)
    	for i := range arr { arr[i] = ${small(g, s)}; ps = append(ps, &arr[i]) }
    	f := func(p **${s.text}) { *p = ps[(n+1)&3] }
    	q := ps[n&3]
    	f(&q)
    	*q = ${small(g, s)}
    	return arr[(n+1)&3]
    }
    func ${name}() {
    	root := ${small(g, s)}
    	t := ${name}Build(${g.rng.between(2, 7)}, &root)
    	n := 0
    	t.walk(func(t *${name}Tree) bool { n++; ${check(g, t, "t.v")}; for _, p := range t.tags { ${check(g, s, "*p")} }; return n < ${g.rng.between(3, 40)} })
    	chk(uint64(n))
    	for i := range 4 { ${check(g, s, `${name}Local(i)`)} }
    	var keep []*[3]${t.text}
    	for range 5 { a := [3]${t.text}{1: ${small(g, t)}}; keep = append(keep, &a); a[2] = a[1] }
    	for _, k := range keep { ${check(g, t, "k[2]")} }
    	var boxes []any
    	for i := range 6 { boxes = append(boxes, i*300, &boxes, [1]int{i}, struct{ a, b ${s.text} }{b: root}) }
    	for _, b := range boxes { switch x := b.(type) { case int: chk(uint64(x)); case [1]int: chk(uint64(x[0])); case struct{ a, b ${s.text} }: ${check(g, s, "x.b")}; case *[]any: chk(uint64(len(*x))) } }
    }`,
  );
}
