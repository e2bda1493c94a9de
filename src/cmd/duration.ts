// Durations as Go's package time writes them: "1m30s", "1.5h", "100ms".

const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** The milliseconds of a duration, or null if it is none. */
export function milliseconds(text: string): number | null {
  const m = /^([+-]?)(0|(?:(?:\d+\.?\d*|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+)$/.exec(text);
  if (m === null) return null;
  let total = 0;
  for (const part of (m[2] as string).matchAll(/([\d.]+)([a-zµμ]+)/g)) total += Number(part[1]) * (units[part[2] as string] as number);
  return m[1] === "-" ? -total : total;
}

/** A duration of whole seconds, in words of Go. */
export function durationText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  return `${h > 0 ? `${h}h` : ""}${h + m > 0 ? `${m}m` : ""}${s}s`;
}
