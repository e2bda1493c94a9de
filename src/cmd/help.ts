// The texts of `go3s help`.

export const usage = `Go3s compiles Go programs to small, fully static Linux executables.

Usage:

	go3s <command> [arguments]

The commands are:

	build       compile packages and their dependencies
	env         print Go3s environment information
	help        print this text or that of a command
	run         compile and run a Go program
	test        run the tests of packages
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

-a, -p, -pgo, -buildvcs and -modcacherw are accepted and mean nothing here. Flags in GOFLAGS count as if they came first. GOFIPS140 (latest, inprocess,
certified or a version) turns the FIPS 140-3 mode on by default and chooses the copy of its module.
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
  test: {
    usage: "go3s test [build/test flags] [packages] [build/test flags & test binary flags]",
    text: `Test builds the test programs of packages, named as for build, runs them in the folders of
their packages and prints a line for each package. Without packages, the tests in the current folder
are run, and all that they print is shown. Nothing is cached; programs are built and run one by one.

	-c
		build the test program (pkg.test) and don't run it
	-o file
		keep the test program under this name, or in this folder
	-json
		print events as JSON
	-v
		print all that tests print, and the names of all tests
	-run, -skip, -list, -bench regexp; -benchmem, -benchtime t, -count n, -cpu list, -failfast,
	-fullpath, -parallel n, -short, -shuffle mode, -timeout d and the flags for profiles
		are given to the test program
	-args
		the rest of the command line is the test program's

Fuzz targets run with their seeds. -vet is accepted: there is no vet.

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
