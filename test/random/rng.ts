// Random numbers that are the same for a seed on every machine.

export class Rng {
  private state: number;

  constructor(seed: number) {
    this.state = (Math.imul(seed, 0x9e3779b1) ^ 0x5bd1e995) >>> 0;
    for (let i = 0; i < 4; i++) this.next();
  }

  private next(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return (t ^ (t >>> 14)) >>> 0;
  }

  /** A number from 0 to n-1. */
  below(n: number): number {
    return this.next() % n;
  }

  /** A number from a to b, both included. */
  between(a: number, b: number): number {
    return a + this.below(b - a + 1);
  }

  /** True in `percent` of a hundred cases. */
  chance(percent: number): boolean {
    return this.below(100) < percent;
  }

  pick<X>(list: readonly X[]): X {
    return list[this.below(list.length)] as X;
  }

  /** A choice among [weight, value] pairs. */
  weighted<X>(list: readonly (readonly [number, X])[]): X {
    let total = 0;
    for (const [w] of list) total += w;
    let n = this.below(total);
    for (const [w, x] of list) {
      if (n < w) return x;
      n -= w;
    }
    throw new Error("no choice");
  }

  bits(): bigint {
    return (BigInt(this.next()) << 32n) | BigInt(this.next());
  }

  shuffle<X>(list: readonly X[]): X[] {
    const out = [...list];
    for (let i = out.length - 1; i > 0; i--) {
      const j = this.below(i + 1);
      const t = out[i] as X;
      out[i] = out[j] as X;
      out[j] = t;
    }
    return out;
  }
}
