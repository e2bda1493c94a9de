// Functions that put a value of a type into the checksum.

import type { Gen } from "./gen.ts";
import { Any, basics, type T } from "./types.ts";

/** The statement that puts an expression of a type into the checksum. */
export function check(g: Gen, t: T, text: string): string {
  if (!t.named) {
    switch (t.kind) {
      case "bool":
        return `chkBool(${text})`;
      case "int":
        // A negative constant is no uint64.
        return t.signed ? `chkInt(int64(${text}))` : `chk(uint64(${text}))`;
      case "string":
        return `chkString(${text})`;
      case "float":
        return `chkFloat(float64(${text}))`;
    }
  }
  return `${hasher(g, t)}(${text})`;
}

function hasher(g: Gen, t: T): string {
  let name = g.hashers.get(t.text);
  if (name !== undefined) return name;
  name = g.top("h");
  g.hashers.set(t.text, name);
  const body = g.capture(() => {
    g.open(`func ${name}(v ${t.text}) {`);
    hashBody(g, t);
    g.close();
  });
  g.declarations.push(body);
  return name;
}

function hashBody(g: Gen, t: T): void {
  switch (t.kind) {
    case "bool":
      g.line("chkBool(bool(v))");
      break;
    case "int":
      g.line("chk(uint64(v))");
      break;
    case "string":
      g.line("chkString(string(v))");
      break;
    case "float":
      g.line("chkFloat(float64(v))");
      break;
    case "complex":
      g.line("chkFloat(float64(real(v)))");
      g.line("chkFloat(float64(imag(v)))");
      break;
    case "array":
    case "slice":
      g.line("chk(uint64(len(v)))");
      g.open("for i := range v {");
      g.line(check(g, t.elem as T, "v[i]"));
      g.close();
      break;
    case "map":
      // The order of a map is random: the sum of what its entries make of one start is not.
      g.line("saved := hash");
      g.line("var sum uint64");
      g.open("for k, e := range v {");
      g.line("hash = 99");
      g.line(check(g, t.key as T, "k"));
      g.line(check(g, t.elem as T, "e"));
      g.line("sum += hash");
      g.close();
      g.line("hash = saved + sum");
      g.line("chk(uint64(len(v)))");
      break;
    case "ptr":
      g.open("if v == nil {");
      g.line("chk(5)");
      g.line("return");
      g.close();
      g.line(check(g, t.elem as T, "*v"));
      break;
    case "struct":
      for (const f of t.fields) g.line(check(g, f.type, `v.${f.name}`));
      if (t.fields.length === 0) g.line("_ = v");
      break;
    case "func":
      g.line("chkBool(v == nil)");
      break;
    case "iface": {
      if (t !== Any) {
        g.line(check(g, Any, "any(v)"));
        break;
      }
      g.open("switch x := any(v).(type) {");
      g.line("case nil: chk(6)");
      const known = new Map<string, T>();
      for (const x of [...basics, ...g.scalars, ...g.structs]) known.set(x.text, x);
      let n = 10;
      for (const x of known.values()) {
        g.line(`case ${x.text}: chk(${n++}); ${check(g, x, "x")}`);
        if (x.named) g.line(`case *${x.text}: chk(${n++}); if x != nil { ${check(g, x, "*x")} }`);
      }
      g.line("default: chk(7); _ = x");
      g.close();
      break;
    }
  }
}
