// Paths with slashes, as strings: the core has no Node to do this.

/** Joins and cleans. */
export function joinPath(...parts: string[]): string {
  return cleanPath(parts.filter((p) => p !== "").join("/"));
}

/** Without `.`, `..` (where possible), doubled and trailing slashes. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith("/");
  const out: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === ".." && out.length > 0 && out[out.length - 1] !== "..") out.pop();
    else if (part !== ".." || !rooted) out.push(part);
  }
  const joined = out.join("/");
  return rooted ? `/${joined}` : joined === "" ? "." : joined;
}

/** A path made absolute. */
export function absolute(cwd: string, path: string): string {
  return path.startsWith("/") ? cleanPath(path) : joinPath(cwd, path);
}

export function parentFolder(path: string): string {
  const slash = path.lastIndexOf("/");
  return slash < 0 ? "." : slash === 0 ? "/" : path.slice(0, slash);
}

export function baseName(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Whether a path is a folder or lies below it. Works for import paths as well. */
export function isBelow(path: string, folder: string): boolean {
  if (folder === "" || folder === "/") return true;
  return path === folder || (path.startsWith(folder) && path[folder.length] === "/");
}

/** The part of a path below a folder; "" for the folder itself. */
export function below(path: string, folder: string): string {
  return path === folder ? "" : path.slice(folder === "/" ? 1 : folder.length + 1);
}

/** How messages show a path: relative to the current folder where that is shorter. */
export function shortPath(cwd: string, path: string): string {
  if (!path.startsWith("/")) return path;
  const a = cwd.split("/");
  const b = path.split("/");
  let i = 0;
  while (i < a.length && i < b.length && a[i] === b[i]) i++;
  const relative = [
    ...a
      .slice(i)
      .filter((p) => p !== "")
      .map(() => ".."),
    ...b.slice(i),
  ].join("/");
  const shown = relative === "" ? "." : relative;
  return shown.length < path.length ? shown : path;
}

/** Those names that have one of some endings; all if there are none. */
export function withEndings(names: string[], endings: readonly string[]): string[] {
  return endings.length === 0 ? names : names.filter((name) => endings.some((e) => name.endsWith(e)));
}
