// vendor/modules.txt: which modules a vendor folder holds.

/** A module of vendor/modules.txt with the packages that are there. */
export interface VendoredModule {
  readonly path: string;
  readonly version: string;
  goVersion: string;
  /** go.mod requires it, or replaces it. */
  explicit: boolean;
  /** "path@version" or a folder, "" if it is not replaced. */
  readonly replacement: string;
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
        replacement: replacementText(parts),
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

function replacementText(parts: readonly string[]): string {
  const arrow = parts.indexOf("=>");
  if (arrow < 0) return "";
  const version = parts[arrow + 2] ?? "";
  return `${parts[arrow + 1] ?? ""}${version === "" ? "" : `@${version}`}`;
}
