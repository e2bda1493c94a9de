// Types and their values: embedding, map keys, package variables, layout, strings, aggregates, reflection.

import type { Gen } from "../gen.ts";
import { condition, expr, literal, sizedVariable } from "../expr.ts";
import { check } from "../hash.ts";
import { arrayOf, Bool, comparable, equatable, Int, String_ } from "../types.ts";
import { printable, lines, small } from "./parts.ts";

export function embedding(g: Gen, name: string): void {
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
}

export function keys(g: Gen, name: string): void {
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
}

export function globals(g: Gen, name: string): void {
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
}

export function layout(g: Gen, name: string): void {
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
}

export function strings(g: Gen, name: string): void {
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
}

export function aggregates(g: Gen, name: string): void {
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
}

export function reflection(g: Gen, name: string): void {
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
}
