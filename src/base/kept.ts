// A memory of limited size.

/** Byte strings by key, as many as a limit allows: when they are more, those that were not asked for lately go. */
export class Kept {
  private young = new Map<string, Uint8Array>();
  private old = new Map<string, Uint8Array>();
  private size = 0;
  private readonly limit: number;

  /** `limit`: bytes, roughly. */
  constructor(limit: number) {
    this.limit = limit;
  }

  get(key: string): Uint8Array | undefined {
    const young = this.young.get(key);
    if (young !== undefined) return young;
    const old = this.old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  get isEmpty(): boolean {
    return this.young.size === 0 && this.old.size === 0;
  }

  set(key: string, data: Uint8Array): void {
    this.young.set(key, data);
    this.size += data.length;
    if (this.size < this.limit / 2) return;
    this.old = this.young;
    this.young = new Map();
    this.size = 0;
  }
}
