// The part of a file before its first code: build constraints.

import {
  AndNode,
  type Constraint,
  ConstraintError,
  evaluate,
  goBuildText,
  NotNode,
  parseConstraintExpression,
  parsePlusBuild,
  plusBuildText,
  TagNode,
} from "../syntax/constraint.ts";

/** What a file's header says. `error` is "" or the go command's message about it. */
export interface HeaderResult {
  readonly matches: boolean;
  readonly error: string;
}

const decoder = new TextDecoder();

/** The lines up to the first code; comments in between included. */
function headerText(data: Uint8Array): string {
  // Constraints stand in the first kilobytes; licences can be long, so the end is looked for.
  let size = Math.min(data.length, 4096);
  for (;;) {
    const text = decoder.decode(data.subarray(0, size));
    if (size === data.length || /^(package|TEXT|DATA|GLOBL|#include)\b/m.test(text)) return text;
    size = Math.min(data.length, size * 4);
  }
}

/** Whether a file is meant for a build. */
export function matchHeader(data: Uint8Array, has: (tag: string) => boolean): HeaderResult {
  return match(data, (c) => evaluate(c, has));
}

/** Whether a file is meant for any build at all: whatever its tags, but not `ignore`. */
export function matchesSomeBuild(data: Uint8Array): boolean {
  return match(data, (c) => evaluateAny(c, true)).matches;
}

function evaluateAny(c: Constraint, wanted: boolean): boolean {
  switch (c.op) {
    case TagNode:
      return c.tag === "ignore" ? false : wanted;
    case NotNode:
      return !evaluateAny(c.x as Constraint, !wanted);
    case AndNode:
      return evaluateAny(c.x as Constraint, wanted) && evaluateAny(c.y as Constraint, wanted);
    default:
      return evaluateAny(c.x as Constraint, wanted) || evaluateAny(c.y as Constraint, wanted);
  }
}

function match(data: Uint8Array, holds: (c: Constraint) => boolean): HeaderResult {
  const text = headerText(data);
  if (!text.includes("build")) return { matches: true, error: "" };
  const lines = text.split("\n");
  let goBuild = "";
  let plusEnd = 0; // lines before this one can hold a +build constraint
  let ended = false; // a line that is neither blank nor a // comment was seen
  let inComment = false;
  scan: for (let i = 0; i < lines.length; i++) {
    let line = (lines[i] as string).trim();
    if (line === "" && !ended) {
      plusEnd = i + 1;
      continue;
    }
    if (!line.startsWith("//")) ended = true;
    if (!inComment && goBuildText(line) !== null) {
      if (goBuild !== "") return { matches: false, error: "multiple //go:build comments" };
      goBuild = line;
    }
    while (line !== "") {
      if (inComment) {
        const close = line.indexOf("*/");
        if (close < 0) break;
        inComment = false;
        line = line.slice(close + 2).trim();
      } else if (line.startsWith("//")) break;
      else if (line.startsWith("/*")) {
        inComment = true;
        line = line.slice(2).trim();
      } else break scan;
    }
  }
  if (goBuild !== "") {
    try {
      const constraint: Constraint = parseConstraintExpression(goBuildText(goBuild) as string);
      return { matches: holds(constraint), error: "" };
    } catch (e) {
      if (!(e instanceof ConstraintError)) throw e;
      return { matches: false, error: `parsing //go:build line: ${e.message}` };
    }
  }
  for (let i = 0; i < plusEnd; i++) {
    const plus = plusBuildText((lines[i] as string).trim());
    const constraint = plus === null ? null : parsePlusBuild(plus);
    if (constraint !== null && !holds(constraint)) return { matches: false, error: "" };
  }
  return { matches: true, error: "" };
}
