// go.mod files, and vendor/modules.txt.

import { unquote } from "../syntax/strings.ts";

export interface Requirement {
  readonly path: string;
  readonly version: string;
}

export interface Replacement {
  readonly path: string;
  /** "" replaces every version. */
  readonly version: string;
  readonly target: string;
  /** "" for a folder. */
  readonly targetVersion: string;
}

export interface ModFile {
  readonly module: string;
  /** "1.22", or "" if there is no go line. */
  readonly goVersion: string;
  readonly requires: readonly Requirement[];
  readonly replaces: readonly Replacement[];
  /** "go.mod:3: message". */
  readonly errors: readonly string[];
}

/** The words of a line; strings in quotes are one word. Comments end it. */
function words(line: string): string[] {
  const out: string[] = [];
  for (const m of line.matchAll(/"(?:[^"\\]|\\.)*"|`[^`]*`|\/\/.*|\(|\)|=>|,|[^\s(),]+/g)) {
    const w = m[0];
    if (w.startsWith("//")) break;
    out.push(w.startsWith('"') || w.startsWith("`") ? (unquote(w) ?? w) : w);
  }
  return out;
}

const none: ModFile = { module: "", goVersion: "", requires: [], replaces: [], errors: [] };

/** The column behind a string that is not closed, else 0. */
function unterminated(line: string): number {
  const plain = line.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/g, (s) => "_".repeat(s.length));
  const comment = plain.indexOf("//");
  const quote = plain.indexOf('"');
  return quote >= 0 && (comment < 0 || quote < comment) ? line.length + 1 : 0;
}

/** Parses a go.mod file; `shown` is its name in messages, `path` where it lies. */
export function parseModFile(text: string, path: string, shown: string): ModFile {
  const errors: string[] = [];
  const requires: Requirement[] = [];
  const replaces: Replacement[] = [];
  let module = "";
  let goVersion = "";
  let block = "";
  let blockLine = 0;
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const list = words(lines[i] as string);
    const open = unterminated(lines[i] as string);
    if (open > 0) return { ...none, errors: [`${shown}:${i + 1}:${open}: unexpected newline in string`] };
    if (list.length === 0) continue;
    const error = (message: string): void => {
      errors.push(`${shown}:${i + 1}: ${message}`);
    };
    let verb = block;
    let args = list;
    if (block !== "") {
      if (list[0] === ")") {
        block = "";
        continue;
      }
    } else {
      verb = list[0] as string;
      args = list.slice(1);
      if (args[0] === "(" && args.length === 1) {
        block = verb;
        blockLine = i + 1;
        continue;
      }
    }
    switch (verb) {
      case "module":
        if (module !== "") error("repeated module statement");
        else if (args.length !== 1) error("usage: module module/path");
        else module = args[0] as string;
        break;
      case "go":
        if (goVersion !== "") error("repeated go statement");
        else if (args.length !== 1) error("go directive expects exactly one argument");
        else if (!/^[1-9]\d*\.\d+(\.\d+)?((rc|beta)\d+)?$/.test(args[0] as string)) {
          error(`invalid go version '${args[0]}': must match format 1.23.0`);
        } else goVersion = args[0] as string;
        break;
      case "require":
        if (args.length !== 2) error("usage: require module/path v1.2.3");
        else if (!/^v\d+\.\d+\.\d+(-[-\w.]+)?(\+[-\w.]+)?$/.test(args[1] as string)) {
          error(`require ${args[0]}: version ${JSON.stringify(args[1])} invalid: must be of the form v1.2.3`);
        } else requires.push({ path: args[0] as string, version: args[1] as string });
        break;
      case "replace": {
        const arrow = args.indexOf("=>");
        if (arrow < 1 || arrow > 2 || args.length - arrow < 2 || args.length - arrow > 3) {
          error("usage: replace module/path [v1.2.3] => other/module v1.4\n\t or replace module/path [v1.2.3] => ../local/directory");
          break;
        }
        const target = args[arrow + 1] as string;
        const targetVersion = args[arrow + 2] ?? "";
        const local = /^(\.|\.\.|\.\/.*|\.\.\/.*|\/.*)$/.test(target);
        if (targetVersion === "" && !local) {
          error("replacement module without version must be directory path (rooted or starting with . or ..)");
        } else if (targetVersion !== "" && local) {
          error(`replacement module directory path "${target}" cannot have version`);
        } else {
          const version = arrow === 2 ? (args[1] as string) : "";
          replaces.push({ path: args[0] as string, version, target, targetVersion });
        }
        break;
      }
      case "toolchain":
      case "exclude":
      case "retract":
      case "tool":
      case "godebug":
      case "ignore":
        break;
      default:
        error(`unknown directive: ${verb}`);
    }
  }
  if (block !== "") {
    const at = `${path}:${blockLine}:1`;
    errors.splice(0, errors.length, `${shown}:${lines.length}: syntax error (unterminated block started at ${at})`);
  }
  return { module, goVersion, requires, replaces, errors };
}

/** A module of vendor/modules.txt with the packages that are there. */
export interface VendoredModule {
  readonly path: string;
  readonly version: string;
  goVersion: string;
  /** go.mod requires it, or replaces it. */
  explicit: boolean;
  readonly packages: string[];
}

/** Parses vendor/modules.txt. */
export function parseModulesText(text: string): VendoredModule[] {
  const list: VendoredModule[] = [];
  let current: VendoredModule | null = null;
  for (const line of text.split("\n")) {
    if (line.startsWith("# ")) {
      const parts = line.slice(2).split(" ");
      // Replacements that apply to every version have no version on the left.
      const hasVersion = parts[1] !== undefined && parts[1] !== "=>";
      current = {
        path: parts[0] as string,
        version: hasVersion ? (parts[1] as string) : "",
        goVersion: "",
        explicit: false,
        packages: [],
      };
      list.push(current);
    } else if (line.startsWith("## ") && current !== null) {
      const m = /(?:^|; )go (\S+)/.exec(line.slice(3));
      if (m !== null) current.goVersion = m[1] as string;
      if (/^explicit(;|$)/.test(line.slice(3))) current.explicit = true;
    } else if (line !== "" && !line.startsWith("#") && current !== null) current.packages.push(line.trim());
  }
  return list;
}
