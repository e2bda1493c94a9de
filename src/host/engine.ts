// How the JavaScript engine is set up for a compiler. A build runs much code a few times. With V8's usual budget it optimises many functions that are not worth it, on
// threads of its own: where other work waits for the processor, that is lost; where a core has nothing else to do, it is gain.
//
// A cold build of examples/hello on a busy machine, processor time of the compiler's thread and of the whole process: usual budget (67,584) 6.2 and 15.1 s;
// 200,000 6.4 and 12.1 s; 800,000 8.1 and 10.7 s; 3,000,000 10.0 and 11.3 s.

import { availableParallelism, loadavg } from "node:os";
import { setFlagsFromString } from "node:v8";

/** The budget where optimising has a core of its own, and where it has none. */
const eager = 200_000;
const sparing = 800_000;

/** To be called before the compiler's code runs. */
export function tuneEngine(): void {
  const free = availableParallelism() - (loadavg()[0] as number);
  setFlagsFromString("--sparkplug");
  setFlagsFromString(`--interrupt-budget=${free >= 1 ? eager : sparing}`);
}
