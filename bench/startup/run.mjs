// How long the hello example takes from spawn to exit, beside a hand-written static executable that only exits: the kernel's floor.
// Minimum and median of many runs of each, taken in turns.
//   node bench/startup/run.mjs [binary...]
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A static ELF of one page whose code is exit(0). */
function floorElf() {
  const code = Buffer.from([0x31, 0xff, 0xb8, 60, 0, 0, 0, 0x0f, 0x05]);
  const elf = Buffer.alloc(120 + code.length);
  elf.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1]);
  elf.writeUInt16LE(2, 16);
  elf.writeUInt16LE(62, 18);
  elf.writeUInt32LE(1, 20);
  elf.writeBigUInt64LE(0x400078n, 24);
  elf.writeBigUInt64LE(64n, 32);
  elf.writeUInt16LE(64, 52);
  elf.writeUInt16LE(56, 54);
  elf.writeUInt16LE(1, 56);
  elf.writeUInt32LE(1, 64);
  elf.writeUInt32LE(5, 68);
  elf.writeBigUInt64LE(0x400000n, 80);
  elf.writeBigUInt64LE(0x400000n, 88);
  elf.writeBigUInt64LE(BigInt(elf.length), 96);
  elf.writeBigUInt64LE(BigInt(elf.length), 104);
  elf.writeBigUInt64LE(4096n, 112);
  elf.set(code, 120);
  return elf;
}

// The loop runs in a small C-like helper where there is a compiler; from Node each spawn costs a constant on top.
const spawner = `
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include <fcntl.h>
extern char **environ;
static int compare(const void *a, const void *b) { double x = *(double *)a, y = *(double *)b; return x < y ? -1 : x > y; }
int main(int argc, char **argv) {
  int runs = 300, n = argc - 1;
  double *times = malloc(sizeof(double) * runs * n);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  for (int r = 0; r < runs; r++) for (int i = 0; i < n; i++) {
    struct timespec a, b; pid_t pid; int status; char *args[] = {argv[i + 1], 0};
    clock_gettime(CLOCK_MONOTONIC, &a);
    if (posix_spawn(&pid, argv[i + 1], &actions, 0, args, environ)) return 1;
    waitpid(pid, &status, 0);
    clock_gettime(CLOCK_MONOTONIC, &b);
    times[i * runs + r] = (b.tv_sec - a.tv_sec) * 1e6 + (b.tv_nsec - a.tv_nsec) / 1e3;
  }
  for (int i = 0; i < n; i++) {
    qsort(times + i * runs, runs, sizeof(double), compare);
    printf("%8.0f us min %8.0f us median  %s\\n", times[i * runs], times[i * runs + runs / 2], argv[i + 1]);
  }
}`;

const temp = mkdtempSync(join(tmpdir(), "go3s-startup-"));
try {
  const floor = join(temp, "floor");
  writeFileSync(floor, floorElf(), { mode: 0o755 });
  const binaries = process.argv.slice(2);
  if (binaries.length === 0) {
    const hello = join(temp, "hello");
    const built = spawnSync(process.execPath, ["bin/go3s", "build", "-o", hello, "./examples/hello"], { stdio: "inherit" });
    if (built.status !== 0) process.exit(1);
    binaries.push(hello);
  }
  writeFileSync(join(temp, "spawn.c"), spawner);
  const compiled = spawnSync("cc", ["-O2", "-o", join(temp, "spawn"), join(temp, "spawn.c")], { stdio: "inherit" });
  if (compiled.status !== 0) {
    console.error("bench/startup needs a C compiler for its spawn-and-wait loop");
    process.exit(1);
  }
  spawnSync(join(temp, "spawn"), [floor, ...binaries], { stdio: "inherit" });
} finally {
  rmSync(temp, { recursive: true, force: true });
}
