// Figures about memory: runtime.MemStats and runtime/metrics, all of them.

package main

import (
	"fmt"
	"runtime"
	"runtime/metrics"
	"time"
)

var sink [][]byte

func main() {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for i := 0; i < 1000; i++ {
		sink = append(sink, make([]byte, 100))
	}
	sink = append(sink, make([]byte, 100000))
	runtime.ReadMemStats(&after)
	n := after.Mallocs - before.Mallocs
	fmt.Println(n >= 1001 && n < 1050, after.TotalAlloc-before.TotalAlloc >= 212000, after.HeapObjects-before.HeapObjects == n-(after.Frees-before.Frees))
	for i, c := range after.BySize {
		if d := c.Mallocs - before.BySize[i].Mallocs; d >= 1000 {
			fmt.Println("size", c.Size, d < 1010)
		}
	}
	live := after.HeapAlloc
	sink = nil
	runtime.GC()
	runtime.ReadMemStats(&after)
	fmt.Println(live-after.HeapAlloc > 200000, after.NumGC == 1, after.NumForcedGC == 1, after.PauseTotalNs > 0, after.Sys >= after.HeapSys)
	c := make(chan int)
	for i := 0; i < 10; i++ {
		go func() { time.Sleep(time.Millisecond); c <- i }()
	}
	for i := 0; i < 9; i++ {
		<-c
	}
	time.Sleep(5 * time.Millisecond)
	all := metrics.All()
	samples := make([]metrics.Sample, len(all)+1)
	for i, d := range all {
		samples[i].Name = d.Name
	}
	samples[len(all)].Name = "/no/such:metric"
	metrics.Read(samples)
	for i, d := range all {
		v := samples[i].Value
		if v.Kind() != d.Kind {
			fmt.Println("kind of", d.Name, v.Kind(), d.Kind)
			continue
		}
		zero := false
		switch v.Kind() {
		case metrics.KindUint64:
			zero = v.Uint64() == 0
		case metrics.KindFloat64:
			zero = v.Float64() == 0
		case metrics.KindFloat64Histogram:
			zero = true
			for _, n := range v.Float64Histogram().Counts {
				zero = zero && n == 0
			}
		}
		switch d.Name {
		case "/cpu/classes/gc/pause:cpu-seconds", "/cpu/classes/total:cpu-seconds", "/gc/heap/allocs-by-size:bytes",
			"/gc/heap/frees-by-size:bytes", "/gc/pauses:seconds", "/sched/pauses/total/gc:seconds", "/sched/latencies:seconds", "/gc/scan/total:bytes",
			"/gc/scan/stack:bytes", "/gc/stack/starting-size:bytes", "/sched/goroutines:goroutines", "/sched/threads/total:threads",
			"/sched/goroutines-created:goroutines", "/gc/gogc:percent", "/memory/classes/heap/stacks:bytes", "/gc/cycles/total:gc-cycles":
			if zero {
				fmt.Println(d.Name, "is 0")
			}
		}
	}
	fmt.Println(samples[len(all)].Value.Kind() == metrics.KindBad)
}
