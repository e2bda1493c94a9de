// "Did you mean": the word that somebody probably wanted to write.

/** The most similar of some words, "" if none is similar enough. */
export function nearest(word: string, words: readonly string[]): string {
  let best = "";
  let least = Math.floor(word.length / 3) + 1;
  for (const w of words) {
    const d = distance(word, w);
    if (d < least) {
      least = d;
      best = w;
    }
  }
  return best;
}

/** How many letters have to be added, left out, changed or swapped with their neighbour. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let d = Math.min((last[j] as number) + 1, (row[j - 1] as number) + 1, (last[j - 1] as number) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, (before[j - 2] as number) + 1);
      row.push(d);
    }
    before = last;
    last = row;
  }
  return last[b.length] as number;
}
