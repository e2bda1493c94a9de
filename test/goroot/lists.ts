// The two lists beside this file: what does not pass yet, and what is skipped. A line is the test's name, a tab, the reason.

import { existsSync, readFileSync, writeFileSync } from "node:fs";
import type { Recipe } from "./recipe.ts";

export class List {
  readonly entries: Map<string, string>;
  private readonly path: string;
  private readonly head: string[] = [];

  constructor(path: string) {
    this.path = path;
    this.entries = new Map();
    if (!existsSync(path)) return;
    for (const line of readFileSync(path, "utf8").split("\n")) {
      if (line.startsWith("#")) this.head.push(line);
      else if (line !== "") {
        const [name, reason] = line.split("\t");
        this.entries.set(name as string, reason ?? "");
      }
    }
  }

  /** Writes the list, sorted by name. */
  save(): void {
    const lines = [...this.entries].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, reason]) => `${name}\t${reason}`);
    writeFileSync(this.path, [...this.head, ...lines, ""].join("\n"));
  }
}

/** Why a test is skipped, or "". Lines of the list name a test, an action or a flag. */
export function skipReason(list: List, recipe: Recipe): string {
  const byName = list.entries.get(recipe.name) ?? list.entries.get(`action ${recipe.action}`);
  if (byName !== undefined) return byName;
  for (const [what, reason] of list.entries) {
    if (what.startsWith("flag ") && recipe.flags.some((f) => f.startsWith(what.slice(5)))) return reason;
  }
  return "";
}
