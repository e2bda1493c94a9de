// How the JavaScript engine is set up for a compiler. A build runs much code a few times. With V8's usual budget it optimises many functions that are not worth it, on
// threads of its own: where other work waits for the processor, that is lost. The threads of the compiler have code and budget of their own, so there is more of it.
//
// Processor time of the compiler's thread and of the whole process in cold builds with one more thread, by budget; on two cores, a build takes no less than the first and
// than half of the second:
//   examples/hello  67,584: 4.9 and 15.3 s   200,000: 5.3 and 12.5 s   400,000: 5.4 and 10.4 s   800,000: 5.2 and 8.8 s
//   examples/https                           200,000: 14.5 and 33.4 s  400,000: 16.2 and 31.3 s  800,000: 17.2 and 31.0 s  1,600,000: 19.2 and 31.4 s

import { setFlagsFromString } from "node:v8";

/** To be called before the compiler's code gets to V8, which takes bytecode made under other flags for foreign. So the flags are always the same. */
export function tuneEngine(): void {
  // Bytecode stays: what is thrown away between two uses costs more than its memory.
  setFlagsFromString("--no-flush-bytecode");
  setFlagsFromString("--interrupt-budget=400000");
}
