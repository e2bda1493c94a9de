// Lists of words inside one flag or environment variable, as the go command splits them.

/** Splits at blanks; a word in single or double quotes is taken as it is. A string says what is wrong. */
export function splitQuoted(text: string): string[] | string {
  const out: string[] = [];
  let rest = text.replace(/^[ \t\n\r]+/, "");
  while (rest !== "") {
    const quote = rest[0] as string;
    if (quote === '"' || quote === "'") {
      const end = rest.indexOf(quote, 1);
      if (end < 0) return `unterminated ${quote} string`;
      out.push(rest.slice(1, end));
      rest = rest.slice(end + 1);
    } else {
      const end = rest.search(/[ \t\n\r]/);
      out.push(end < 0 ? rest : rest.slice(0, end));
      rest = end < 0 ? "" : rest.slice(end);
    }
    rest = rest.replace(/^[ \t\n\r]+/, "");
  }
  return out;
}
