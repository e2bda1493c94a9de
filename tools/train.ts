// Makes the file with V8's bytecode of the compiler (src/host/script.ts): runs a build of a program, and the same again with
// what the first kept, so that V8 has compiled what builds run, and keeps that.
//   node train.js DIST URL OUTPUT ARGUMENT...    from tools/build.mjs: the folder of the bundle, the script that starts it, the file to write, the command line
import { writeFileSync } from "node:fs";
import { CompilerScript } from "../src/host/script.ts";

const [folder, url, output, ...args] = process.argv.slice(2) as [string, string, string, ...string[]];
const script = new CompilerScript(folder);
const compiler = script.load(url);
const status = compiler.main(args);
if (status === 0) compiler.main(args);
// Without a Go tree there is nothing to build; what has been compiled up to there is still worth keeping.
if (status !== 0) console.error(`the compiler's own code is not warmed up: status ${status}`);
writeFileSync(output, script.cacheFile());
