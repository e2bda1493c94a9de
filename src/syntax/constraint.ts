// Build constraints: //go:build expressions, the older // +build lines, the operating system and architecture in file
// names, and the Go version that a constraint implies.

export const TagNode = 0;
export const NotNode = 1;
export const AndNode = 2;
export const OrNode = 3;

/** A constraint: a tag, or `!x`, `x && y`, `x || y`. */
export interface Constraint {
  readonly op: number;
  readonly tag: string;
  readonly x: Constraint | null;
  readonly y: Constraint | null;
}

function node(op: number, tag: string, x: Constraint | null, y: Constraint | null): Constraint {
  return { op, tag, x, y };
}

/** An error in a constraint. */
export class ConstraintError extends Error {}

const maxSize = 1000;
/** The old form was used for simple things only. */
const maxPlusSize = 100;

class ConstraintParser {
  private readonly text: string;
  private off = 0;
  private tok = "";
  private isTag = false;
  private size = 0;

  constructor(text: string) {
    this.text = text;
  }

  parse(): Constraint {
    const x = this.or();
    if (this.tok !== "") throw new ConstraintError(`unexpected token ${this.tok}`);
    return x;
  }

  private or(): Constraint {
    let x = this.and();
    while (this.tok === "||") x = node(OrNode, "", x, this.and());
    return x;
  }

  private and(): Constraint {
    let x = this.not();
    while (this.tok === "&&") x = node(AndNode, "", x, this.not());
    return x;
  }

  private not(): Constraint {
    if (++this.size > maxSize) throw new ConstraintError("build expression too large");
    this.lex();
    if (this.tok === "!") {
      this.lex();
      if (this.is("!")) throw new ConstraintError("double negation not allowed");
      return node(NotNode, "", this.atom(), null);
    }
    return this.atom();
  }

  private is(tok: string): boolean {
    return this.tok === tok;
  }

  private atom(): Constraint {
    if (this.tok === "(") {
      let x: Constraint;
      try {
        x = this.or();
      } catch (e) {
        if (e instanceof ConstraintError && e.message === "unexpected end of expression") {
          throw new ConstraintError("missing close paren");
        }
        throw e;
      }
      if (!this.is(")")) throw new ConstraintError("missing close paren");
      this.lex();
      return x;
    }
    if (!this.isTag) {
      throw new ConstraintError(this.tok === "" ? "unexpected end of expression" : `unexpected token ${this.tok}`);
    }
    const tag = this.tok;
    this.lex();
    return node(TagNode, tag, null, null);
  }

  private lex(): void {
    const text = this.text;
    this.isTag = false;
    while (text[this.off] === " " || text[this.off] === "\t") this.off++;
    const c = text[this.off];
    if (c === undefined) {
      this.tok = "";
      return;
    }
    if (c === "(" || c === ")" || c === "!") {
      this.off++;
      this.tok = c;
      return;
    }
    if (c === "&" || c === "|") {
      if (text[this.off + 1] !== c) throw new ConstraintError(`invalid syntax at ${c}`);
      this.off += 2;
      this.tok = c + c;
      return;
    }
    const tag = /^[\p{L}\p{Nd}_.]+/u.exec(text.slice(this.off));
    if (tag === null) {
      throw new ConstraintError(`invalid syntax at ${String.fromCodePoint(text.codePointAt(this.off) as number)}`);
    }
    this.tok = tag[0];
    this.off += this.tok.length;
    this.isTag = true;
  }
}

/** Parses the expression of a //go:build line. Throws ConstraintError. */
export function parseConstraintExpression(text: string): Constraint {
  return new ConstraintParser(text).parse();
}

/** The expression of a `//go:build` line, or null if the line is none. */
export function goBuildText(line: string): string | null {
  const m = /^\/\/go:build(?:\s+(.*?))?\s*$/.exec(line);
  return m === null ? null : (m[1] ?? "");
}

/** The text of a `// +build` line, or null if the line is none. */
export function plusBuildText(line: string): string | null {
  const m = /^\/\/\s*\+build(?:\s+(.*?))?\s*$/.exec(line);
  return m === null ? null : (m[1] ?? "");
}

/** The constraint of a //go:build line; null if it is none or has an error. */
export function parseConstraint(line: string): Constraint | null {
  const text = goBuildText(line);
  if (text === null) return null;
  try {
    return parseConstraintExpression(text);
  } catch (e) {
    if (e instanceof ConstraintError) return null;
    throw e;
  }
}

/** The constraint of a // +build line: words are alternatives, commas join, `!` negates; null if it is too complex to count. */
export function parsePlusBuild(text: string): Constraint | null {
  if (text.split(/[\s,]+/).length > maxPlusSize + 1) return null;
  let x: Constraint | null = null;
  for (const clause of text.split(/\s+/)) {
    if (clause === "") continue;
    let y: Constraint | null = null;
    for (const word of clause.split(",")) {
      let z: Constraint;
      if (word.startsWith("!!") || word === "!") z = node(TagNode, "ignore", null, null);
      else {
        const negated = word.startsWith("!");
        const name = negated ? word.slice(1) : word;
        z = node(TagNode, /^[\p{L}\p{Nd}_.]+$/u.test(name) ? name : "ignore", null, null);
        if (negated) z = node(NotNode, "", z, null);
      }
      y = y === null ? z : node(AndNode, "", y, z);
    }
    x = x === null ? y : node(OrNode, "", x, y);
  }
  return x ?? node(TagNode, "ignore", null, null);
}

/** Evaluates a constraint; `has` says which tags are set. */
export function evaluate(c: Constraint, has: (tag: string) => boolean): boolean {
  switch (c.op) {
    case TagNode:
      return has(c.tag);
    case NotNode:
      return !evaluate(c.x as Constraint, has);
    case AndNode:
      return evaluate(c.x as Constraint, has) && evaluate(c.y as Constraint, has);
    default:
      return evaluate(c.x as Constraint, has) || evaluate(c.y as Constraint, has);
  }
}

/** The least minor version (22 for go1.22) without which a constraint (or its negation) can't hold; -1 for none. */
function minVersion(c: Constraint, negated: boolean): number {
  switch (c.op) {
    case TagNode: {
      if (negated) return -1;
      if (c.tag === "go1") return 0;
      const m = /go1\.(\d+)$/.exec(c.tag);
      return m !== null && c.tag.indexOf("go1.") + 4 + (m[1] as string).length === c.tag.length ? Number(m[1]) : -1;
    }
    case NotNode:
      return minVersion(c.x as Constraint, !negated);
    default: {
      const x = minVersion(c.x as Constraint, negated);
      const y = minVersion(c.y as Constraint, negated);
      return (c.op === AndNode) !== negated ? Math.max(x, y) : Math.min(x, y);
    }
  }
}

/** The Go version that a constraint implies ("go1.22"), or "". */
export function goVersion(c: Constraint): string {
  const v = minVersion(c, false);
  return v < 0 ? "" : v === 0 ? "go1" : `go1.${v}`;
}

/** All operating systems that file names may end in. */
export const knownSystems: ReadonlySet<string> = new Set(
  "aix android darwin dragonfly freebsd hurd illumos ios js linux nacl netbsd openbsd plan9 solaris wasip1 windows zos".split(" "),
);

/** Those that are Unix. */
export const unixSystems: ReadonlySet<string> = new Set(
  "aix android darwin dragonfly freebsd hurd illumos ios linux netbsd openbsd solaris".split(" "),
);

/** All architectures that file names may end in. */
export const knownArchitectures: ReadonlySet<string> = new Set(
  (
    "386 amd64 amd64p32 arm armbe arm64 arm64be loong64 mips mipsle mips64 mips64le mips64p32 mips64p32le ppc ppc64 " +
    "ppc64le riscv riscv64 s390 s390x sparc sparc64 wasm"
  ).split(" "),
);

/** Whether a file's name fits: `x_linux.go`, `x_amd64.s`, `x_linux_arm64_test.go` are only for these. */
export function matchesFileName(name: string, has: (tag: string) => boolean): boolean {
  const dot = name.indexOf(".");
  const stem = dot < 0 ? name : name.slice(0, dot);
  // What stands before the first underscore is never a system or architecture.
  const underscore = stem.indexOf("_");
  if (underscore < 0) return true;
  const words = stem.slice(underscore).split("_");
  if (words.length > 0 && words[words.length - 1] === "test") words.pop();
  const n = words.length;
  const last = words[n - 1] ?? "";
  const before = words[n - 2] ?? "";
  if (n >= 2 && knownSystems.has(before) && knownArchitectures.has(last)) return has(last) && has(before);
  if (n >= 1 && (knownSystems.has(last) || knownArchitectures.has(last))) return has(last);
  return true;
}
