// The texts of `go3s help`.

export const usage = `Go3s compiles Go programs to small, fully static Linux executables.

Usage:

	go3s <command> [arguments]

The commands are:

	build       compile packages and their dependencies
	clean       remove executables, build cache, module cache
	env         print Go3s environment information
	get         add dependencies to the current module
	help        print this text or that of a command
	install     compile and install packages and dependencies
	list        list packages or modules
	mod         module maintenance
	run         compile and run a Go program
	test        run the tests of packages
	version     print Go3s version
	work        workspace maintenance

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
	-a
		build anew what is known from earlier builds
	-p n
		the number of threads that make machine code
	-overlay file
		a JSON object with Replace: {path: path}; the first stands for the second, or, if that is
		empty, for nothing
	-json
		report failures of packages as events in JSON, on stdout

-pgo is accepted and means nothing here. Flags in GOFLAGS count as if they came first. GOFIPS140 (latest, inprocess,
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
their packages and prints a line for each package; packages without tests are checked. Without
packages, the tests in the current folder are run, and all that they print is shown as it comes.
Nothing is cached; programs are built and run one by one.

	-c
		build the test program (pkg.test) and don't run it
	-o file
		keep the test program under this name, or in this folder
	-exec words
		run the test program by this command
	-json
		print events as JSON, as they happen
	-v
		print all that tests print, and the names of all tests
	-run, -skip, -list, -bench regexp; -benchmem, -benchtime t, -count n, -cpu list, -failfast,
	-fullpath, -parallel n, -short, -shuffle mode, -timeout d, -artifacts, -outputdir and the
	flags for profiles
		are given to the test program
	-fuzz regexp, -fuzztime t, -fuzzminimizetime t
		fuzz one target; the program's code is not instrumented, so nothing guides the search
	-args
		the rest of the command line is the test program's

Fuzz targets run with their seeds. There is no vet: -vet=off is accepted, other values of -vet are
not. Coverage (-cover, -coverprofile) and -race are not supported.

${shared}`,
  },
  get: {
    usage: "go3s get [-t] [-u] [-tool] [build flags] [packages]",
    text: `Get changes what the main module requires so that packages or modules come in the versions asked for
(path@version; @latest, @patch, @none, a branch or a range such as @<v1.5 work as well).

	-u, -u=patch
		also upgrade the modules of what the packages import
	-t
		consider what is needed for the tests of the packages, too
	-tool
		add (with @none remove) tool lines
`,
  },
  list: {
    usage: "go3s list [-f format] [-json] [-m] [list flags] [build flags] [packages]",
    text: `List prints packages, a line each, with their import paths; with -m modules.

	-f format
		a text template over the fields of a package or module, as the go command has them
	-json, -json=fields
		print the fields as JSON
	-deps
		also the packages that those named import, each behind its own imports
	-test
		also the packages of tests
	-e
		put what is wrong into the field Error instead of ending
	-find
		don't look at imports
	-m
		list modules: those named, or all with "all"; path@query asks proxies
	-u, -versions, -retracted
		with -m: also newer versions, all versions, retracted ones

-compiled and -export are absent: packages are not compiled one by one. The files of packages are
those of the Go tree, without what Go3s puts in their place; there is no cgo.
`,
  },
  mod: {
    usage: "go3s mod <command> [arguments]",
    text: `The commands about modules are

	download    download modules to the module cache
	edit        edit go.mod from tools or scripts
	graph       print module requirement graph
	init        initialize new module in current directory
	tidy        add missing and remove unused modules
	vendor      make vendored copy of dependencies
	verify      verify dependencies have expected content
	why         explain why packages or modules are needed

Use "go3s help mod <command>" for more information about a command.
`,
  },
  "mod download": {
    usage: "go3s mod download [-json] [modules]",
    text: `Download brings modules into the module cache: those named (path or path@version), or all that the
main module requires. -json prints where the files are, and their hashes.
`,
  },
  "mod edit": {
    usage: "go3s mod edit [editing flags] [-fmt|-print|-json] [go.mod]",
    text: `Edit changes go.mod without looking at packages: -module, -go, -toolchain set a line;
-require, -exclude, -replace, -retract, -godebug, -tool, -ignore add one, the same with "drop" in front
remove one; in the order given. -fmt only reformats, -print and -json show the result instead of writing it.
`,
  },
  "mod graph": {
    usage: "go3s mod graph [-go=version]",
    text: "Graph prints which module requires which, a pair a line.\n",
  },
  "mod init": {
    usage: "go3s mod init [module-path]",
    text: "Init writes a go.mod file into the current folder.\n",
  },
  "mod tidy": {
    usage: "go3s mod tidy [-e] [-v] [-diff] [-go=version] [-compat=version]",
    text: `Tidy makes go.mod and go.sum match the source: it adds what packages and tests of the main module need for
any build and removes the rest. -e goes on after errors, -diff shows what would change.
`,
  },
  "mod vendor": {
    usage: "go3s mod vendor [-e] [-v] [-o outdir]",
    text: "Vendor copies the packages that the main module needs into a folder vendor.\n",
  },
  "mod verify": {
    usage: "go3s mod verify",
    text: "Verify checks that the dependencies in the module cache are as they were downloaded.\n",
  },
  "mod why": {
    usage: "go3s mod why [-m] [-vendor] packages...",
    text: `Why shows a shortest chain of imports from the main module to each package, with -m to each module.
-vendor leaves out tests of dependencies.
`,
  },
  work: {
    usage: "go3s work <command> [arguments]",
    text: `The commands about workspaces are

	edit        edit go.work from tools or scripts
	init        initialize workspace file
	sync        sync workspace build list to modules
	use         add modules to workspace file
	vendor      make vendored copy of dependencies

Use "go3s help work <command>" for more information about a command.
`,
  },
  "work edit": {
    usage: "go3s work edit [editing flags] [-fmt|-print|-json] [go.work]",
    text: "Edit changes go.work: -go, -toolchain, -use, -replace, -godebug, and the same with drop in front.\n",
  },
  "work init": { usage: "go3s work init [moddirs]", text: "Init writes a go.work file with the modules in the folders.\n" },
  "work sync": {
    usage: "go3s work sync",
    text: "Sync raises the requirements of the workspace's modules to the versions that the workspace selects.\n",
  },
  "work use": {
    usage: "go3s work use [-r] [moddirs]",
    text: "Use adds folders with a go.mod file to go.work and removes those without; -r looks below them, too.\n",
  },
  "work vendor": {
    usage: "go3s work vendor [-e] [-v] [-o outdir]",
    text: "Vendor copies the packages that the workspace needs into a folder vendor beside go.work.\n",
  },
  version: {
    usage: "go3s version [-m] [-v] [-json] [file ...]",
    text: `Version prints the version of Go3s and of the Go tree. With files it prints the Go version that they were built
with, with -m also the modules and settings.
`,
  },
  install: {
    usage: "go3s install [build flags] [packages]",
    text: `Install builds main packages and puts the executables into GOBIN, by default bin in GOPATH. With path@version
the main module does not count: the packages are built with what their own module requires.

${shared}`,
  },
  clean: {
    usage: "go3s clean [-n] [-x] [-cache] [-modcache] [folders]",
    text: `Clean removes executables that builds wrote into the folders of packages; with -cache what is kept between
builds, with -modcache the module cache. -n only prints what it would do.
`,
  },
  env: {
    usage: "go3s env [-json] [-changed] [-u] [-w] [var ...]",
    text: `Env prints the environment that builds see: all variables, or the values of those named.

	-json
		print JSON
	-changed
		only what differs from its default
	-w NAME=VALUE...
		keep values in the file that GOENV names
	-u NAME...
		drop values that -w kept
`,
  },
  help: { usage: "go3s help [command]", text: "Help prints what a command does.\n" },
};
