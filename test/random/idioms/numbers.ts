// Numbers and the conditions on them: bits, floats, divisions, bounds, branches.

import type { Gen } from "../gen.ts";
import { Int, integers, range, type T } from "../types.ts";
import { lines, small } from "./parts.ts";

export function bitTricks(g: Gen, name: string): void {
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
}

export function floats(g: Gen, name: string): void {
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
}

export function divisions(g: Gen, name: string): void {
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
}

export function bounds(g: Gen, name: string): void {
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
}

export function branches(g: Gen, name: string): void {
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
}
