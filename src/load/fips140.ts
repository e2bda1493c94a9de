// Frozen snapshots of the FIPS 140-3 module (GOFIPS140): archives in lib/fips140 of the Go tree whose packages take the place of
// those below crypto/internal/fips140. As the go command does, a snapshot is unpacked into the module cache once, and its packages have
// its version in their import paths.

import { fipsModule } from "../base/fips140.ts";
import { type Host, HostError } from "../base/host.ts";
import { LoadError } from "./package.ts";
import { below, isBelow, joinPath } from "../base/paths.ts";
import { removeRemains } from "../base/remains.ts";
import { readZip, ZipError } from "../modules/zip.ts";

/** What GOFIPS140 asks for. */
export interface FipsSetting {
  /** "off", "latest" (the tree's own packages) or the version of a snapshot. */
  readonly version: string;
  /** The build tags of a snapshot. */
  readonly tags: readonly string[];
}

const archiveLimit = 256 << 20;

/** Works out what a value of GOFIPS140 means. Throws LoadError. */
export function fipsSetting(host: Host, goroot: string, value: string, tags: readonly string[]): FipsSetting {
  if (value === "" || value === "off") return { version: "off", tags: [] };
  if (tags.includes("purego")) throw new LoadError(["go: cannot use GOFIPS140 with the purego build tag"]);
  if (value === "latest") return { version: "latest", tags: [] };
  if (!/^(inprocess|certified|v1\.\d+\.\d+(-rc\d+|-.{8})?)$/.test(value)) {
    throw new LoadError(["go: invalid GOFIPS140: must be off, latest, inprocess, certified, or v1.Y.Z"]);
  }
  const folder = joinPath(goroot, "lib/fips140");
  const alias = joinPath(folder, `${value}.txt`);
  const version = host.stat(alias).kind === "file" ? new TextDecoder().decode(host.readFile(alias)).trim() : value;
  if (host.stat(joinPath(folder, `${version}.zip`)).kind !== "file") {
    const from = version === value ? "" : ` (from ${JSON.stringify(value)})`;
    throw new LoadError([`go: unknown GOFIPS140 version ${JSON.stringify(version)}${from}`]);
  }
  return { version, tags: [`fips140${/^v\d+\.\d+/.exec(version)?.[0] ?? ""}`] };
}

/** The import path by which a build knows a package of the module. */
export function fipsPath(path: string, version: string): string {
  const own = `${fipsModule}/${version}`;
  const rest = below(path, isBelow(path, own) ? own : fipsModule);
  return rest === "" ? own : `${own}/${rest}`;
}

/** The folder that stands for crypto/internal/fips140 where a snapshot is used; unpacks it if need be. Throws LoadError. */
export function fipsFolder(host: Host, goroot: string, cache: string, version: string): string {
  const root = `golang.org/fips140@${version}`;
  const target = joinPath(cache, root);
  if (host.stat(target).kind !== "folder") {
    const failed = (why: string): LoadError => new LoadError([`go: unpacking GOFIPS140=${version}: ${why}`]);
    // Unpacked beside its place and moved there, so that nobody ever sees a part of it.
    removeRemains(host, target);
    const beside = `${target}.${host.unique()}.tmp`;
    try {
      for (const entry of readZip(host, host.readFile(joinPath(goroot, "lib/fips140", `${version}.zip`)), archiveLimit)) {
        if (!isBelow(entry.name, root)) throw failed(`${entry.name} is not below ${root}`);
        const path = joinPath(beside, below(entry.name, root));
        host.makeFolder(path.slice(0, path.lastIndexOf("/")));
        host.writeFile(path, entry.read(), 0o444);
      }
      if (host.stat(target).kind !== "folder") host.rename(beside, target);
    } catch (e) {
      if (e instanceof ZipError || e instanceof HostError) throw failed(e.message);
      throw e;
    } finally {
      host.remove(beside);
    }
  }
  return joinPath(target, "fips140");
}
