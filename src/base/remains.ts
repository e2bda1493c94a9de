// What processes leave behind that are killed while they write: files and folders are made beside their place, under the place's name with a word of the host's
// (Host.unique) and ".tmp" behind it, and renamed. Who comes to the same place next removes what was never renamed.

import { type Host, HostError } from "./host.ts";
import { baseName, joinPath, parentFolder } from "./paths.ts";

const form = /\.(\d+)-\d+-\d+\.tmp$/;
/** Processes of other machines, and of containers with the same folder, can't be seen; what they write is younger than this. */
const certain = 1000;

/** Removes what dead processes left beside a file or folder that is about to be written. */
export function removeRemains(host: Host, path: string): void {
  const place = host.stat(path).kind === "file" ? host.realPath(path) : path;
  removeFrom(host, parentFolder(place), `${baseName(place)}.`);
}

/** As `removeRemains`, for everything in a folder. */
export function removeAllRemains(host: Host, folder: string): void {
  removeFrom(host, folder, "");
}

function removeFrom(host: Host, folder: string, start: string): void {
  let names: string[];
  try {
    names = host.readFolder(folder);
  } catch (e) {
    if (e instanceof HostError) return;
    throw e;
  }
  for (const name of names) {
    if (!name.startsWith(start)) continue;
    const process = form.exec(start === "" ? name : name.slice(start.length - 1));
    if (process === null || (start !== "" && process.index !== 0)) continue;
    const path = joinPath(folder, name);
    if (host.stat(`/proc/${process[1]}`).kind !== "missing" || host.time() - host.stat(path).modified < certain) continue;
    try {
      removeTree(host, path);
    } catch (e) {
      // It is somebody else's, or gone.
      if (!(e instanceof HostError)) throw e;
    }
  }
}

/** Removes a file, or a folder with read-only ones in it. */
export function removeTree(host: Host, path: string): void {
  if (host.stat(path).kind === "folder") makeWritable(host, path);
  host.remove(path);
}

/** Gives the owner the right to change all folders below one. */
export function makeWritable(host: Host, folder: string): void {
  host.setMode(folder, 0o755);
  for (const name of host.readFolder(folder)) {
    const path = joinPath(folder, name);
    if (host.stat(path).kind === "folder") makeWritable(host, path);
  }
}
