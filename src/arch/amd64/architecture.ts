// amd64 for the driver.

import type { Architecture } from "../architecture.ts";
import { amd64Assembler } from "./asm.ts";
import { amd64 } from "./index.ts";
import { amd64Link } from "./reloc.ts";

export const amd64Architecture: Architecture = {
  name: "amd64",
  machines: ["x64", "x86_64"],
  tags: ["amd64.v1", "goexperiment.regabiwrappers", "goexperiment.regabiargs"],
  asmDefines: ["GOAMD64_v1"],
  entry: "_rt0_amd64_linux",
  target: amd64,
  link: amd64Link,
  newAssembler: amd64Assembler,
};
