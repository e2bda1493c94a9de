// The FIPS 140-3 module of the standard library: the packages below one folder. A program can check their code and data when it starts
// (the linker keeps both together and writes down their hash, src/link/integrity.ts), and they can come from a frozen snapshot.

/** The import path of the module's root package. */
export const fipsModule = "crypto/internal/fips140";

/** Whether an import path is one of the module's. */
export function isFipsPackage(path: string): boolean {
  return path.startsWith(fipsModule) && (path.length === fipsModule.length || path[fipsModule.length] === "/") && !path.endsWith("_test");
}

/** Whether a symbol belongs to the module. External tests of its packages do not. */
export function isFipsSymbol(name: string): boolean {
  if (!name.startsWith(fipsModule)) return false;
  const next = name[fipsModule.length];
  if (next === ".") return true;
  if (next !== "/") return false;
  // The package's path ends at the first dot behind the last slash that no type argument or receiver holds.
  const bracket = name.search(/[[(]/);
  const head = bracket < 0 ? name : name.slice(0, bracket);
  return isFipsPackage(head.slice(0, head.indexOf(".", head.lastIndexOf("/"))));
}
