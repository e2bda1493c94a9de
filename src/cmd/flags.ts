// Command line flags as the go command spells them: one dash or two, `-name value`, `-name=value`, booleans without a value; flags end
// at the first other word or at `--`.

/** A flag that a command takes. */
export interface FlagSpec {
  readonly name: string;
  /** A list keeps all values of a repeated flag. */
  readonly kind: "bool" | "string" | "list" | "count";
  /** May stand without a value, which is then "true". */
  readonly optional?: boolean;
  /** Why Go3s does not do what the flag asks for. It may be given all the same to ask for nothing (-race=false). */
  readonly refused?: string;
  /** What is wrong with a value, or null. */
  readonly check?: (value: string) => string | null;
}

export interface ParsedFlags {
  readonly strings: ReadonlyMap<string, string>;
  readonly bools: ReadonlySet<string>;
  readonly lists: ReadonlyMap<string, readonly string[]>;
  readonly rest: readonly string[];
  /** What is wrong with the command line, null when nothing is. */
  readonly error: string | null;
}

/** What the words of a command line at some place are. */
export type ParsedWord =
  /** No flag. */
  | { readonly kind: "word" }
  /** `--` */
  | { readonly kind: "end" }
  | { readonly kind: "unknown"; readonly name: string; readonly hasValue: boolean }
  | { readonly kind: "wrong"; readonly error: string }
  /** A flag with its value ("true" and "false" for those that need none), and where the next word is. */
  | { readonly kind: "flag"; readonly spec: FlagSpec; readonly value: string; readonly next: number };

/** Looks at the word at a place, and at the value behind it if it is a flag that needs one. */
export function parseWord(words: readonly string[], at: number, specs: readonly FlagSpec[]): ParsedWord {
  const word = words[at] as string;
  if (!word.startsWith("-") || word === "-") return { kind: "word" };
  if (word === "--") return { kind: "end" };
  const text = word.startsWith("--") ? word.slice(2) : word.slice(1);
  const equals = text.indexOf("=");
  const name = equals < 0 ? text : text.slice(0, equals);
  const wrong = (error: string): ParsedWord => ({ kind: "wrong", error });
  if (name === "" || name.startsWith("-")) return wrong(`bad flag syntax: ${word}`);
  const spec = specs.find((s) => s.name === name);
  if (spec === undefined) return { kind: "unknown", name, hasValue: equals >= 0 };
  let next = at + 1;
  let value = equals >= 0 ? text.slice(equals + 1) : "true";
  if (spec.kind === "bool" || spec.kind === "count") {
    const known = truth(value) ?? (spec.kind === "count" && /^[1-9]\d*$/.test(value) ? true : null);
    if (known === null) return wrong(`invalid boolean value ${JSON.stringify(value)} for -${name}: parse error`);
    return { kind: "flag", spec, value: String(known), next };
  }
  if (equals < 0 && spec.optional !== true) {
    if (next >= words.length) return wrong(`flag needs an argument: -${name}`);
    value = words[next++] as string;
  }
  const complaint = spec.check?.(value) ?? null;
  if (complaint !== null) return wrong(`invalid value ${JSON.stringify(value)} for flag -${name}: ${complaint}`);
  return { kind: "flag", spec, value, next };
}

function truth(value: string): boolean | null {
  if (/^(1|t|T|true|TRUE|True)$/.test(value)) return true;
  return /^(0|f|F|false|FALSE|False)$/.test(value) ? false : null;
}

/** Parses words by the flags that are allowed. The last of repeated flags wins. */
export function parseFlags(words: readonly string[], specs: readonly FlagSpec[]): ParsedFlags {
  const strings = new Map<string, string>();
  const bools = new Set<string>();
  const lists = new Map<string, string[]>();
  const result = (rest: readonly string[], error: string | null): ParsedFlags => ({ strings, bools, lists, rest, error });
  let i = 0;
  while (i < words.length) {
    const word = parseWord(words, i, specs);
    if (word.kind === "word") break;
    if (word.kind === "end") {
      i++;
      break;
    }
    if (word.kind === "unknown") return result([], `flag provided but not defined: -${word.name}`);
    if (word.kind === "wrong") return result([], word.error);
    const { spec, value } = word;
    if (spec.kind === "list") lists.set(spec.name, [...(lists.get(spec.name) ?? []), value]);
    else if (spec.kind === "string") strings.set(spec.name, value);
    else if (value === "true") bools.add(spec.name);
    else bools.delete(spec.name);
    i = word.next;
  }
  return result(words.slice(i), null);
}
