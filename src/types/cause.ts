// Where a test leaves the reason for its answer.

/** Passed by callers who want to know why; null by those who don't. */
export interface Cause {
  s: string;
}
