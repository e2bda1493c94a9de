// Makes the program of a worker thread a string, so that it is part of whatever bundle starts the worker.
import * as esbuild from "esbuild";

export default async function (inputs) {
  const built = await esbuild.build({
    entryPoints: inputs,
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "node20",
    minifySyntax: true,
    logLevel: "warning",
  });
  return `// Made by tools/gen-worker.mjs.\nexport const program = ${JSON.stringify(built.outputFiles[0].text)};\n`;
}
