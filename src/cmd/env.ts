// go3s env: the settings that builds see, and the file in which they can be kept.

import { type Host, HostError } from "../base/host.ts";
import { joinPath, parentFolder } from "../base/paths.ts";
import { defaultArchitecture } from "../arch/registry.ts";
import { storeFolder } from "../driver/store.ts";
import { treeVersion } from "../load/goroot.ts";
import { findUpwards, findWorkFile } from "../modules/mains.ts";
import { defaultSetting, parseSettings, setting, settingsFile } from "../modules/settings.ts";
import { goarch, wrongUsage } from "./buildflags.ts";
import { CommandError } from "./errors.ts";
import { parseFlags } from "./flags.ts";
import { goJson } from "./gojson.ts";
import { splitQuoted } from "./quoted.ts";

/** Variables that can be kept, with those that mean nothing here. */
const kept = (
  "GO111MODULE GOARCH GOARM64 GOAMD64 GOAUTH GOBIN GOCACHE GOENV GOEXPERIMENT GOFIPS140 GOFLAGS GOGCFLAGS GOINSECURE GOMODCACHE GONOPROXY " +
  "GONOSUMDB GOOS GOPATH GOPRIVATE GOPROXY GORISCV64 GOROOT GOSUMDB GOTMPDIR GOTOOLCHAIN GOVCS GOWORK CGO_ENABLED GODEBUG GOTELEMETRY " +
  "AR CC CXX CGO_CFLAGS CGO_CPPFLAGS CGO_CXXFLAGS CGO_FFLAGS CGO_LDFLAGS PKG_CONFIG GCCGO"
).split(" ");

/** Variables that -w refuses to keep: they would have to be known before the file is found, or are only told. */
const unsettable = ["GOENV", "GOROOT", "GOHOSTARCH", "GOHOSTOS", "GOMOD", "GOWORK", "GOTOOLDIR", "GOVERSION", "GOEXE", "GOGCCFLAGS"];

/** The exit status. Throws CommandError and LoadError. */
export function envCommand(
  host: Host,
  words: readonly string[],
  version: string,
  goroot: { readonly folder: string; readonly version: string },
): number {
  const flags = parseFlags(
    words,
    ["json", "w", "u", "changed"].map((name) => ({ name, kind: "bool" })),
  );
  if (flags.error !== null) throw wrongUsage("env", flags.error);
  const has = (name: string): boolean => flags.bools.has(name);
  if (has("json") && (has("w") || has("u"))) throw new CommandError(`go: cannot use -json with -${has("w") ? "w" : "u"}`, 1);
  if (has("w") && has("u")) throw new CommandError("go: cannot use -u with -w", 1);
  if (has("w")) return write(host, flags.rest);
  if (has("u")) return unset(host, flags.rest);
  let values = settings(host, version, goroot);
  if (has("changed")) values = values.filter(([name, value, usual]) => name !== "GO3SVERSION" && usual !== null && value !== usual);
  if (flags.rest.length > 0) {
    const found = flags.rest.map((name): [string, string] => [
      name,
      values.find(([n]) => n === name)?.[1] ??
        (has("changed") ? "" : host.env(name) && kept.includes(name) ? (host.env(name) as string) : ""),
    ]);
    if (has("json")) host.stdout(`${goJson(Object.fromEntries(found))}\n`);
    else host.stdout(found.map(([, value]) => `${value}\n`).join(""));
    return 0;
  }
  if (has("json")) host.stdout(`${goJson(Object.fromEntries(values.map(([n, v]) => [n, v])))}\n`);
  else host.stdout(values.map(([name, value]) => `${name}=${shellQuoted(value)}\n`).join(""));
  return 0;
}

function shellQuoted(value: string): string {
  return `'${value.replaceAll("'", `'"'"'`)}'`;
}

/** Names, values, and what they would be if nobody set them (null: they can't be set). */
function settings(
  host: Host,
  version: string,
  goroot: { readonly folder: string; readonly version: string },
): [string, string, string | null][] {
  const cwd = host.cwd();
  const mod = findUpwards(host, cwd, "go.mod");
  const work = findWorkFile(host, cwd);
  const plain = (name: string): [string, string, string | null] => [name, setting(host, name), defaultSetting(host, name)];
  const list: [string, string, string | null][] = [
    ["CGO_ENABLED", "0", null],
    ["GO3SCACHE", storeFolder(host) || "off", null],
    ["GO3SVERSION", version, null],
    plain("GO111MODULE"),
    ["GOARCH", goarch(host), defaultArchitecture(host.machine())],
    ["GOAUTH", host.env("GOAUTH") || "netrc", "netrc"],
    plain("GOBIN"),
    plain("GODEBUG"),
    ["GOENV", host.env("GOENV") || settingsFile(host), settingsFile(host)],
    plain("GOEXPERIMENT"),
    ["GOFIPS140", host.env("GOFIPS140") || "off", "off"],
    plain("GOFLAGS"),
    ["GOHOSTARCH", goarch(host), null],
    ["GOHOSTOS", "linux", null],
    plain("GOINSECURE"),
    ["GOMOD", mod === "" ? "/dev/null" : joinPath(mod, "go.mod"), null],
    plain("GOMODCACHE"),
    plain("GONOPROXY"),
    plain("GONOSUMDB"),
    ["GOOS", host.env("GOOS") || "linux", "linux"],
    plain("GOPATH"),
    plain("GOPRIVATE"),
    plain("GOPROXY"),
    ["GOROOT", goroot.folder, null],
    plain("GOSUMDB"),
    plain("GOTMPDIR"),
    ["GOTOOLCHAIN", "local", null],
    plain("GOVCS"),
    ["GOVERSION", treeVersion(host, goroot.folder).split(" ")[0] as string, null],
    ["GOWORK", (host.env("GOWORK") ?? "") === "off" ? "off" : work, null],
  ];
  return list;
}

function read(host: Host): { path: string; lines: Map<string, string> } {
  const path = settingsFile(host);
  if (path === "") throw new CommandError("go: GOENV=off: there is no file to keep settings in", 1);
  try {
    return { path, lines: parseSettings(new TextDecoder().decode(host.readFile(path))) };
  } catch (e) {
    if (e instanceof HostError) return { path, lines: new Map() };
    throw e;
  }
}

function save(host: Host, path: string, lines: ReadonlyMap<string, string>): number {
  const text = [...lines]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, value]) => `${name}=${value}\n`)
    .join("");
  try {
    host.makeFolder(parentFolder(path));
    host.writeFile(path, text, 0o644);
  } catch (e) {
    if (e instanceof HostError) throw new CommandError(`go: writing go env config: open ${path}: ${e.reason}`, 1);
    throw e;
  }
  return 0;
}

function checkName(name: string): void {
  if (unsettable.includes(name)) throw new CommandError(`go: ${name} cannot be modified`, 1);
  if (!kept.includes(name)) throw new CommandError(`go: unknown go command variable ${name}`, 1);
}

function write(host: Host, args: readonly string[]): number {
  if (args.length === 0) throw new CommandError("go: no KEY=VALUE arguments given", 1);
  const { path, lines } = read(host);
  for (const arg of args) {
    const equals = arg.indexOf("=");
    if (equals < 0) throw new CommandError(`go: arguments must be KEY=VALUE: invalid argument: ${arg}`, 1);
    const name = arg.slice(0, equals);
    const value = arg.slice(equals + 1);
    checkName(name);
    if (/[\0\n\r]/.test(value)) throw new CommandError(`go: invalid value for ${name}: ${JSON.stringify(value)}`, 1);
    if (
      ["GOPATH", "GOBIN", "GOMODCACHE", "GOCACHE", "GOTMPDIR"].includes(name) &&
      value !== "" &&
      !value.startsWith("/") &&
      !(name === "GOCACHE" && value === "off")
    ) {
      if (value.startsWith("~"))
        throw new CommandError(`go: ${name} entry cannot start with shell metacharacter '~': ${JSON.stringify(value)}`, 1);
      throw new CommandError(`go: ${name} entry is relative; must be absolute path: ${JSON.stringify(value)}`, 1);
    }
    if (name === "GOFLAGS" && typeof splitQuoted(value) === "string")
      throw new CommandError(`go: invalid GOFLAGS: ${splitQuoted(value) as string}`, 1);
    if (host.env(name) && !lines.has(name))
      host.stderr(`warning: go env -w ${name}=... does not override conflicting OS environment variable\n`);
    lines.set(name, value);
  }
  return save(host, path, lines);
}

function unset(host: Host, args: readonly string[]): number {
  if (args.length === 0) throw new CommandError("go: 'go env -u' requires an argument", 1);
  const { path, lines } = read(host);
  for (const name of args) {
    checkName(name);
    lines.delete(name);
  }
  return save(host, path, lines);
}
