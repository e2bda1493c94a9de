// JSON as the go command prints it: indented by tabs, fields in the order of the record, those without a value left out, `<`, `>` and `&` escaped.

/** `undefined` fields are left out. */
export function goJson(value: unknown, indent = "\t"): string {
  const text = JSON.stringify(value, null, indent);
  const escapes: Record<string, string> = { "<": "\\u003c", ">": "\\u003e", "&": "\\u0026", "\u2028": "\\u2028", "\u2029": "\\u2029" };
  return text.replace(/[<>&\u2028\u2029]/g, (c) => escapes[c] as string);
}
