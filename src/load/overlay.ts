// The overlay: which packages of the standard library are ours, wholly or in part. See docs/overlay.md.

import { hex } from "../base/hex.ts";
import { type Host, HostError } from "../base/host.ts";
import type { Goroot } from "./goroot.ts";
import { LoadError } from "./package.ts";
import { joinPath } from "../base/paths.ts";

/** What the overlay does to one package. */
export interface OverlayRule {
  /** "replace": our folder and the named upstream files; "merge": upstream's folder, changed by ours. */
  readonly mode: "replace" | "merge";
  readonly reason: string;
  /** For replace: files that are taken from GOROOT. For merge: files of GOROOT in which declarations of ours replace some. */
  readonly upstream: readonly string[];
  /** Upstream files whose init functions are left out. */
  readonly withoutInit: readonly string[];
  /** For merge: upstream files that are left out. */
  readonly drop: readonly string[];
  /** Our folder. */
  readonly dir: string;
}

/** All rules, by import path. */
export class Overlay {
  readonly rules: ReadonlyMap<string, OverlayRule>;
  /** The release that the overlay is written for, "go1.26.8". */
  readonly release: string;
  /** SHA-256 of that release's files ("runtime/chan.go") that the overlay takes or changes, in hex. */
  readonly sums: ReadonlyMap<string, string>;

  constructor(rules: ReadonlyMap<string, OverlayRule>, release: string, sums: ReadonlyMap<string, string>) {
    this.rules = rules;
    this.release = release;
    this.sums = sums;
  }

  /** No overlay at all. */
  static readonly none = new Overlay(new Map(), "", new Map());

  /** What is wrong with an upstream file ("runtime/chan.go") that the overlay takes or changes; "" if it is the right one. */
  drift(host: Host, path: string, data: Uint8Array): string {
    const wanted = this.sums.get(path);
    if (wanted === undefined) return "";
    return hex(host.sha256(data)) === wanted ? "" : `${path} differs from the one that this overlay was written for (${this.release})`;
  }
}

/** Reads upstream.sums: lines of a sum, two blanks and a path. */
function readSums(host: Host, path: string): Map<string, string> {
  const sums = new Map<string, string>();
  if (host.stat(path).kind !== "file") return sums;
  for (const line of new TextDecoder().decode(host.readFile(path)).split("\n")) {
    if (line.length > 66) sums.set(line.slice(66), line.slice(0, 64));
  }
  return sums;
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === "object" && x !== null && !Array.isArray(x);
}

function strings(x: unknown, what: string): string[] {
  if (x === undefined) return [];
  if (Array.isArray(x) && x.every((s) => typeof s === "string")) return x;
  throw new LoadError([`go3s: overlay.json: ${what} must be a list of names`]);
}

/** Reads overlay.json and checks that it is made for this Go tree. Throws LoadError. */
export function readOverlay(host: Host, goroot: Goroot): Overlay {
  const folder = host.overlayFolder();
  const path = joinPath(folder, "overlay.json");
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder().decode(host.readFile(path)));
  } catch (e) {
    if (e instanceof HostError || e instanceof SyntaxError) throw new LoadError([`go3s: ${path}: ${e.message}`]);
    throw e;
  }
  if (!isRecord(json) || typeof json.go !== "string" || !isRecord(json.packages)) {
    throw new LoadError([`go3s: ${path}: "go" and "packages" are needed`]);
  }
  const version = `go${json.go}`;
  if (goroot.version !== version && !goroot.version.startsWith(`${version}.`)) {
    throw new LoadError([`go3s: the library in ${goroot.folder} is ${goroot.version}, but ${version} is needed`]);
  }
  const rules = new Map<string, OverlayRule>();
  for (const [pkg, rule] of Object.entries(json.packages)) {
    if (!isRecord(rule) || (rule.mode !== "replace" && rule.mode !== "merge")) {
      throw new LoadError([`go3s: overlay.json: ${pkg}: the mode must be "replace" or "merge"`]);
    }
    rules.set(pkg, {
      mode: rule.mode,
      reason: typeof rule.reason === "string" ? rule.reason : "",
      upstream: strings(rule.upstream, `${pkg}: upstream`),
      withoutInit: strings(rule.withoutInit, `${pkg}: withoutInit`),
      drop: strings(rule.drop, `${pkg}: drop`),
      dir: joinPath(folder, "src", pkg),
    });
  }
  return new Overlay(rules, typeof json.release === "string" ? json.release : version, readSums(host, joinPath(folder, "upstream.sums")));
}
