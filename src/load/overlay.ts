// The overlay: which packages of the standard library are ours, wholly or in part. See docs/overlay.md.

import { type Host, HostError } from "../base/host.ts";
import type { Goroot } from "./goroot.ts";
import { LoadError } from "./package.ts";
import { joinPath } from "./paths.ts";

/** What the overlay does to one package. */
export interface OverlayRule {
  /** "replace": our folder and the named upstream files; "merge": upstream's folder, changed by ours. */
  readonly mode: "replace" | "merge";
  readonly reason: string;
  /** For replace: files that are taken from GOROOT. */
  readonly upstream: readonly string[];
  /** For merge: upstream files that are left out. */
  readonly drop: readonly string[];
  /** Our folder. */
  readonly dir: string;
}

/** All rules, by import path. */
export class Overlay {
  readonly rules: ReadonlyMap<string, OverlayRule>;

  constructor(rules: ReadonlyMap<string, OverlayRule>) {
    this.rules = rules;
  }
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
      drop: strings(rule.drop, `${pkg}: drop`),
      dir: joinPath(folder, "src", pkg),
    });
  }
  return new Overlay(rules);
}
