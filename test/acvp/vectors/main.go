// Vectors runs NIST's ACVP vectors through the standard library: for each folder of vectors it prints how many cases passed and failed and how many
// were left out, with the reasons. It uses the public packages where they offer a primitive, and those of the FIPS 140-3 module where
// only that has it (CMAC, ML-DSA, the random number generators, TLS key derivation).
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
)

var large = flag.Bool("large", false, "hash messages above 1 GiB too")

// A handler judges one case. It returns "" for a pass, a reason that starts with "skip: " for what the library does not offer, and
// otherwise what is wrong.
type handler func(g, c, want object) string

var handlers = map[string]handler{}

func register(h handler, names ...string) {
	for _, name := range names {
		handlers[name] = h
	}
}

func main() {
	flag.Parse()
	failed := false
	for _, root := range flag.Args() {
		prompts, err := filepath.Glob(filepath.Join(root, "*/prompt.json.gz"))
		check(err)
		more, err := filepath.Glob(filepath.Join(root, "*/*/prompt.json.gz"))
		check(err)
		prompts = append(prompts, more...)
		sort.Strings(prompts)
		for _, p := range prompts {
			folder := filepath.Dir(p)
			name, _ := filepath.Rel(root, folder)
			if !run(name, folder) {
				failed = true
			}
		}
	}
	if failed {
		os.Exit(1)
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
}

// run judges the cases of a folder.
func run(name, folder string) bool {
	set := load(folder)
	h := handlers[set.algorithm]
	passed, bad := 0, 0
	skipped := map[string]int{}
	for _, c := range set.cases {
		result := "skip: " + set.algorithm + " is not in the standard library"
		if h != nil {
			result = judge(h, c)
		}
		switch {
		case result == "":
			passed++
		case strings.HasPrefix(result, "skip: "):
			skipped[result[6:]]++
		default:
			bad++
			if bad <= 5 {
				fmt.Printf("%s: group %v case %v: %s\n", name, c.group["tgId"], c.prompt["tcId"], result)
			}
		}
	}
	fmt.Printf("%s: %d passed, %d failed\n", name, passed, bad)
	reasons := make([]string, 0, len(skipped))
	for r := range skipped {
		reasons = append(reasons, r)
	}
	sort.Strings(reasons)
	for _, r := range reasons {
		fmt.Printf("\t%d left out: %s\n", skipped[r], r)
	}
	return bad == 0
}

// judge turns what a case is missing, or a panic of the library, into a failure.
func judge(h handler, c testCase) (result string) {
	defer func() {
		if r := recover(); r != nil {
			result = fmt.Sprint("panic: ", r)
		}
	}()
	return h(c.group, c.prompt, c.want)
}
