// A command that can't be done as it was given: lines for stderr and an exit status.

export class CommandError extends Error {
  readonly status: number;

  constructor(message: string, status: number) {
    super(message);
    this.status = status;
  }
}
