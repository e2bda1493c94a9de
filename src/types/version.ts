// Language versions. A version is a number, major * 1000 + minor; 0 stands for "none given", which allows everything.

import type { Checker } from "./checker.ts";

export type GoVersion = number;

/** The version that this checker implements. */
export const goCurrent: GoVersion = 1026;
export const go1_9: GoVersion = 1009;
export const go1_13: GoVersion = 1013;
export const go1_14: GoVersion = 1014;
export const go1_16: GoVersion = 1016;
export const go1_17: GoVersion = 1017;
export const go1_18: GoVersion = 1018;
export const go1_20: GoVersion = 1020;
export const go1_21: GoVersion = 1021;
export const go1_22: GoVersion = 1022;
export const go1_23: GoVersion = 1023;
export const go1_26: GoVersion = 1026;

/** Reads "go1.21", "go1.21.3", "go1.21rc2"; anything else is 0. */
export function parseVersion(text: string): GoVersion {
  const m = /^go(\d+)(?:\.(\d+)(?:\.\d+|(?:rc|beta|alpha)\d+)?)?(?:-.*)?$/.exec(text);
  if (m === null) return 0;
  return Number(m[1]) * 1000 + Number(m[2] ?? "0");
}

export function versionString(v: GoVersion): string {
  return v === 0 ? "" : `go${Math.floor(v / 1000)}.${v % 1000}`;
}

/** Whether language features of version `v` may be used where the checker is now. */
export function allowVersion(check: Checker, v: GoVersion): boolean {
  const have = check.env.version;
  return have === 0 || have >= v;
}
