// Maps and sets of which most stay empty: the table is made when the first thing is put in.

export class LateMap<K, V> {
  private map: Map<K, V> | null = null;

  get(key: K): V | undefined {
    return this.map === null ? undefined : this.map.get(key);
  }

  has(key: K): boolean {
    return this.map?.has(key) === true;
  }

  set(key: K, value: V): void {
    this.map ??= new Map();
    this.map.set(key, value);
  }

  clear(): void {
    // An empty table is left alone: clearing makes a new one.
    if (this.map !== null && this.map.size > 0) this.map.clear();
  }
}

export class LateSet<T> {
  private set: Set<T> | null = null;

  has(value: T): boolean {
    return this.set?.has(value) === true;
  }

  add(value: T): void {
    this.set ??= new Set();
    this.set.add(value);
  }
}
