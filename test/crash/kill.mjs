// Preloaded (node --import) into a go3s that is to die: ends the process with SIGKILL at the change number GO3S_KILL that it makes to the file system, with a write
// half done. Without GO3S_KILL it counts: the number of changes goes to the file GO3S_KILL_COUNT.

import fs from "node:fs";
import { syncBuiltinESMExports } from "node:module";
import { isMainThread } from "node:worker_threads";

const fatal = Number(process.env.GO3S_KILL ?? "0");
const { writeFileSync } = fs;
let count = 0;
for (const name of ["writeFileSync", "renameSync", "mkdirSync", "mkdtempSync", "chmodSync", "rmSync", "utimesSync"]) {
  const original = fs[name];
  fs[name] = (...args) => {
    if (++count === fatal) {
      if (name === "writeFileSync") writeFileSync(args[0], args[1].slice(0, args[1].length / 2), args[2]);
      process.kill(process.pid, "SIGKILL");
    }
    return original(...args);
  };
}
syncBuiltinESMExports();
if (isMainThread && process.env.GO3S_KILL_COUNT !== undefined) {
  process.on("exit", () => writeFileSync(process.env.GO3S_KILL_COUNT, String(count)));
}
