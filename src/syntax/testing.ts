// Help for tests: parsing text, and finding the Go tree. Not part of the product.

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { Diagnostics } from "../base/diagnostics.ts";
import { type SourceFile, Sources } from "../base/pos.ts";
import { parseFile } from "./parser.ts";
import { type File, NodeIds } from "./tree.ts";

/** What came out of parsing a text. */
export interface Parsed {
  readonly file: File | null;
  readonly source: SourceFile;
  readonly ids: NodeIds;
  readonly diagnostics: Diagnostics;
  /** "line:column: message", in the order of the file. */
  readonly errors: string[];
}

/** Parses a text or bytes as a file. */
export function parseText(text: string | Uint8Array, mode: number, name = "x.go"): Parsed {
  const data = typeof text === "string" ? new TextEncoder().encode(text) : text;
  const sources = new Sources();
  const source = sources.add(name, data.length);
  const diagnostics = new Diagnostics();
  const ids = new NodeIds();
  const file = parseFile(data, source, ids, diagnostics, mode);
  const errors = diagnostics.sorted().map((d) => {
    const at = sources.physical(d.pos);
    return `${at.line}:${at.column}: ${d.message}`;
  });
  return { file, source, ids, diagnostics, errors };
}

/** The Go tree: GOROOT, or what `go env GOROOT` says; "" if there is none. */
export function findGoroot(): string {
  let root = process.env.GOROOT ?? "";
  if (root === "") {
    try {
      root = execFileSync("go", ["env", "GOROOT"], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
    } catch {
      return "";
    }
  }
  return existsSync(join(root, "src")) ? root : "";
}
