// The two lists beside this file: what does not pass yet, and what is skipped. A line is the test's name, a tab, the reason.

import { existsSync, readFileSync, writeFileSync } from "node:fs";

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
