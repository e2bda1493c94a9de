// Makes a program that shows a difference small: takes out lines and blocks as long as gc compiles the rest and the difference stays.

import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildOurs, buildReference, run } from "./compilers.ts";

const seconds = 20;

/** Whether the package in a folder still behaves differently. */
async function differs(folder: string, flags: readonly string[], env: Record<string, string>): Promise<boolean> {
  const ours = join(folder, "ours.bin");
  const reference = join(folder, "reference.bin");
  rmSync(ours, { force: true });
  // Ours first: it is warm, and says as well what does not compile.
  let outcome: { status: number | string; output: string };
  try {
    outcome = buildOurs(folder, ours, flags);
  } catch {
    outcome = { status: 3, output: "" };
  }
  if (outcome.status !== 0 && outcome.status !== 3) return false;
  if ((await buildReference(folder, reference)).status !== 0) return false;
  if (outcome.status === 3) return true;
  const [a, b] = [await run(reference, [], seconds), await run(ours, [], seconds, env)];
  return a.status !== "SIGKILL" && (a.status !== b.status || a.output !== b.output);
}

/** Net depth of brackets that a line opens, strings aside. */
function depth(line: string): number {
  const bare = line.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'|`[^`]*`/g, "").replace(/\/\/.*/, "");
  let n = 0;
  for (const c of bare) n += "([{".includes(c) ? 1 : ")]}".includes(c) ? -1 : 0;
  return n;
}

/** Groups of lines that may go together: each line that is whole, each block from its head to its end, and the mere frame of a block. */
function candidates(lines: readonly string[]): number[][] {
  const out: number[][] = [];
  for (let i = 0; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line.trim() === "") continue;
    let d = depth(line);
    if (d <= 0) {
      if (d === 0 && !/^\s*\}/.test(line)) out.push([i]);
      continue;
    }
    let j = i;
    while (d > 0 && ++j < lines.length) d += depth(lines[j] as string);
    if (d > 0) continue;
    out.push(Array.from({ length: j - i + 1 }, (_, k) => i + k));
    out.push([i, j]);
  }
  return out.sort((a, b) => b.length - a.length);
}

/** Shrinks a file of a package; its text in the end. */
export async function shrink(folder: string, file: string, flags: readonly string[], env: Record<string, string>): Promise<string> {
  const path = join(folder, file);
  let lines = readFileSync(path, "utf8").split("\n");
  const holds = async (text: readonly string[]): Promise<boolean> => {
    writeFileSync(path, text.join("\n"));
    return differs(folder, flags, env);
  };
  if (!(await holds(lines))) {
    writeFileSync(path, lines.join("\n"));
    return `// The difference does not show when the program runs alone.\n${lines.join("\n")}`;
  }
  for (let changed = true; changed; ) {
    changed = false;
    // Halves of the top level first, then ever smaller things.
    const groups = candidates(lines);
    const gone = new Set<number>();
    const without = (more: readonly number[]): string[] => lines.filter((_, i) => !gone.has(i) && !more.includes(i));
    const top = groups.filter((g) => depthAt(lines, g[0] as number) === 0 && g.length > 2);
    for (let size = top.length >> 1; size > 1; size >>= 1) {
      for (let at = 0; at < top.length; at += size) {
        const chunk = top.slice(at, at + size).flat();
        if (chunk.every((i) => gone.has(i))) continue;
        if (await holds(without(chunk))) {
          for (const i of chunk) gone.add(i);
          changed = true;
        }
      }
    }
    for (const group of groups) {
      if (group.some((i) => gone.has(i))) continue;
      if (await holds(without(group))) {
        for (const i of group) gone.add(i);
        changed = true;
      }
    }
    lines = lines.filter((_, i) => !gone.has(i));
  }
  writeFileSync(path, lines.join("\n"));
  return lines.join("\n");
}

function depthAt(lines: readonly string[], at: number): number {
  return /^\S/.test(lines[at] as string) ? 0 : 1;
}
