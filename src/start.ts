// The program: gives the compiler to Node, and the command line to the compiler. Its threads begin here, too.

import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import { CompilerScript } from "./host/script.ts";

const compiler = new CompilerScript(dirname(fileURLToPath(import.meta.url))).load(import.meta.url);
process.exitCode = compiler.main(process.argv.slice(2));
