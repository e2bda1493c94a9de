// Assembly files that earlier builds assembled. What comes of a file depends on its text and on what it asks: for files to include, and whether names are functions. The
// questions and their answers are kept with the result, which is used if the answers are still the same.

import { ByteReader, ByteWriter, sameBytes } from "../base/bytes.ts";
import type { Host } from "../base/host.ts";
import type { Pos, SourceFile, Sources } from "../base/pos.ts";
import { readAscending, readCode, readRelocs, writeAscending, writeCode, writeRelocs } from "../codegen/codefile.ts";
import type { LoadedFile } from "../load/package.ts";
import { DataObject, type FuncCode } from "../ssa/object.ts";
import type { Sym, Symbols } from "../ssa/symbol.ts";
import type { Packs } from "./pack.ts";

/** What an assembly file may ask. */
export interface AsmQuestions {
  include(name: string): Uint8Array | null;
  isFunction(name: string): boolean;
}

/** What becomes of a file; one with errors is not good. */
export interface AsmResult {
  readonly functions: readonly FuncCode[];
  readonly data: readonly DataObject[];
  readonly good: boolean;
}

const hashBytes = 32;
const none = new Uint8Array(hashBytes);

/** Notes questions and answers. */
class Notes {
  readonly includes = new Map<string, Uint8Array | null>();
  readonly functions = new Map<string, boolean>();
  readonly asked: AsmQuestions;

  constructor(questions: AsmQuestions) {
    this.asked = {
      include: (name) => {
        const text = questions.include(name);
        this.includes.set(name, text);
        return text;
      },
      isFunction: (name) => {
        const is = questions.isFunction(name);
        this.functions.set(name, is);
        return is;
      },
    };
  }
}

/** The assembled files of one build. */
export class AssemblyCache {
  private readonly host: Host;
  private readonly packs: Packs;
  private readonly symbols: Symbols;
  private readonly sources: Sources;
  private readonly context: string;

  /** `context` says what results depend on besides files. */
  constructor(host: Host, packs: Packs, symbols: Symbols, sources: Sources, context: string) {
    this.host = host;
    this.packs = packs;
    this.symbols = symbols;
    this.sources = sources;
    this.context = context;
  }

  /** The result of a file of a package, made if it is not kept. */
  unit(
    file: LoadedFile,
    path: string,
    options: readonly string[],
    questions: AsmQuestions,
    make: (questions: AsmQuestions) => AsmResult,
  ): Omit<AsmResult, "good"> {
    const { packs } = this;
    const pack = packs.open(`assembly\n${this.context}\n${path}`);
    const key = packs.hash(JSON.stringify([this.context, path, file.path, options, packs.hash(file.data)]));
    const known = packs.find(pack, key);
    const kept = known === null ? null : this.read(new ByteReader(known), file, questions);
    if (kept !== null) return kept;
    const notes = new Notes(questions);
    const made = make(notes.asked);
    if (made.good) {
      const data = this.encode(made, file, notes);
      if (data !== null) packs.keep(pack, key, data);
    }
    return made;
  }

  private hash(data: Uint8Array | null): Uint8Array {
    return data === null ? none : this.host.sha256(data);
  }

  private encode(unit: AsmResult, file: LoadedFile, notes: Notes): Uint8Array | null {
    const w = new ByteWriter();
    w.uvarint(notes.includes.size);
    for (const [name, text] of notes.includes) {
      w.text(name);
      w.bytes(this.hash(text));
    }
    w.uvarint(notes.functions.size);
    for (const [name, is] of notes.functions) {
      w.text(name);
      w.u8(is ? 1 : 0);
    }
    const files = this.filesOf(unit);
    w.uvarint(files.length);
    for (const f of files) {
      // Its text must be at hand when the result is used.
      if (f.name !== file.path && !notes.includes.has(f.name)) return null;
      w.text(f.name);
      w.uvarint(f.directives.length);
      for (const d of f.directives) {
        w.uvarint(d.offset);
        w.text(d.file);
        w.uvarint(d.line);
        w.uvarint(d.column);
      }
    }
    w.uvarint(unit.functions.length);
    for (const code of unit.functions) this.writeFunction(w, code, files);
    w.uvarint(unit.data.length);
    for (const d of unit.data) this.writeData(w, d);
    return w.finish();
  }

  /** The files of a result's positions. */
  private filesOf(unit: AsmResult): SourceFile[] {
    const files = new Set<SourceFile>();
    for (const code of unit.functions) {
      for (const pos of [code.pos, ...code.linePositions]) {
        const file = this.sources.file(pos);
        if (file !== null) files.add(file);
      }
    }
    return [...files];
  }

  private writeFunction(w: ByteWriter, code: FuncCode, files: readonly SourceFile[]): void {
    w.text(this.symbols.name(code.sym));
    w.text(code.name);
    w.varint(code.argSize);
    const at = files.findIndex((f) => code.pos >= f.base && code.pos <= f.base + f.size);
    w.uvarint(at + 1);
    if (at >= 0) w.uvarint((files[at] as SourceFile).offset(code.pos));
    writeCode(w, code, { list: [], files }, this.symbols);
  }

  private writeData(w: ByteWriter, d: DataObject): void {
    w.text(this.symbols.name(d.sym));
    w.u8(d.section);
    w.uvarint(d.size);
    w.uvarint(d.align);
    w.uvarint(d.bytes.length);
    w.bytes(d.bytes);
    writeRelocs(w, d.relocs, { list: [], files: [] }, this.symbols);
    writeAscending(w, d.pointers);
    w.u8(d.mergeable ? 1 : 0);
  }

  /** The result, or null if answers have changed. */
  private read(r: ByteReader, file: LoadedFile, questions: AsmQuestions): AsmResult | null {
    const texts = new Map<string, Uint8Array>([[file.path, file.data]]);
    for (let n = r.uvarint(); n > 0; n--) {
      const name = r.text();
      const hash = r.bytes(hashBytes);
      const text = questions.include(name);
      if (!sameBytes(this.hash(text), hash)) return null;
      if (text !== null) texts.set(name, text);
    }
    for (let n = r.uvarint(); n > 0; n--) if (questions.isFunction(r.text()) !== (r.u8() !== 0)) return null;
    const files: SourceFile[] = [];
    for (let n = r.uvarint(); n > 0; n--) {
      const name = r.text();
      const text = texts.get(name) as Uint8Array;
      const f = this.sources.add(name, text.length);
      f.linesOf(text);
      for (let k = r.uvarint(); k > 0; k--)
        f.directives.push({ offset: r.uvarint(), file: r.text(), line: r.uvarint(), column: r.uvarint() });
      files.push(f);
    }
    const functions: FuncCode[] = [];
    for (let n = r.uvarint(); n > 0; n--) functions.push(this.readFunction(r, files));
    const data: DataObject[] = [];
    for (let n = r.uvarint(); n > 0; n--) data.push(this.readData(r));
    return { functions, data, good: true };
  }

  private readFunction(r: ByteReader, files: readonly SourceFile[]): FuncCode {
    const sym = this.symbols.intern(r.text());
    const name = r.text();
    const argSize = r.varint();
    const at = r.uvarint();
    const pos = at === 0 ? (0 as Pos) : (files[at - 1] as SourceFile).pos(r.uvarint());
    const code = readCode(r, { sym, name, pos, abi: { argSize }, inlined: [] }, { list: [], files }, this.symbols);
    return code;
  }

  private readData(r: ByteReader): DataObject {
    const sym: Sym = this.symbols.intern(r.text());
    const section = r.u8();
    const size = r.uvarint();
    const align = r.uvarint();
    const bytes = r.bytes(r.uvarint());
    const relocs = readRelocs(r, { list: [], files: [] }, this.symbols);
    const pointers = readAscending(r);
    return new DataObject(sym, section, size, align, bytes, relocs, pointers, r.u8() !== 0);
  }
}
