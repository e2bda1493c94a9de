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

/** Parses a go.mod file; `shown` is its name in messages. */
export function parseModFile(text: string, shown: string): ModFile {
  const errors: string[] = [];
  const requires: Requirement[] = [];
  const replaces: Replacement[] = [];
  let module = "";
  let goVersion = "";
  let block = "";
  const lines = text.split("\n");
  for (let i = 0; i < lines.length; i++) {
    const list = words(lines[i] as string);
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
        else requires.push({ path: args[0] as string, version: args[1] as string });
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
  if (module === "" && errors.length === 0) errors.push("no module declaration in go.mod");
  return { module, goVersion, requires, replaces, errors };
}

/** A module of vendor/modules.txt with the packages that are there. */
export interface VendoredModule {
  readonly path: string;
  readonly version: string;
  goVersion: string;
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
        packages: [],
      };
      list.push(current);
    } else if (line.startsWith("## ") && current !== null) {
      const m = /(?:^|; )go (\S+)/.exec(line.slice(3));
      if (m !== null) current.goVersion = m[1] as string;
    } else if (line !== "" && !line.startsWith("#") && current !== null) current.packages.push(line.trim());
  }
  return list;
}
