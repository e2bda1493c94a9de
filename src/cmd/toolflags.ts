// What -ldflags, -gcflags and -asmflags hold: flags of Go's own linker, compiler and assembler. Those that mean something here are
// taken, those that steer the workings of the other tools are accepted, others are wrong as they would be there.

import { CommandError } from "./errors.ts";
import { type FlagSpec, parseFlags } from "./flags.ts";
import { splitQuoted } from "./quoted.ts";

const bools = (names: string): FlagSpec[] => names.split(" ").map((name) => ({ name, kind: "bool" }));
const strings = (names: string): FlagSpec[] => names.split(" ").map((name) => ({ name, kind: "string" }));
const counts = (names: string): FlagSpec[] => names.split(" ").map((name) => ({ name, kind: "count" }));
const lists = (names: string): FlagSpec[] => names.split(" ").map((name) => ({ name, kind: "list" }));

const linkerFlags: readonly FlagSpec[] = [
  ...lists("X"),
  ...bools("s w a bindnow c checklinkname compressdwarf d debugnosplit dumpdep e f g h linkshared n pruneweakmap race msan asan v aslr"),
  ...strings("B D E H I L R T buildid buildmode capturehostobjs extar extld extldflags fipso funcalign installsuffix libgcc linkmode"),
  ...strings("pluginpath r randlayout strictdups tmpdir benchmark cpuprofile memprofile memprofilerate debugtextsize debugtramp"),
];

const compilerFlags: readonly FlagSpec[] = [
  ...counts("e % B C E K L N S W h j l live m r v w"),
  ...bools("+ clobberdead clobberdeadreg complete dwarf dwarfbasentries dwarflocationlists dynlink errorurl"),
  ...bools("linkshared nolocalimports pack race msan asan shared smallframes std t wb"),
  ...strings("D I asmhdr bench blockprofile buildid c coveragecfg cpuprofile d embedcfg env gendwarfinl goversion importcfg installsuffix"),
  ...strings("json lang linkobj memprofile memprofilerate mutexprofile p pgoprofile spectre symabis traceprofile trimpath"),
];

const assemblerFlags: readonly FlagSpec[] = [
  ...bools("S V compiling-runtime debug dynlink e gensymabis linkshared shared v"),
  ...strings("D I d o p spectre trimpath"),
];

/** What is meant here by the flags of the linker and the compiler. */
export interface ToolFlags {
  /** -s of the linker. */
  readonly strip: boolean;
  /** -X of the linker: values by package and name. */
  readonly values: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** -e of the compiler: all errors are shown. */
  readonly allErrors: boolean;
}

/** `flag` is "" for one that is not given. Throws CommandError. */
export function toolFlags(linker: string, compiler: string, assembler: string): ToolFlags {
  const link = parseFlags(words("ldflags", linker), linkerFlags);
  const compile = parseFlags(words("gcflags", compiler), compilerFlags);
  const assemble = parseFlags(words("asmflags", assembler), assemblerFlags);
  for (const [name, { error, rest }] of [
    ["ldflags", link],
    ["gcflags", compile],
    ["asmflags", assemble],
  ] as const) {
    if (error !== null) throw new CommandError(`go3s: -${name}: ${error}`, 1);
    if (rest.length > 0) throw new CommandError(`go3s: -${name}: no flag: ${rest[0]}`, 1);
  }
  if (link.strings.has("k")) throw new CommandError("go3s: -ldflags=-k is not supported: fields are not tracked", 1);
  if (link.strings.get("linkmode") === "external") throw new CommandError("go3s: -ldflags=-linkmode=external is not supported", 1);
  const values = new Map<string, Map<string, string>>();
  for (const definition of link.lists.get("X") ?? []) {
    const m = /^(.*?)=(.*)$/s.exec(definition);
    const dot = m === null ? -1 : (m[1] as string).lastIndexOf(".");
    if (m === null || dot < 0) throw new CommandError("go3s: -ldflags: -X flag requires argument of the form importpath.name=value", 1);
    const path = (m[1] as string).slice(0, dot);
    const own = values.get(path) ?? new Map<string, string>();
    values.set(path, own.set((m[1] as string).slice(dot + 1), m[2] as string));
  }
  return { strip: link.bools.has("s"), values, allErrors: compile.bools.has("e") };
}

/** The words of a flag. A pattern of packages may stand in front of them: here a program is compiled as one. */
function words(flag: string, text: string): readonly string[] {
  let list = text.trim();
  if (list === "") return [];
  if (!list.startsWith("-")) {
    const equals = list.indexOf("=");
    if (equals < 0) throw wrong(flag, text, "missing =<value> in <pattern>=<value>");
    if (equals === 0 || /^['"]/.test(list)) throw wrong(flag, text, "missing <pattern> in <pattern>=<value>");
    list = list.slice(equals + 1);
  }
  const split = splitQuoted(list);
  if (typeof split === "string") throw wrong(flag, text, split);
  return split;
}

function wrong(flag: string, text: string, why: string): CommandError {
  return new CommandError(`invalid value ${JSON.stringify(text)} for flag -${flag}: ${why}`, 2);
}
