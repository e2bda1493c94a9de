// What a long build is doing, for people who wait for it. Builds that are over soon show nothing.

import type { Host } from "../base/host.ts";

/** Milliseconds that pass before there is something to see, and between two changes of it. */
const patience = 500;
const interval = 100;

export class Progress {
  private readonly host: Host;
  private next: number;

  constructor(host: Host) {
    this.host = host;
    this.next = host.isTerminal("stderr") ? host.now() + patience : Number.POSITIVE_INFINITY;
  }

  /** Shows how far the build is, now and then: `compiling 12 of 300 functions`; without `total`, just the number. May be called often. */
  say(doing: string, count: number, total: number, what: string): void {
    const now = this.host.now();
    if (now < this.next) return;
    this.next = now + interval;
    this.host.showStatus(`${doing} ${count}${total > 0 ? ` of ${total}` : ""} ${what}`);
  }

  /** Takes away what is shown. */
  end(): void {
    this.host.showStatus("");
  }
}
