// go3s install, and packages of modules at a version (path@version) for install and run: those are built as if there were no main module, with what the
// module itself requires.

import type { Host } from "../base/host.ts";
import { joinPath } from "../base/paths.ts";
import { findGoroot } from "../load/goroot.ts";
import { asLoadError } from "../load/imports.ts";
import { openModules } from "../load/load.ts";
import { LoadError } from "../load/package.ts";
import { ModuleError } from "../modules/error.ts";
import { findUpwards, findWorkFile } from "../modules/mains.ts";
import { ModFile } from "../modules/modfile.ts";
import { type ModuleVersion, moduleText } from "../modules/names.ts";
import { Queries } from "../modules/query.ts";
import { setting } from "../modules/settings.ts";
import type { BuildRequest } from "../driver/build.ts";
import { runBuild, writeImage } from "./build.ts";
import { buildFlags, buildRequest, commandFlags } from "./buildflags.ts";
import { CommandError } from "./errors.ts";

/** The exit status. Throws CommandError and LoadError. */
export function installCommand(machine: Host, words: readonly string[]): number {
  const flags = commandFlags(machine, "install", words, buildFlags);
  const { host } = flags;
  const args = flags.rest;
  const versioned = args.some((a) => a.includes("@") && !a.startsWith(".") && !a.startsWith("/"));
  if (!versioned && findUpwards(host, host.cwd(), "go.mod") === "" && findWorkFile(host, host.cwd()) === "") {
    const path = args.find((a) => !a.startsWith(".") && !a.startsWith("/") && (a.split("/")[0] as string).includes("."));
    if (path !== undefined) {
      throw new CommandError(
        `go: 'go install' requires a version when current directory is not in a module\n\tTry 'go install ${path}@latest' to install the latest version`,
        1,
      );
    }
  }
  const request = versioned ? versionedRequest(host, buildRequest(host, flags, args), "install") : buildRequest(host, flags, args);
  const folder = setting(host, "GOBIN") || joinPath(setting(host, "GOPATH").split(":")[0] as string, "bin");
  if (!folder.startsWith("/")) throw new CommandError("go: cannot install, GOBIN must be an absolute path", 1);
  const { status, images, packages } = runBuild(host, flags, request);
  if (status !== 0) return status;
  if (versioned && images.length < packages.length) {
    const path = request.args.find((a) => packages.includes(a)) ?? packages[0];
    throw new CommandError(`package ${path} is not a main package`, 1);
  }
  for (const image of images) writeImage(host, joinPath(folder, image.name), image.bytes, true);
  return 0;
}

/** A request for packages at a version: all in one module. Throws CommandError and LoadError. */
export function versionedRequest(host: Host, request: BuildRequest, command: string): BuildRequest {
  const paths: string[] = [];
  let version = "";
  for (const arg of request.args) {
    const at = arg.indexOf("@");
    if (at < 0)
      throw new CommandError(`go: ${arg}: all arguments must refer to packages in the same module at the same version (@${version})`, 1);
    const own = arg.slice(at + 1);
    const path = arg.slice(0, at);
    if (own === "") throw new CommandError(`go: ${arg}: version must not be empty`, 1);
    if (path.startsWith(".") || path.startsWith("/"))
      throw new CommandError(`go: ${arg}: argument must be a package path, not a relative path`, 1);
    if (path.includes("...")) throw new CommandError(`go3s: ${arg}: patterns with a version are not supported; name the packages`, 1);
    if (!(path.split("/")[0] as string).includes("."))
      throw new CommandError(`go: ${arg}: argument must not be a package in the standard library`, 1);
    if (version !== "" && own !== version)
      throw new CommandError(`go: ${arg}: all arguments must refer to packages in the same module at the same version (@${version})`, 1);
    version = own;
    paths.push(path);
  }
  if (request.modules.mod === "vendor") throw new CommandError(`go: -mod=vendor can't be used with package@version arguments`, 1);
  const goroot = findGoroot(host);
  const outside = openModules(host, goroot, "/", { ...request.modules, mod: "", modFile: "", outside: [] });
  const queries = new Queries(outside);
  const m = asLoadError((): ModuleVersion => {
    const found = search(
      () => queries.package(paths[0] as string, version, () => "", queries.allowedFor(version)),
      request.args[0] as string,
    );
    checkModule(outside.cache.goMod(found), found, command);
    const deprecated = queries.deprecation(found);
    if (deprecated !== "") host.stderr(`go: module ${found.path} is deprecated: ${deprecated}\n`);
    const retracted = queries.retraction(found);
    if (retracted !== "")
      host.stderr(
        `go: warning: ${moduleText(found)}: ${retracted}\ngo: to switch to the latest unretracted version, run:\n\tgo install ${paths[0]}@latest\n`,
      );
    return found;
  });
  return { ...request, args: paths, modules: { ...request.modules, mod: "", modFile: "", outside: [m] } };
}

/** Says what was asked for, if it can't be had. */
function search<T>(action: () => T, arg: string): T {
  try {
    return action();
  } catch (e) {
    if (e instanceof ModuleError) throw new ModuleError(`${arg}: ${e.message}`, e.absent);
    throw e;
  }
}

/** A module that replaces others is meant to be a main module: it would be built of other parts here. */
function checkModule(text: Uint8Array, m: ModuleVersion, command: string): void {
  const file = ModFile.parse(new TextDecoder().decode(text), "go.mod", "go.mod");
  const verb = file.replaces.length > 0 ? "replace" : file.excludes.length > 0 ? "exclude" : "";
  if (verb === "") return;
  throw new LoadError([
    `go: ${moduleText(m)} (in ${moduleText(m)}): the go.mod file for the module providing named packages contains one or\n` +
      `\tmore ${verb} directives. It must not contain directives that would cause\n` +
      `\tit to be interpreted differently than if it were the main module (go ${command} path@version).`,
  ]);
}
