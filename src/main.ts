// The program: the compiler on Node.

import { main } from "./cmd/main.ts";
import { NodeHost } from "./host/node.ts";

process.exitCode = main(new NodeHost(process.argv.slice(2)));
