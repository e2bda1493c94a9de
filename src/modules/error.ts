// What goes wrong with packages and modules.

/** Packages can't be loaded. The lines are what the go command prints; the exit status is 1. */
export class LoadError extends Error {
  readonly lines: readonly string[];

  constructor(lines: readonly string[]) {
    super(lines.join("\n"));
    this.lines = lines;
  }
}

/** A module can't be had: one message, to which callers add what they wanted it for. */
export class ModuleError extends Error {
  /** There is no such module or version, as opposed to: it could not be fetched. */
  readonly absent: boolean;

  constructor(message: string, absent = false) {
    super(message);
    this.absent = absent;
  }
}

/** Settings keep a module from being asked for anywhere. */
export class LookupDisabled extends ModuleError {}

/** A query for a version that can be none, or for which a proxy had no answer. */
export class InvalidVersion extends ModuleError {}
