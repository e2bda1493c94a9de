// Puts requirements into a go.mod file so that the file stays as its people laid it out: lines that are there keep their place and comments, new ones come
// into the last block without comments of their kind.

import type { ModuleVersion } from "./names.ts";
import { isIndirect, Requirement } from "./modfile.ts";
import { Block, Line, type ModSyntax, quotedToken } from "./syntax.ts";

export type Wanted = ModuleVersion & { readonly indirect: boolean };

function setIndirect(line: Line, indirect: boolean): void {
  if (isIndirect(line) === indirect) return;
  const text = line.suffix.replace(/^\/\//, "").trim();
  if (indirect) line.suffix = text === "" ? "// indirect" : `// indirect; ${text}`;
  else line.suffix = text === "indirect" ? "" : `//${text.slice(text.indexOf("indirect;") + 9)}`;
}

/** Whether a line has comments other than "indirect". */
function hasComments(line: Line): boolean {
  const text = line.suffix.replace(/^\/\//, "").trim();
  return line.before.length > 0 || (text !== "" && text !== "indirect");
}

function blockHasComments(block: Block): boolean {
  return block.before.length > 0 || block.closeSuffix !== "";
}

/** Changes the file to require exactly `wanted`. The result are its requirements. */
export function arrangeRequirements(
  syntax: ModSyntax,
  present: readonly Requirement[],
  wanted: readonly Wanted[],
  separate: boolean,
): Requirement[] {
  return separate ? new Arranger(syntax).separate(present, wanted) : together(syntax, present, wanted);
}

function update(r: Requirement, w: Wanted): void {
  r.version = w.version;
  const at = r.line.inBlock ? 1 : 2;
  if (r.line.inBlock && r.line.before.length === 1 && r.line.before[0] === "") r.line.before = [];
  r.line.tokens[at] = w.version;
  r.indirect = w.indirect;
  setIndirect(r.line, w.indirect);
}

function together(syntax: ModSyntax, present: readonly Requirement[], wanted: readonly Wanted[]): Requirement[] {
  const need = new Map(wanted.map((w) => [w.path, w]));
  const out: Requirement[] = [];
  for (const r of present) {
    const w = need.get(r.path);
    if (w === undefined) {
      r.line.tokens = [];
      continue;
    }
    update(r, w);
    need.delete(r.path);
    out.push(r);
  }
  for (const w of need.values()) {
    const line = syntax.add(["require", quotedToken(w.path), w.version]);
    setIndirect(line, w.indirect);
    out.push(new Requirement(w.path, w.version, w.indirect, line));
  }
  return out;
}

/** Direct and indirect requirements in blocks of their own. */
class Arranger {
  private readonly syntax: ModSyntax;

  constructor(syntax: ModSyntax) {
    this.syntax = syntax;
  }

  separate(present: readonly Requirement[], wanted: readonly Wanted[]): Requirement[] {
    let direct = -1;
    let indirect = -1;
    let last = -1;
    let count = 0;
    const list = this.syntax.statements;
    const blockOf = new Map<Line, Block>();
    let commented = false;
    list.forEach((s, i) => {
      if (s instanceof Line && s.tokens[0] === "require") {
        last = i;
        count++;
        commented = hasComments(s);
        if (!commented && isIndirect(s)) indirect = i;
        else if (!commented) direct = i;
      } else if (s instanceof Block && s.tokens[0] === "require") {
        last = i;
        count++;
        commented = blockHasComments(s);
        for (const line of s.lines) blockOf.set(line, s);
        if (s.lines.length === 0 || commented || s.lines.some(hasComments)) return;
        if (s.lines.every(isIndirect)) indirect = i;
        else if (!s.lines.some(isIndirect)) direct = i;
      }
    });
    const flat = count === 1 && !commented;
    if (direct < 0) {
      if (indirect >= 0) direct = indirect++;
      else direct = last >= 0 ? last + 1 : list.length;
      list.splice(direct, 0, new Block(["require"], []));
    }
    const directBlock = this.block(direct);
    if (indirect < 0) {
      indirect = direct + 1;
      list.splice(indirect, 0, new Block(["require"], []));
    }
    const indirectBlock = this.block(indirect);

    const need = new Map(wanted.map((w) => [w.path, w]));
    const have = new Set<string>();
    const out: Requirement[] = [];
    for (const r of present) {
      const w = need.get(r.path);
      if (w === undefined || have.has(r.path)) {
        r.line.tokens = [];
        continue;
      }
      have.add(r.path);
      update(r, w);
      const own = blockOf.get(r.line);
      if (w.indirect && (flat || own === directBlock || directBlock.lines.includes(r.line))) move(r, indirectBlock);
      else if (!w.indirect && (flat || own === indirectBlock || indirectBlock.lines.includes(r.line))) move(r, directBlock);
      out.push(r);
    }
    for (const w of need.values()) {
      if (have.has(w.path)) continue;
      const line = new Line([quotedToken(w.path), w.version], true);
      setIndirect(line, w.indirect);
      (w.indirect ? indirectBlock : directBlock).lines.push(line);
      out.push(new Requirement(w.path, w.version, w.indirect, line));
    }
    return out;
  }

  /** The statement at an index as a block. */
  private block(at: number): Block {
    const s = this.syntax.statements[at];
    if (s instanceof Block) return s;
    const line = s as Line;
    line.tokens = line.tokens.slice(1);
    line.inBlock = true;
    const block = new Block(["require"], [line]);
    this.syntax.statements[at] = block;
    return block;
  }
}

function move(r: Requirement, block: Block): void {
  if (block.lines.includes(r.line)) return;
  const old = r.line;
  const line = new Line(old.inBlock ? old.tokens : old.tokens.slice(1), true);
  line.before = old.before;
  line.suffix = old.suffix;
  old.tokens = [];
  r.line = line;
  block.lines.push(line);
}
