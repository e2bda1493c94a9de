// The program: the compiler on Node.

import { main } from "./cmd/main.ts";
import { tuneEngine } from "./host/engine.ts";
import { NodeHost } from "./host/node.ts";

tuneEngine();
process.exitCode = main(new NodeHost(process.argv.slice(2)));
