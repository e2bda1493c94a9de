// Whole idioms with random parts: what statements put together by chance would not come to.

import { closure, condition, expr, literal, sized, sizedVariable } from "./expr.ts";
import type { Gen } from "./gen.ts";
import { check } from "./hash.ts";
import { arrayOf, Bool, comparable, equatable, Int, integers, range, sliceOf, String_, type T } from "./types.ts";

/** Writes the declarations of some idioms (those with the given names, if there are any); the statements that run them. */
export function features(g: Gen, only: readonly string[]): string[] {
  const chosen = only.length > 0 ? all.filter((f) => only.includes(f.name)) : g.rng.shuffle(all).slice(0, 3);
  const calls: string[] = [];
  for (const feature of chosen) {
    g.scope = [[]];
    g.withContext({ pure: false, results: [], loops: [], depth: 0 }, () => {
      const name = g.top("x");
      const text = g.capture(() => feature(g, name));
      g.declarations.push(text);
      calls.push(`${name}()`);
    });
  }
  return calls;
}

type Feature = (g: Gen, name: string) => void;

/** Whether fmt prints a value without addresses. */
function printable(t: T): boolean {
  switch (t.kind) {
    case "ptr":
    case "func":
      return false;
    case "iface":
      return t.methods.length === 0;
    case "struct":
      return t.fields.every((f) => printable(f.type));
    case "array":
    case "slice":
      return printable(t.elem as T);
    case "map":
      return printable(t.key as T) && printable(t.elem as T);
    default:
      return true;
  }
}

const lines = (g: Gen, text: string): void => {
  for (const l of text.split("\n")) if (l.trim() !== "") g.line(l.replace(/^ {4}/, ""));
};

const small = (g: Gen, t: T): string => sized(g, t, 2, 8).text;
const list = (g: Gen, t: T, low: number, high: number): string =>
  Array.from({ length: g.rng.between(low, high) }, () => small(g, t)).join(", ");
const orderedType = (g: Gen): T => g.rng.pick(g.scalars.filter((t) => t.kind === "int" || t.kind === "string"));

const all: readonly Feature[] = [
  function generics(g, name) {
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
  },
  function channels(g, name) {
    const t = g.type();
    const u = g.scalar();
    const n = g.rng.between(1, 20);
    const room = g.rng.below(4);
    lines(
      g,
      `
    func ${name}() {
    	in := make(chan ${t.text}, ${room})
    	out := make(chan ${u.text})
    	done := make(chan struct{})
    	go func() {
    		defer close(in)
    		for i := range ${n} { _ = i; in <- ${small(g, t)} }
    	}()
    	go func() {
    		defer close(out)
    		n := ${small(g, u)}
    		for v := range in { _ = v; ${u.isNumber ? "n += 3" : "_ = n"}; out <- n }
    	}()
    	go func() {
    		for v := range out { ${check(g, u, "v")} }
    		close(done)
    	}()
    	select {
    	case <-done: chk(1)
    	}
    	v, ok := <-in
    	chkBool(ok); ${check(g, t, "v")}
    	chk(uint64(len(in)*10 + cap(in)))
    	catch(func() { close(in) })
    	var never chan ${t.text}
    	one := make(chan int, 1)
    	for i := range ${g.rng.between(2, 6)} {
    		select {
    		case x := <-never: ${check(g, t, "x")}
    		case x := <-one: chk(uint64(x))
    		case one <- i * ${g.rng.between(1, 9)}: chk(21)
    		}
    	}
    	select {
    	case never <- *new(${t.text}): chk(30)
    	default: chk(31)
    	}
    }`,
    );
  },
  function recursion(g, name) {
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
  },
  function manyArguments(g, name) {
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
  },
  function closures(g, name) {
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
  },
  function embedding(g, name) {
    const t = g.scalar();
    const u = g.scalar();
    lines(
      g,
      `
    type ${name}Namer interface { Name() ${t.text} }
    type ${name}Base struct { a ${t.text}; n int }
    func (b ${name}Base) Name() ${t.text} { return b.a }
    func (b *${name}Base) Bump() int { b.n++; return b.n }
    func (b *${name}Base) Set(a ${t.text}) { b.a = a }
    type ${name}Mid struct { *${name}Base; c ${u.text} }
    type ${name}Top struct { ${name}Mid; extra [${g.rng.between(0, 3)}]${u.text}; ${name}Namer }
    func (t ${name}Top) Name() ${t.text} { t.Bump(); return t.${name}Mid.Name() }
    type ${name}Wrap struct { ${name}Namer }
    func ${name}() {
    	b := &${name}Base{a: ${small(g, t)}}
    	m := ${name}Mid{b, ${small(g, u)}}
    	top := ${name}Top{${name}Mid: m}
    	var i ${name}Namer = top
    	${check(g, t, "i.Name()")}
    	w := ${name}Wrap{${name}Wrap{m}}
    	i = &w
    	b.Set(${small(g, t)})
    	${check(g, t, "i.Name()")}
    	f, h := top.Bump, (*${name}Base).Bump
    	k := ${name}Namer.Name
    	chk(uint64(f()*100 + h(b)))
    	b = &${name}Base{}
    	chk(uint64(f()))
    	top.${name}Base = b
    	${check(g, t, "k(top)")}
    	chk(uint64(f()*100 + top.Bump()))
    	catch(func() { ${check(g, t, `${name}Wrap{}.Name()`)} })
    	catch(func() { ${check(g, t, `${name}Mid{}.Name()`)} })
    	j, ok := i.(interface{ Bump() int }); chkBool(ok); _ = j
    	j, ok = ${name}Namer(m).(interface{ Bump() int }); chkBool(ok)
    	if ok { chk(uint64(j.Bump())) }
    	var e, e2 ${name}Namer = m, ${name}Mid{m.${name}Base, m.c}
    	chkBool(e == e2)
    	_, isTop := e.(${name}Top); chkBool(isTop)
    }`,
    );
  },
  function keys(g, name) {
    const k = g.rng.pick([...g.scalars, ...g.structs, ...g.composites].filter((t) => equatable(t) && comparable(t)));
    const v = g.type();
    lines(
      g,
      `
    type ${name}Key struct { a int8; s string; i any; b [2]uint16 }
    func ${name}() {
    	m := map[any]int{}
    	for i := range ${g.rng.between(4, 40)} {
    		switch i % 7 {
    		case 0: m[i/2]++
    		case 1: m[int8(i/3)]++
    		case 2: m["k"+string(rune('a'+i%5))]++
    		case 3: m[${name}Key{int8(i % 4), "x", i % 2, [2]uint16{uint16(i % 3)}}]++
    		case 4: m[[2]any{i % 3, "y"}]++
    		case 5: m[float64(i%4)/2]++
    		case 6: m[nil]++
    		}
    	}
    	chk(uint64(len(m)))
    	chk(uint64(m[1]*1000 + m[int8(1)]*100 + m["kc"]*10 + m[nil]))
    	chk(uint64(m[${name}Key{s: "x", i: 1, b: [2]uint16{1}}] + m[[2]any{0, "y"}]*10 + m[0.5]*100))
    	catch(func() { m[[]int{1}] = 2 })
    	catch(func() { _ = m[${name}Key{i: map[int]int{}}] })
    	catch(func() { var a, b any = func() {}, 1; chkBool(a == b); b = a; chkBool(a == b) })
    	n := map[${k.text}]${v.text}{}
    	var ks []${k.text}
    	for range ${g.rng.between(1, 12)} { ks = append(ks, ${small(g, k)}, ${small(g, k)}, ${literal(g, k).text}) }
    	for _, k := range ks { if k == k { n[k] = ${small(g, v)} } }
    	chk(uint64(len(n)))
    	for _, k := range ks { if x, ok := n[k]; ok { ${check(g, v, "x")}; if ${condition(g)} { delete(n, k) } } }
    	chk(uint64(len(n)))
    	z := map[float64]int{0: 1}
    	neg := 0.0
    	neg = -neg
    	z[neg]++
    	nan := (neg - neg) / opaque(0.0)
    	z[nan]++; z[nan]++
    	chk(uint64(len(z)*10 + z[0]))
    	clear(z); chk(uint64(len(z)))
    }`,
    );
  },
  function globals(g, name) {
    const t = g.integer();
    const u = g.type();
    lines(
      g,
      `
    var ${name}A = ${name}B*2 + ${name}F(${name}D)
    var ${name}B, ${name}E = ${name}Two()
    var ${name}C = func() ${t.text} { ${name}Count++; return ${t.text}(${name}Count) }()
    var ${name}D = ${t.text}(len(${name}Table)) + ${name}C
    var ${name}Table = [...]string{2: "a", 5: "b" + ${name}S, "c"}
    var ${name}S = ${small(g, String_)}
    var ${name}Count int
    var ${name}U = ${small(g, u)}
    var ${name}P = &${name}Node{next: &${name}Node{v: ${name}C}}
    type ${name}Node struct { v ${t.text}; next *${name}Node }
    func ${name}Two() (${t.text}, string) { ${name}Count += 10; return ${name}C + ${t.text}(${name}Count), ${name}S }
    func ${name}F(x ${t.text}) ${t.text} { return x ^ ${small(g, t)} }
    func init() { ${name}Count *= 3; ${name}P.v = ${name}A }
    const (
    	${name}I0 ${t.text} = iota << 2
    	${name}I1
    	_
    	${name}I3
    	${name}Big = 1 << (100 + iota) >> 99
    	${name}Str = "s" + "t"
    	${name}Last = iota
    )
    func ${name}() {
    	chk(uint64(${name}A)); chk(uint64(${name}B)); chkString(${name}E); chk(uint64(${name}C)); chk(uint64(${name}D))
    	chk(uint64(${name}Count)); chkString(${name}Table[5]); chk(uint64(len(${name}Table[6]))); ${check(g, u, `${name}U`)}
    	chk(uint64(${name}P.v + ${name}P.next.v)); chkBool(${name}P.next.next == nil)
    	chk(uint64(${name}I0 + ${name}I1 + ${name}I3)); chk(${name}Big); chkString(${name}Str); chk(${name}Last)
    }`,
    );
  },
  function layout(g, name) {
    const s = g.structs.length > 0 ? g.rng.pick(g.structs) : arrayOf(Bool, 3);
    const a = g.type();
    const b = g.type();
    g.needs("unsafe");
    const sizes = [s, a, b, ...g.composites].map(
      (t) => `chk(uint64(unsafe.Sizeof(*new(${t.text})))<<8 | uint64(unsafe.Alignof(*new(${t.text}))))`,
    );
    lines(
      g,
      `
    type ${name}Mixed struct { a ${a.text}; z struct{}; b ${b.text}; c bool; d ${s.text}; e [0]int64; f uint16; end struct{} }
    type ${name}Empty struct{}
    func (${name}Empty) hi() int { return 5 }
    func ${name}() {
    	var m ${name}Mixed
    	chk(uint64(unsafe.Sizeof(m))); chk(uint64(unsafe.Offsetof(m.b))); chk(uint64(unsafe.Offsetof(m.c))); chk(uint64(unsafe.Offsetof(m.d)))
    	chk(uint64(unsafe.Offsetof(m.f))); chk(uint64(unsafe.Offsetof(m.end))); chk(uint64(unsafe.Alignof(m)))
    	${sizes.join("\n    	")}
    	m.a, m.b, m.d = ${small(g, a)}, ${small(g, b)}, ${small(g, s)}
    	n := m
    	m.f, m.c = 7, true
    	${check(g, a, "n.a")}; ${check(g, b, "n.b")}; ${check(g, s, "n.d")}; chk(uint64(n.f)); chkBool(n.c)
    	es := make([]${name}Empty, 3, 1000)
    	es = append(es, ${name}Empty{}, es[1])
    	chk(uint64(len(es) + es[2].hi()))
    	var i interface{ hi() int } = es[0]
    	chk(uint64(i.hi()))
    	ch := make(chan struct{}, 2); ch <- struct{}{}; chk(uint64(len(ch))); <-ch
    	x := [2]uint32{${g.rng.below(1000)}, ${g.rng.below(1000)}}
    	p := (*uint64)(unsafe.Pointer(&x)); *p += 1 << 33
    	chk(uint64(x[0])<<32 | uint64(x[1]))
    	bs := unsafe.Slice((*byte)(unsafe.Pointer(&x[1])), 4); bs[1] ^= 0x55; chk(uint64(x[1]))
    	str := unsafe.String(&bs[0], 2); chkString(str)
    	q := (*uint32)(unsafe.Add(unsafe.Pointer(&x), 4)); *q++; chk(uint64(x[1]))
    }`,
    );
  },
  function escapes(g, name) {
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
  },
  function iterators(g, name) {
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
  },
  function bitTricks(g, name) {
    const t = g.rng.pick(integers.filter((x) => x.bits >= 16));
    const u = t.text;
    lines(
      g,
      `
    func ${name}Isqrt(n uint64) uint64 { if n < 2 { return n }; x := uint64(1) << ((bits.Len64(n) + 1) / 2); for { y := (x + n/x) / 2; if y >= x { return x }; x = y } }
    func ${name}Gcd(a, b ${u}) ${u} { for b != 0 { a, b = b, a%b }; return a }
    func ${name}Pow(b ${u}, e uint) ${u} { r := ${u}(1); for ; e > 0; e >>= 1 { if e&1 != 0 { r *= b }; b *= b }; return r }
    func ${name}Reverse(x uint32) uint32 { x = x>>1&0x55555555 | x&0x55555555<<1; x = x>>2&0x33333333 | x&0x33333333<<2; x = x>>4&0x0f0f0f0f | x&0x0f0f0f0f<<4; return x<<24 | x&0xff00<<8 | x>>8&0xff00 | x>>24 }
    func ${name}() {
    	x := ${small(g, t)}
    	seed := uint64(x) | 1
    	for i := range ${g.rng.between(4, 30)} {
    		seed ^= seed << 13; seed ^= seed >> 7; seed ^= seed << 17
    		chk(${name}Isqrt(seed)); chk(uint64(${name}Gcd(${u}(seed), x))); chk(uint64(${name}Pow(x, uint(i)))); chk(uint64(${name}Reverse(uint32(seed))))
    		hi, lo := bits.Mul64(seed, uint64(x)); chk(hi); chk(lo)
    		q, r := bits.Div64(hi%7, lo, hi%7+uint64(i)+1); chk(q); chk(r)
    		s, c := bits.Add64(lo, hi, uint64(i&1)); chk(s); s, c = bits.Sub64(s, lo, c); chk(s); chk(c)
    		x = x<<(uint(i)&7) ^ x>>(uint(seed)&15) ^ ${u}(bits.RotateLeft32(uint32(seed), int(x)))
    		x -= x & -x
    		chk(uint64(x / ${g.rng.pick(["3", "7", "10", "100", "1000", "641", "-5".slice(t.signed ? 0 : 1), "32767"])})); chk(uint64(x % ${g.rng.pick(["3", "10", "60", "128", "1000"])}))
    		chkBool(x%${g.rng.pick(["2", "3", "5", "6", "12", "100"])} == 0)
    		chk(uint64(uint8(x)>>(seed&7)) | uint64(int8(x)>>(seed&15))<<8)
    		chk(uint64(bits.TrailingZeros16(uint16(x))) + uint64(bits.OnesCount8(uint8(x)))<<8 + uint64(bits.LeadingZeros32(uint32(x)))<<16)
    		chk(uint64(seed>>8&0xff)<<24 | uint64(byte(seed>>16))<<16 | uint64(uint16(seed)))
    	}
    }`,
    );
  },
  function goroutines(g, name) {
    const t = g.integer();
    g.needs("sync");
    g.needs("runtime");
    const n = g.rng.between(2, 8);
    lines(
      g,
      `
    func ${name}() {
    	var wg sync.WaitGroup
    	var mu sync.Mutex
    	sums := make([]${t.text}, ${n})
    	total := ${t.text}(0)
    	for i := range sums {
    		wg.Add(1)
    		go func() {
    			defer wg.Done()
    			for j := range ${g.rng.between(1, 50)} { sums[i] += ${t.text}(i*j); if j%8 == 3 { runtime.Gosched() } }
    			mu.Lock(); defer mu.Unlock()
    			total += sums[i]
    		}()
    	}
    	wg.Wait()
    	${check(g, sliceOf(t), "sums")}; chk(uint64(total))
    	// A ring: each adds and hands on.
    	first := make(chan ${t.text})
    	in := first
    	for i := range ${n} { out := make(chan ${t.text}); go func(in, out chan ${t.text}) { for v := range in { out <- v*3 + ${t.text}(i) }; close(out) }(in, out); in = out }
    	go func() { for i := range 5 { first <- ${t.text}(i) }; close(first) }()
    	for v := range in { chk(uint64(v)) }
    	var once sync.Once
    	for range 3 { once.Do(func() { chk(41) }) }
    	done := make(chan int)
    	go func() { defer close(done); defer func() { chkPanic(recover()) }(); defer chk(42); runtime.Goexit(); chk(43) }()
    	<-done
    	res := make(chan any)
    	go func() { defer func() { res <- recover() }(); var p *struct{ a [100]int }; p.a[${g.rng.below(100)}]++ }()
    	chkPanic(<-res)
    	c := sync.NewCond(&mu); ready := false
    	go func() { mu.Lock(); ready = true; mu.Unlock(); c.Broadcast() }()
    	mu.Lock(); for !ready { c.Wait() }; mu.Unlock(); chk(44)
    	runtime.GC()
    }`,
    );
  },
  function strings(g, name) {
    lines(
      g,
      `
    func ${name}() {
    	s := ${small(g, String_)} + "\\xe6\\x97" + ${small(g, String_)} + string(rune(0xD800)) + string(runeOf(int64(${sizedVariable(g, Int, 1)})))
    	for i, r := range s { chk(uint64(i)<<32 | uint64(r)) }
    	rs := []rune(s); chk(uint64(len(rs))); chkString(string(rs[:len(rs)/2]))
    	b := []byte(s); b = append(b, s...); b = append(b, "tail"[1:3]...); chkString(string(b)); chk(uint64(copy(b, "copied")))
    	chkBool(s < string(b)); chkBool(s == string(b[6:])); chkBool(s+"a" > s)
    	m := map[string]int{s: 1}; m[string(b)]++; chk(uint64(m[string(b)] + len(m)))
    	switch string(b[:2]) { case "co": chk(1); case "xx": chk(2); default: chk(3) }
    	switch { case s == "": chk(4); case s < "5": chk(5); case s[0] > 'a': chk(6); default: chk(7) }
    	t := ""
    	for i := range ${g.rng.between(1, 30)} { t += string(rune('a' + i%26)); if i%10 == 9 { t = t[i/3:] } }
    	chkString(t)
    	chkBool(t == "abcdefghij"[:len(t)%11] || t+t == s)
    	parts := [][]byte{}
    	for i := 0; i < len(t); i += 3 { parts = append(parts, []byte(t[i:min(i+3, len(t))])) }
    	for _, p := range parts { p = append(p, '-'); chkString(string(p)) }
    	chkString(t)
    	const c = "constant\\x00\\u00e9"; for i := range len(c) { chk(uint64(c[i])) }
    	x := [...]string{"a", t, s}; y := x; y[1] += "z"; chkBool(x == y); chkBool(x != [...]string{"a", t, s})
    	print(len(s), " ", len(t), " ", x[0], " ", 1.5, " ", -3, " ", true, " ", nil == any(nil), "\\n")
    }`,
    );
  },
  function floats(g, name) {
    const t = g.rng.chance(50) ? "float32" : "float64";
    const c = t === "float32" ? "complex64" : "complex128";
    lines(
      g,
      `
    func ${name}() {
    	xs := []${t}{0, 1, -1, 0.1, 1e-38, 3e38, ${g.rng.below(1000)}.25, 16777217, -0.75, 1 << 31, 1 << 63}
    	zero := opaque(${t}(0))
    	xs = append(xs, 1/zero, -1/zero, zero/zero, -zero)
    	for i, x := range xs {
    		for _, y := range xs[i/2:] {
    			chkFloat(float64(x + y)); chkFloat(float64(x - y)); chkFloat(float64(x * y)); chkFloat(float64(x / y)); chkFloat(float64(x*y + x)); chkFloat(float64(min(x, y))); chkFloat(float64(max(x, y)))
    			chk(uint64(b2i(x < y) | b2i(x <= y)<<1 | b2i(x == y)<<2 | b2i(x != y)<<3 | b2i(x > y)<<4 | b2i(x >= y)<<5 | b2i(!(x < y))<<6 | b2i(!(x >= y))<<7))
    			z := ${c}(complex(x, y)); w := z * z; chkFloat(float64(real(w))); chkFloat(float64(imag(w)))
    			w = z / ${c}(complex(y, 1)); chkFloat(float64(real(w))); chkFloat(float64(imag(w))); chkBool(w == z); chkBool(w != -z)
    			if x < y || !(y > x) { chk(1) } else if x == y && y != 0 { chk(2) }
    			if !(x < y) && x == x { chk(3) }
    		}
    		chk(uint64(f2i(float64(x)))); chk(f2u(float64(x))); chkFloat(math.Sqrt(float64(x))); chkFloat(float64(float32(x))); chkFloat(math.Floor(float64(x))); chkFloat(math.Ceil(float64(x)))
    		if x > -2e9 && x < 2e9 { chk(uint64(int32(x))); chk(uint64(int64(x))); chkFloat(float64(x - ${t}(int64(x)))) }
    		if x >= 0 && x < 4e9 { chk(uint64(uint32(x))) }
    	}
    	for _, n := range []uint64{0, 1, 1<<63 - 1, 1 << 63, 1<<64 - 1, 1<<53 + 1, 1<<24 + 1, 0xfffffffffffff7ff, 0x8000008000000001, ${g.rng.bits()}} {
    		chkFloat(float64(${t}(n))); chkFloat(float64(${t}(int64(n)))); chkFloat(float64(float32(uint32(n)))); chkFloat(float64(${t}(int16(n)))); chkFloat(float64(float32(n)))
    	}
    	chkFloat(${g.rng.pick(["0.1 + 0.2", "1.0 / 3", "1e300 * 10", "7 / 2 * 2.0", "1 << 3.0", "math.Pi * math.E"])})
    }`,
    );
  },
  function aggregates(g, name) {
    const s = g.structs.length > 0 ? g.rng.pick(g.structs) : arrayOf(Int, 6);
    const a = arrayOf(s, g.rng.between(1, 4));
    const e = g.type();
    g.budget = 10;
    const init = expr(g, a, 2).text;
    lines(
      g,
      `
    type ${name}Big struct { a ${a.text}; e ${e.text}; m [2][3]${s.text} }
    func ${name}Pass(b ${name}Big, p *${name}Big) (${name}Big, ${s.text}) { b.a[0], p.a[0] = p.a[0], b.a[0]; p.m[1] = b.m[0]; return b, p.m[1][2] }
    func (b ${name}Big) with(e ${e.text}) ${name}Big { b.e = e; return b }
    func (b *${name}Big) self() *${name}Big { return b }
    func ${name}() {
    	x := ${name}Big{a: ${init}, e: ${small(g, e)}}
    	y := x
    	y.a[${g.rng.below(a.length)}] = ${small(g, s)}
    	y.m[0][2] = ${small(g, s)}
    	z, w := ${name}Pass(x, &y)
    	${check(g, s, "w")}
    	for i := range z.a { ${check(g, s, "z.a[i]")}; ${check(g, s, "y.a[i]")} }
    	z = z.with(${small(g, e)})
    	z = z.self().with(z.e)
    	${check(g, e, "z.e")}
    	x, y = y, x
    	x.m[0], x.m[1] = x.m[1], x.m[0]
    	for i, row := range x.m { x.m[1-i][0] = row[2]; for _, v := range row { ${check(g, s, "v")} } }
    	for i, v := range &x.m { ${check(g, s, "v[0]")}; x.m[1][i] = v[2] }
    	m := map[string]${name}Big{"x": x}
    	${check(g, e, 'm["x"].with(x.e).e')}; ${check(g, s, 'm["none"].m[1][1]')}
    	var i any = x
    	x.e = ${small(g, e)}
    	u := i.(${name}Big)
    	${check(g, e, "u.e")}
    	c := make(chan ${name}Big, 1); c <- x; x = ${name}Big{}; x = <-c; ${check(g, e, "x.e")}
    	f := x.with; x.e = *new(${e.text}); v := f(u.e); ${check(g, e, "v.e")}; ${check(g, e, "x.e")}
    	arr := [3]${name}Big{1: v}; brr := arr; arr[1].e = x.e; ${check(g, e, "brr[1].e")}; ${check(g, e, "arr[1].e")}
    }`,
    );
  },
  function reflection(g, name) {
    g.needs("fmt");
    g.needs("reflect");
    const types = [...g.composites, ...g.structs, ...g.scalars].filter(printable);
    const some = Array.from({ length: 4 }, () => g.rng.pick(types));
    const s = g.structs.filter(printable).length > 0 ? g.rng.pick(g.structs.filter(printable)) : arrayOf(Int, 2);
    const methods = s.methods.filter((m) => !m.pointer && m.signature.results.length === 1);
    lines(
      g,
      `
    func ${name}Describe(t reflect.Type, depth int) {
    	chkString(t.String()); chk(uint64(t.Kind())); chk(uint64(t.Size())); chk(uint64(t.Align())); chk(uint64(t.NumMethod())); chkBool(t.Comparable()); chkString(t.Name())
    	for i := range t.NumMethod() { m := t.Method(i); chkString(m.Name); chkString(m.Type.String()) }
    	if depth == 0 { return }
    	switch t.Kind() {
    	case reflect.Struct: for i := range t.NumField() { f := t.Field(i); chkString(f.Name); chk(uint64(f.Offset)); chkBool(f.Anonymous); ${name}Describe(f.Type, depth-1) }
    	case reflect.Map: ${name}Describe(t.Key(), depth-1); ${name}Describe(t.Elem(), depth-1)
    	case reflect.Array, reflect.Slice, reflect.Pointer, reflect.Chan: ${name}Describe(t.Elem(), depth-1)
    	case reflect.Func: for i := range t.NumIn() { ${name}Describe(t.In(i), depth-1) }; for i := range t.NumOut() { ${name}Describe(t.Out(i), depth-1) }
    	}
    }
    func ${name}() {
    	${some.map((t) => `{ v := ${small(g, t)}; chkString(fmt.Sprintf("%v %+v %#v %T", v, v, v, v)); ${name}Describe(reflect.TypeOf(v), 2) }`).join("\n    	")}
    	x := ${small(g, s)}
    	v := reflect.ValueOf(&x).Elem()
    	w := reflect.New(v.Type()).Elem()
    	w.Set(v)
    	chkString(fmt.Sprint(w.Interface()))
    	${methods.length > 0 ? `m := v.MethodByName("${methods[0]?.name}"); out := m.Call([]reflect.Value{${(methods[0]?.signature.params ?? []).map((p) => `reflect.ValueOf(${small(g, p)})`).join(", ")}}); chkString(fmt.Sprint(out[0].Interface()))` : "_ = v"}
    	f := func(a int8, b string, c float64, d ${s.text}, e ...uint16) (string, ${s.text}) { return fmt.Sprint(a, b, c, e), d }
    	r := reflect.ValueOf(f).Call([]reflect.Value{reflect.ValueOf(int8(${g.rng.between(-9, 9)})), reflect.ValueOf(${small(g, String_)}), reflect.ValueOf(2.5), v, reflect.ValueOf(uint16(7)), reflect.ValueOf(uint16(8))})
    	chkString(r[0].String()); chkString(fmt.Sprint(r[1].Interface()))
    	made := reflect.MakeFunc(reflect.TypeOf(f), func(in []reflect.Value) []reflect.Value { return []reflect.Value{reflect.ValueOf(fmt.Sprint(len(in), in[0].Int(), in[4].Len())), in[3]} }).Interface().(func(int8, string, float64, ${s.text}, ...uint16) (string, ${s.text}))
    	str, y := made(3, "z", 1, x, 4, 5)
    	chkString(str); chkBool(reflect.DeepEqual(y, w.Interface())); chkString(fmt.Sprintf("%T %T", made, [2]any{x, str}))
    	${name}Describe(reflect.TypeOf(made), 1)
    	mp := reflect.MakeMap(reflect.MapOf(reflect.TypeOf(""), v.Type())); mp.SetMapIndex(reflect.ValueOf("k"), v); chkString(fmt.Sprint(mp.Interface()))
    	sl := reflect.Append(reflect.MakeSlice(reflect.SliceOf(v.Type()), 1, 1), v); chkString(fmt.Sprintf("%v %T", sl.Interface(), sl.Interface()))
    	st := reflect.StructOf([]reflect.StructField{{Name: "A", Type: v.Type(), Tag: "t"}, {Name: "B", Type: reflect.TypeOf(0)}}); chkString(fmt.Sprintf("%+v %T", reflect.Zero(st).Interface(), reflect.Zero(st).Interface()))
    	catch(func() { reflect.ValueOf(x).Set(v) })
    	catch(func() { _ = reflect.ValueOf(1).Len() })
    }`,
    );
  },
  function divisions(g, name) {
    // Division, remainder and product by constants of all kinds, of values around those where they go wrong.
    const r = g.rng;
    const t = r.pick(integers);
    const [low, high] = range(t);
    const fit = (n: bigint): bigint => (t.signed ? BigInt.asIntN(t.bits, n) : BigInt.asUintN(t.bits, n));
    const constants = new Set<string>();
    while (constants.size < 12) {
      const n = fit(
        r.pick([
          () => BigInt(r.between(-20, 200)),
          () => (1n << BigInt(r.below(t.bits))) + BigInt(r.between(-2, 2)),
          () => r.bits() >> BigInt(r.below(64)),
          () => BigInt(r.between(1, 50)) << BigInt(r.below(t.bits)),
          () => (r.chance(50) ? low : high) / BigInt(r.between(1, 9)),
        ])(),
      );
      if (n !== 0n) constants.add(String(n));
    }
    const values = [...constants].slice(0, 5).map((c) => `${fit(BigInt(c) * BigInt(r.between(1, 99)))}`);
    const tests = [...constants].map(
      (c) =>
        `chk(uint64(x / (${c}))); chk(uint64(x % (${c}))); chk(uint64(x * (${c}))); chkBool(x%(${c}) == 0); chkBool(x%(${c}) != ${fit(BigInt(r.between(0, 3)))}); chkBool(x < ${c}); chkBool(x/(${c}) > ${r.below(9)}); chk(uint64((x + (${c})) / (${c})))`,
    );
    lines(
      g,
      `
    //go:noinline
    func ${name}At(x ${t.text}) {
    	${tests.join("\n    	")}
    	if x >= 0 { y := x & 0x3f; chk(uint64(y / ${r.between(2, 60)})); chk(uint64(x / ${r.between(2, 120)} * 3 % ${r.between(2, 120)})) }
    }
    func ${name}() {
    	for _, x := range []${t.text}{0, 1, 2, 3, 7, 100, ${low}, ${low + 1n}, ${high}, ${high - 1n}, ${values.join(", ")}} {
    		${name}At(x)
    		for d := ${t.text}(1); d < 100; d = d*3 + 1 { ${name}At(x + d); ${name}At(x - d); if d > 30 { break } }
    	}
    	for _, c := range []${t.text}{${[...constants].join(", ")}} { for k := range ${t.text}(4) { ${name}At(c*k); ${name}At(c*k - 1); ${name}At(c*k + 1) } }
    }`,
    );
  },
  function bounds(g, name) {
    // What a compiler may prove about indices, and what it must not.
    const r = g.rng;
    const t = r.pick([Int, Int, Int, ...integers]);
    const n = (): number => r.between(-3, 12);
    const constant = (): string => {
      const c = n();
      return t.signed ? `${c}` : `${Math.abs(c)}`;
    };
    const term = (depth: number): string =>
      r.weighted<() => string>([
        [5, () => r.pick(["i", "j"])],
        [2, () => `${t.text}(len(s))`],
        [2, () => `(${r.pick(["i", "j"])} ${r.pick(["+", "-"])} ${Math.abs(n())})`],
        [1, () => `(${r.pick(["i", "j"])} ${r.pick(["& ", ">> ", "% ", "/ "])}${r.between(1, 9)})`],
        [1, () => `(${t.text}(len(s)) - ${Math.abs(n())})`],
        [1, () => (depth > 0 ? `(${term(depth - 1)} + ${term(depth - 1)})` : "i")],
        [1, () => `(${t.text}(uint8(i)))`],
        [1, () => constant()],
      ])();
    const test = (): string => {
      const a = r.pick(["i", "j", "i", "j", `${t.text}(len(s))`]);
      return `${a} ${r.pick(["<", "<=", ">", ">=", "==", "!="])} ${term(1)}`;
    };
    // Constants would be looked at by the type checker.
    const index = (depth: number): string => {
      const x = term(depth);
      return /[ij]|len/.test(x) ? x : "i";
    };
    const access = (): string =>
      r.pick([
        () => `chk(uint64(s[${index(1)}]))`,
        () => `chk(uint64(a[${index(1)}]))`,
        () => `chk(uint64(len(s[${index(1)}:])))`,
        () => `chk(uint64(len(s[:${index(1)}])))`,
        () => `chk(uint64(len(s[${index(0)}:${index(0)}])))`,
        () => `chkString(str[${index(0)}:${index(0)}])`,
        () => `s[${index(1)}]++`,
      ])();
    const value = (v: string): string => (/^[-0-9]/.test(v) ? `${t.text}(${v})` : v);
    const block = (depth: number): string => {
      const parts: string[] = [];
      for (let k = r.between(1, 3); k > 0; k--) {
        parts.push(
          r.weighted<() => string>([
            [4, access],
            [depth, () => `if ${test()} { ${block(depth - 1)} }`],
            [depth, () => `if ${test()} ${r.pick(["&&", "||"])} ${test()} { ${block(depth - 1)} } else { ${block(depth - 1)} }`],
            [1, () => `if ${test()} { return }`],
            [1, () => `i = ${value(term(1))}`],
            [
              depth,
              () =>
                `for i := ${value(term(0))}; ${r.pick(["i < j", "i <= j", `i < ${t.text}(len(s))`, "i >= 0", "i > 0", "i != j"])}; i${r.pick(["++", "--", "+= 2", "-= 3", "++"])} { if left--; left < 0 { return }; ${block(depth - 1)} }`,
            ],
            [
              1,
              () =>
                `for k := range s { ${r.pick(["_ = k", "if k > 0 { s[k] ^= s[k-1] }", "s[len(s)-1-k]++", "if k < len(s)-1 { s[k+1] += 3 }", "s[k/2]++", "a[k&3]++"])} }`,
            ],
          ])(),
        );
      }
      return parts.join("; ");
    };
    const functions = Array.from(
      { length: 6 },
      (_, k) =>
        `func ${name}F${k}(s []byte, str string, i, j ${t.text}) { a := [4]uint16{1, 2, 3}; left := 40; _, _ = a, left; ${block(3)} }`,
    );
    const [low, high] = range(t);
    lines(
      g,
      `
    ${functions.join("\n    ")}
    func ${name}Try(f func(s []byte, str string, i, j ${t.text}), n int, i, j ${t.text}) {
    	s := []byte("abcdefghijkl")[:n:n]
    	defer func() {
    		if e := recover(); e != nil { chkString(e.(error).Error()) }
    		chkString(string(s))
    	}()
    	f(s, string(s), i, j)
    }
    func ${name}() {
    	values := []${t.text}{0, 1, 2, 3, 4, 5, 9, 12, ${low}, ${low + 1n}, ${high}, ${high - 1n}, ${low / 2n}, ${high / 2n}${t.signed ? ", -1, -2" : ""}}
    	for k, f := range []func(s []byte, str string, i, j ${t.text}){${functions.map((_, k) => `${name}F${k}`).join(", ")}} {
    		for _, n := range []int{0, 1, 4, 12} { for _, i := range values { for _, j := range values { ${name}Try(f, n, i, j) } } }
    		step("${name}", k)
    	}
    }`,
    );
  },
  function branches(g, name) {
    // Conditions over conversions between widths and signs, and what follows from them.
    const r = g.rng;
    const names = ["a", "b", "c"];
    const types = names.map(() => r.pick(integers));
    const literalOf = (t: T): string => {
      const [low, high] = range(t);
      const n = r.pick([0n, 1n, low, high, BigInt(r.between(-130, 260)), 1n << BigInt(r.below(t.bits)), high >> 1n]);
      return String(t.signed ? BigInt.asIntN(t.bits, n) : BigInt.asUintN(t.bits, n));
    };
    const term = (t: T, depth: number): string => {
      const same_ = names.filter((_, i) => types[i] === t);
      if (depth <= 0) return same_.length > 0 ? r.pick(same_) : `${t.text}(${r.pick(names)})`;
      const from = r.pick(integers);
      return r.pick([
        () => `${t.text}(${term(from, depth - 1)})`,
        () => `(${term(t, depth - 1)} ${r.pick(["+", "-", "*", "&", "|", "^", "&^"])} ${term(t, depth - 1)})`,
        () => `(${term(t, depth - 1)} ${r.pick(["+", "-", "*", "&", "|", "^"])} ${literalOf(t)})`,
        () => `(${term(t, depth - 1)} ${r.pick(["<<", ">>"])} ${r.below(t.bits + 2)})`,
        () => `(${term(t, depth - 1)} ${r.pick(["<<", ">>"])} (${term(from, depth - 1)} & ${r.pick([7, 15, 31, 63])}))`,
        () => `(${r.pick(["-", "^"])}${term(t, depth - 1)})`,
        () => term(t, 0),
      ])();
    };
    const test = (): string => {
      const t = r.pick(integers);
      return `${term(t, 2)} ${r.pick(["<", "<=", ">", ">=", "==", "!="])} ${r.chance(60) ? literalOf(t) : term(t, 1)}`;
    };
    const block = (depth: number): string => {
      const out: string[] = [];
      for (let k = r.between(1, 3); k > 0; k--) {
        const i = r.below(3);
        out.push(
          r
            .weighted<() => string>([
              [3, () => `chk(uint64(${term(r.pick(integers), 3)}))`],
              [2, () => `${names[i]} = ${term(types[i] as T, 2)}`],
              [depth * 2, () => `if ${test()} { ${block(depth - 1)} } else { ${block(depth - 1)} }`],
              [depth, () => `if ${test()} ${r.pick(["&&", "||"])} !(${test()}) { ${block(depth - 1)} }`],
              [2, () => `chkBool(${test()} ${r.pick(["&&", "||", "==", "!="])} (${test()}))`],
              [1, () => `x${depth} := ${names[i]}; if ${test()} { x${depth} = ${term(types[i] as T, 1)} }; chk(uint64(x${depth}))`],
              [
                depth,
                () =>
                  `switch ${term(types[i] as T, 1)} { case ${[...new Set([literalOf(types[i] as T), literalOf(types[i] as T)])].join(", ")}: ${block(depth - 1)}; default: ${block(depth - 1)} }`,
              ],
            ])()
            .replace(/^(x\d .*)$/, "{ $1 }"),
        );
      }
      return out.join("; ");
    };
    const head = names.map((n, i) => `${n} ${(types[i] as T).text}`).join(", ");
    const sources = types.map((t) => {
      const [low, high] = range(t);
      return `[]${t.text}{0, 1, 2, 100, 127, ${low}, ${high}, ${high >> 1n}, ${literalOf(t)}, ${literalOf(t)}}`;
    });
    const functions = Array.from({ length: 4 }, (_, k) => `func ${name}F${k}(${head}) { ${block(3)} }`);
    lines(
      g,
      `
    ${functions.join("\n    ")}
    func ${name}() {
    	for k, f := range []func(${head}){${functions.map((_, k) => `${name}F${k}`).join(", ")}} {
    		for _, a := range ${sources[0]} { for _, b := range ${sources[1]} { for _, c := range ${sources[2]} { f(a, b, c) } } }
    		step("${name}", k)
    	}
    }`,
    );
  },
];
