// What a folder's files are to a build, in the terms of `go list`: which are taken, which are not and why, what they import and embed. It goes on after
// errors, which become part of the description.

import { Diagnostics } from "../base/diagnostics.ts";
import { type Host, HostError } from "../base/host.ts";
import { joinPath } from "../base/paths.ts";
import { Sources } from "../base/pos.ts";
import { matchesFileName } from "../syntax/constraint.ts";
import * as K from "../syntax/kinds.ts";
import { ImportsOnly, LenientPragmas, parseFile, SkipBodies } from "../syntax/parser.ts";
import { unquote } from "../syntax/strings.ts";
import { NodeIds } from "../syntax/tree.ts";
import type { BuildContext } from "./context.ts";
import { EmbedError, EmbedResolver } from "./embed.ts";
import { headerError } from "./folder.ts";
import { matchHeader } from "./header.ts";

/** Where something is first written: "line:column" of a path. */
export interface WrittenAt {
  readonly path: string;
  readonly line: number;
  readonly column: number;
}

/** The files of one kind with what they need. */
export interface FileGroup {
  readonly files: string[];
  readonly imports: Map<string, WrittenAt>;
  readonly patterns: Map<string, WrittenAt>;
}

export interface FolderDescription {
  name: string;
  doc: string;
  importComment: string;
  readonly go: FileGroup;
  readonly tests: FileGroup;
  readonly external: FileGroup;
  readonly ignoredGo: string[];
  readonly invalidGo: string[];
  readonly ignoredOther: string[];
  /** By the field of `go list`: CFiles, HFiles, SFiles, SysoFiles ... */
  readonly others: Map<string, string[]>;
  error: { readonly text: string; readonly at: WrittenAt | null } | null;
  hasFiles: boolean;
}

/** Endings of files that belong to a package without being Go. */
const endings: Readonly<Record<string, string>> = {
  c: "CFiles",
  cc: "CXXFiles",
  cpp: "CXXFiles",
  cxx: "CXXFiles",
  m: "MFiles",
  h: "HFiles",
  hh: "HFiles",
  hpp: "HFiles",
  hxx: "HFiles",
  f: "FFiles",
  F: "FFiles",
  for: "FFiles",
  f90: "FFiles",
  s: "SFiles",
  S: "SFiles",
  sx: "SFiles",
  swig: "SwigFiles",
  swigcxx: "SwigCXXFiles",
  syso: "SysoFiles",
};

const group = (): FileGroup => ({ files: [], imports: new Map(), patterns: new Map() });

export class Describer {
  private readonly host: Host;
  private readonly context: BuildContext;
  private readonly ids = new NodeIds();

  constructor(host: Host, context: BuildContext) {
    this.host = host;
    this.context = context;
  }

  /** Describes a folder, or some files of it. */
  describe(dir: string, named: readonly string[] | null): FolderDescription {
    const d: FolderDescription = {
      name: "",
      doc: "",
      importComment: "",
      go: group(),
      tests: group(),
      external: group(),
      ignoredGo: [],
      invalidGo: [],
      ignoredOther: [],
      others: new Map(),
      error: null,
      hasFiles: false,
    };
    const has = (tag: string): boolean => this.context.has(tag);
    let first = "";
    for (const name of named ?? this.names(dir)) {
      const dot = name.lastIndexOf(".");
      const ending = dot < 0 ? "" : name.slice(dot + 1);
      const isGo = ending === "go";
      const field = endings[ending];
      if (!isGo && field === undefined) continue;
      const ignored = isGo ? d.ignoredGo : d.ignoredOther;
      if (/^[._]/.test(name)) {
        ignored.push(name);
        continue;
      }
      let data: Uint8Array;
      try {
        if (this.host.stat(joinPath(dir, name)).kind !== "file") continue;
        if (isGo) d.hasFiles = true;
        data = this.host.readFile(joinPath(dir, name));
      } catch (e) {
        if (!(e instanceof HostError)) throw e;
        d.error ??= { text: `open ${e.path}: ${e.reason}`, at: null };
        continue;
      }
      if (named === null && (!matchesFileName(name, has) || (ending !== "syso" && !matchHeader(data, has).matches))) {
        const header = ending === "syso" ? "" : matchHeader(data, has).error;
        if (header !== "") d.error ??= { text: `${joinPath(dir, name)}: ${header}`, at: null };
        ignored.push(name);
        continue;
      }
      if (isGo) first = this.goFile(d, dir, name, data, first);
      else {
        const list = d.others.get(field as string) ?? [];
        list.push(name);
        d.others.set(field as string, list);
      }
    }
    return d;
  }

  private names(dir: string): string[] {
    try {
      return this.host.stat(dir).kind === "folder" ? this.host.readFolder(dir) : [];
    } catch (e) {
      if (e instanceof HostError) return [];
      throw e;
    }
  }

  private goFile(d: FolderDescription, dir: string, name: string, data: Uint8Array, first: string): string {
    const path = joinPath(dir, name);
    const source = new Sources().add(path, data.length);
    const diagnostics = new Diagnostics();
    const tree = parseFile(data, source, this.ids, diagnostics, ImportsOnly | LenientPragmas);
    // Places are asked for in order, but for a few.
    let line = 1;
    let start = 0;
    let known = 0;
    const place = (offset: number): WrittenAt => {
      if (offset < known) {
        line = 1;
        start = 0;
        known = 0;
      }
      for (; known < offset && known < data.length; known++) {
        if (data[known] !== 10) continue;
        line++;
        start = known + 1;
      }
      return { path, line, column: offset - start + 1 };
    };
    if (tree === null) {
      const e = diagnostics.sorted()[0];
      d.invalidGo.push(name);
      const at = (e?.pos ?? source.base) - source.base;
      d.error ??= { text: headerError(e?.message ?? "syntax error", data, at), at: place(at) };
      return first;
    }
    const own = tree.pkgName.value;
    const isTest = name.endsWith("_test.go");
    const external = isTest && own.endsWith("_test");
    const package_ = external ? own.slice(0, -5) : own;
    const target = external ? d.external : isTest ? d.tests : d.go;
    const imports: [string, WrittenAt][] = [];
    for (const decl of tree.declList) {
      if (decl.kind !== K.KindImportDecl || decl.path === null || decl.path.bad) continue;
      const imported = unquote(decl.path.value);
      if (imported !== null) imports.push([imported, place(decl.pos - source.base)]);
    }
    // Without cgo, files that use it are as if their constraints excluded them.
    if (imports.some(([p]) => p === "C")) {
      d.ignoredGo.push(name);
      return first;
    }
    let named = first;
    if (d.name === "") {
      d.name = package_;
      named = name;
    } else if (package_ !== d.name && package_ !== "documentation") {
      d.error ??= { text: `found packages ${d.name} (${named}) and ${package_} (${name}) in ${dir}`, at: null };
      d.invalidGo.push(name);
      return named;
    }
    if (!isTest && d.doc === "") d.doc = synopsis(data, tree.pkgName.pos - source.base);
    target.files.push(name);
    for (const [p, at] of imports) if (!target.imports.has(p)) target.imports.set(p, at);
    if (imports.some(([p]) => p === "embed")) {
      const whole = parseFile(data, new Sources().add(path, data.length), this.ids, new Diagnostics(), SkipBodies | LenientPragmas);
      for (const decl of whole?.declList ?? []) {
        if (decl.kind !== K.KindVarDecl || decl.embeds === null) continue;
        for (const line of decl.embeds)
          for (const p of line.patterns) if (!target.patterns.has(p.pattern)) target.patterns.set(p.pattern, place(p.pos - source.base));
      }
    }
    return named;
  }

  /** The files of embed patterns, sorted; a pattern that matches nothing is an error. */
  embeds(dir: string, patterns: ReadonlyMap<string, WrittenAt>): { files: string[]; error: { text: string; at: WrittenAt } | null } {
    const files = new Set<string>();
    let error: { text: string; at: WrittenAt } | null = null;
    const resolver = new EmbedResolver(this.host, dir);
    for (const [pattern, at] of [...patterns].sort(([a], [b]) => (a < b ? -1 : 1))) {
      try {
        for (const f of resolver.resolve(pattern)) files.add(f);
      } catch (e) {
        if (!(e instanceof EmbedError)) throw e;
        error ??= { text: `pattern ${pattern}: ${e.message}`, at };
      }
    }
    return { files: [...files].sort(), error };
  }
}

/** The first sentence of the comment right above a package clause. */
function synopsis(data: Uint8Array, name: number): string {
  const head = new TextDecoder().decode(data.subarray(0, name)).replace(/package\s+$/, "");
  const lines = head.split("\n");
  lines.pop();
  let text = "";
  if (/\*\/\s*$/.test(lines[lines.length - 1] ?? "")) {
    const all = lines.join("\n");
    text = all.slice(all.lastIndexOf("/*") + 2).replace(/\*\/\s*$/, "");
  } else {
    const own: string[] = [];
    while (/^\s*\/\//.test(lines[lines.length - 1] ?? "")) own.unshift(lines.pop() as string);
    text = own
      .filter((l) => !/^\/\/(go:|line |export |extern |\s*\+build)/.test(l.trim()))
      .map((l) => l.trim().slice(2))
      .join("\n");
  }
  const paragraph = (text.replace(/^\s+/, "").split(/\n[ \t]*\n/)[0] ?? "").replace(/\s+/g, " ").trim();
  const lower = paragraph.toLowerCase();
  if (["copyright", "all rights", "author"].some((p) => lower.startsWith(p))) return "";
  // Quotes and links to packages of the standard library as documentation shows them.
  const shown = paragraph.replace(/``/g, "\u201c").replace(/''/g, "\u201d");
  return firstSentence(shown).replace(/\[([a-z][a-z0-9/]*(?:\.[A-Z]\w*){0,2})\]/g, "$1");
}

/** Up to a full stop with a blank behind it, unless that ends an initial. */
function firstSentence(text: string): string {
  const isUpper = (c: string | undefined): boolean => c !== undefined && /\p{Lu}/u.test(c);
  const chars = [...text];
  for (let i = 1; i < chars.length; i++) {
    const stop = chars[i] === " " && chars[i - 1] === "." && (!isUpper(chars[i - 2]) || isUpper(chars[i - 3]));
    if (stop || chars[i - 1] === "\u3002" || chars[i - 1] === "\uff0e") return chars.slice(0, i).join("");
  }
  return text;
}
