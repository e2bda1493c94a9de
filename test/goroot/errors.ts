// Compares the errors of a build with those that a test's comments ask for: `// ERROR "regexp"` on the line that must have it.

import { readFileSync } from "node:fs";

interface Wanted {
  /** "file.go:12" */
  readonly place: string;
  readonly pattern: string;
}

interface Found {
  readonly place: string;
  readonly message: string;
  matched: boolean;
}

/** A file of a test: its whole path and how its messages name it. */
export interface ErrorFile {
  readonly path: string;
  readonly name: string;
}

function wantedErrors(file: ErrorFile): Wanted[] {
  const list: Wanted[] = [];
  const lines = readFileSync(file.path, "utf8").split("\n");
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line.includes("////")) continue;
    const comment = /\/\/ (?:GC_)?ERROR(?:AUTO)? (.*)/.exec(line);
    if (comment === null) continue;
    for (const [, quoted = ""] of (comment[1] as string).matchAll(/"([^"]*)"/g)) {
      const pattern = quoted.replace(/LINE(?:([+-]\d+))?/g, (_, delta) => `${file.name}:${i + 1 + Number(delta ?? 0)}`);
      list.push({ place: `${file.name}:${i + 1}`, pattern });
    }
  }
  return list;
}

/** Go's syntax of regular expressions where it differs. */
function toRegExp(pattern: string): RegExp {
  return new RegExp(pattern.replace(/\[\[:space:\]\]/g, "\\s").replace(/\(\?i\)/g, ""), pattern.includes("(?i)") ? "i" : "");
}

/** The messages of a build: lines that begin with a tab belong to the one before. */
function foundErrors(output: string): Found[] {
  const list: Found[] = [];
  let message = "";
  const close = (): void => {
    const m = /^([^\s:][^:]*):(\d+)(?::\d+)?: ([\s\S]*)$/.exec(message);
    if (m !== null) list.push({ place: `${(m[1] as string).replace(/^.*\//, "")}:${m[2]}`, message: m[3] as string, matched: false });
    else if (message !== "") list.push({ place: "", message, matched: false });
  };
  for (const line of output.split("\n")) {
    if (line.startsWith("\t")) {
      message += `\n${line}`;
    } else if (!line.startsWith("#") && line.trim() !== "") {
      close();
      message = line;
    }
  }
  close();
  return list;
}

/** What differs, a line each; none if all is as wanted. */
export function compareErrors(output: string, files: readonly ErrorFile[]): string[] {
  let text = output;
  for (const f of files) text = text.replaceAll(f.path, f.name);
  const found = foundErrors(text);
  const problems: string[] = [];
  for (const w of files.flatMap(wantedErrors)) {
    const here = found.filter((e) => e.place === w.place && !e.matched);
    const pattern = toRegExp(w.pattern);
    const hits = here.filter((e) => pattern.test(e.message));
    for (const h of hits) h.matched = true;
    if (hits.length > 0) continue;
    const instead = here.length > 0 ? `, but: ${here.map((e) => e.message).join(" | ")}` : "";
    problems.push(`${w.place}: missing: ${w.pattern}${instead}`);
  }
  for (const e of found) if (!e.matched) problems.push(`${e.place}: not expected: ${e.message}`);
  return problems;
}
