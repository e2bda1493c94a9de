// The //go:cgo_ directives: they mean nothing without cgo, but wrong ones are errors.

/** What the arguments after the verb may be: a word, or a string in double quotes; each list is one allowed form. */
const forms: Readonly<Record<string, { readonly usage: string; readonly allowed: readonly string[] }>> = {
  "go:cgo_export_static": { usage: "local [remote]", allowed: ["w", "ww"] },
  "go:cgo_export_dynamic": { usage: "local [remote]", allowed: ["w", "ww"] },
  "go:cgo_import_dynamic": { usage: 'local [remote ["library"]]', allowed: ["w", "ww", "wwq"] },
  "go:cgo_import_static": { usage: "local", allowed: ["w"] },
  "go:cgo_dynamic_linker": { usage: '"path"', allowed: ["q"] },
  "go:cgo_ldflag": { usage: '"arg"', allowed: ["q"] },
};

/** What is wrong with the arguments of a directive (`text` starts with the verb), or "". */
export function cgoUsageError(text: string): string {
  const fields = text.match(/"[^"]*"|[^\s"]+/g) ?? [];
  const verb = fields[0] ?? "";
  const form = forms[verb];
  if (form === undefined) return "";
  const given = fields
    .slice(1)
    .map((f) => (f.startsWith('"') ? "q" : "w"))
    .join("");
  return form.allowed.includes(given) ? "" : `usage: //${verb} ${form.usage}`;
}
