// The texts of `go3s help`.

export const usage = `Go3s compiles Go programs to small, fully static Linux executables.

Usage:

	go3s <command> [arguments]

The commands are:

	build       compile packages and their dependencies
	env         print Go3s environment information
	help        print this text or that of a command
	run         compile and run a Go program
	version     print Go3s version

Use "go3s help <command>" for more information about a command.
`;

const shared = `	-C dir
		change to dir before anything else; must be the first flag
	-tags list
		comma-separated list of additional build tags
	-mod mode
		vendor, readonly or mod: dependencies from vendor/ or from the module cache
	-trimpath
		keep file system paths out of the executable
	-ldflags flags
		-s leaves out the symbol table and the lines of tracebacks; -X path.name=value sets a
		string variable; other flags of Go's linker are accepted
	-gcflags flags
		-e shows all errors; other flags of Go's compiler are accepted
	-asmflags flags
		accepted
	-buildmode mode
		exe and pie are the same: executables are position independent
	-v
		print the names of the packages that are not of the standard library
	-timings
		print how long each stage took

-a, -p, -pgo, -buildvcs and -modcacherw are accepted and mean nothing here. Flags in GOFLAGS count as if they came first.
`;

/** Usage line and text by command. */
export const commands: Readonly<Record<string, { readonly usage: string; readonly text: string }>> = {
  build: {
    usage: "go3s build [-o output] [build flags] [packages | files]",
    text: `Build compiles packages, named by folders, import paths, patterns (./..., std) or a list of
.go files; the current folder if none is given. Of one main package it writes a static
executable; of several packages, or one that is not main, it says only whether they compile.

	-o file
		write the executable to this file; all executables, if it is a folder

${shared}`,
  },
  run: {
    usage: "go3s run [build flags] package | files [arguments...]",
    text: `Run compiles a main package and runs it with the arguments.

${shared}`,
  },
  version: { usage: "go3s version", text: "Version prints the version of Go3s and of the Go tree.\n" },
  env: {
    usage: "go3s env [-json] [var ...]",
    text: `Env prints the environment that builds see: all variables, or the values of those named.
`,
  },
  help: { usage: "go3s help [command]", text: "Help prints what a command does.\n" },
};
