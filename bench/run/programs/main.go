// Workloads that keep one processor busy. `programs NAME REPEATS` runs one and prints for each repetition the processor
// time in microseconds that it took, and a checksum that must not depend on the compiler.
package main

import (
	"fmt"
	"os"
	"runtime/debug"
	"strconv"
	"syscall"
)

type workload struct {
	name string
	run  func() uint64
}

var workloads = []workload{
	{"sort", sortInts},
	{"sortfunc", sortRecords},
	{"mapstring", mapOfStrings},
	{"mapint", mapOfInts},
	{"builder", buildStrings},
	{"scan", scanBytes},
	{"json", encodeJSON},
	{"sha256", hashGeneric},
	{"matrix", multiplyMatrices},
	{"trees", binaryTrees},
	{"sieve", sieve},
	{"nbody", nbody},
	{"fannkuch", fannkuch},
	{"interface", callInterfaces},
	{"closures", callClosures},
	{"channels", passMessages},
	{"regexp", matchPatterns},
	{"big", bigNumbers},
	{"deflate", compress},
	{"format", formatValues},
}

func processorTime() int64 {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return u.Utime.Nano() + u.Stime.Nano()
}

func main() {
	if len(os.Args) < 3 {
		for _, w := range workloads {
			fmt.Println(w.name)
		}
		return
	}
	repeats, _ := strconv.Atoi(os.Args[2])
	for _, w := range workloads {
		if w.name != os.Args[1] {
			continue
		}
		for range repeats {
			debug.FreeOSMemory()
			before := processorTime()
			sum := w.run()
			fmt.Println((processorTime()-before)/1000, sum)
		}
	}
}
