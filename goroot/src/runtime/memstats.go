// Figures about memory, and the knobs of runtime/debug.

package runtime

import (
	"internal/runtime/atomic"
	"internal/runtime/gc"
	"internal/runtime/math"
	"internal/stringslite"
	"unsafe"
)

// memstats counts what came from the kernel.
var memstats struct {
	heapSys      sysMemStat
	gcMiscSys    sysMemStat
	other_sys    sysMemStat
	stacks_sys   sysMemStat
	buckhash_sys sysMemStat
	heapReleased uint64
}

// A MemStats records statistics about the memory allocator.
type MemStats struct {
	Alloc         uint64
	TotalAlloc    uint64
	Sys           uint64
	Lookups       uint64
	Mallocs       uint64
	Frees         uint64
	HeapAlloc     uint64
	HeapSys       uint64
	HeapIdle      uint64
	HeapInuse     uint64
	HeapReleased  uint64
	HeapObjects   uint64
	StackInuse    uint64
	StackSys      uint64
	MSpanInuse    uint64
	MSpanSys      uint64
	MCacheInuse   uint64
	MCacheSys     uint64
	BuckHashSys   uint64
	GCSys         uint64
	OtherSys      uint64
	NextGC        uint64
	LastGC        uint64
	PauseTotalNs  uint64
	PauseNs       [256]uint64
	PauseEnd      [256]uint64
	NumGC         uint32
	NumForcedGC   uint32
	GCCPUFraction float64
	EnableGC      bool
	DebugGC       bool
	BySize        [61]struct {
		Size    uint32
		Mallocs uint64
		Frees   uint64
	}
}

// ReadMemStats populates m with memory allocator statistics.
func ReadMemStats(m *MemStats) {
	w := stopTheWorld(stwReadMemStats)
	systemstack(func() { readMemStats(m) })
	startTheWorld(w)
}

func readMemStats(m *MemStats) {
	s := &gcState
	for _, pp := range allp {
		if pp.mcache != nil {
			s.account(pp.mcache)
			s.drainCounts(pp.mcache)
		}
	}
	h := &mheap_
	*m = MemStats{}
	m.Mallocs = s.nmalloc
	m.Frees = min(s.nfree, s.nmalloc)
	m.HeapObjects = m.Mallocs - m.Frees
	m.Alloc = s.live.Load()
	m.HeapAlloc = m.Alloc
	m.TotalAlloc = m.Alloc + s.freed
	m.HeapInuse = uint64((h.pagesInUse - h.pagesManual) * _PageSize)
	m.StackInuse = uint64(h.pagesManual * _PageSize)
	m.StackSys = m.StackInuse + memstats.stacks_sys.load()
	m.HeapSys = memstats.heapSys.load() - m.StackInuse
	m.HeapIdle = m.HeapSys - min(m.HeapSys, m.HeapInuse)
	m.HeapReleased = min(memstats.heapReleased, m.HeapIdle)
	m.GCSys = memstats.gcMiscSys.load()
	m.OtherSys = memstats.other_sys.load()
	m.BuckHashSys = memstats.buckhash_sys.load()
	m.Sys = m.HeapSys + m.StackSys + m.GCSys + m.OtherSys + m.BuckHashSys
	m.NextGC = s.trigger.Load()
	m.LastGC = s.lastGC
	m.PauseTotalNs = s.pauseTotal
	m.NumGC = s.cycles.Load()
	m.NumForcedGC = s.forced
	m.EnableGC = true
	// The most recent pause is at [(NumGC+255)%256], as the collector keeps them.
	m.PauseNs = s.pauses
	m.PauseEnd = s.pauseEnds
	for i := range m.BySize {
		m.BySize[i].Size = uint32(gc.SizeClassToSize[i])
	}
}

//go:linkname readGCStats runtime/debug.readGCStats
func readGCStats(pauses *[]uint64) {
	s := &gcState
	p := *pauses
	n := s.cycles.Load()
	if n > 256 {
		n = 256
	}
	if cap(p) < int(2*n)+3 {
		throw("short slice passed to readGCStats")
	}
	p = p[:cap(p)]
	for i := uint32(0); i < n; i++ {
		j := (s.cycles.Load() - 1 - i) % 256
		p[i] = s.pauses[j]
		p[n+i] = s.pauseEnds[j]
	}
	p[n+n] = s.lastGC
	p[n+n+1] = uint64(s.cycles.Load())
	p[n+n+2] = s.pauseTotal
	*pauses = p[:n+n+3]
}

//go:linkname setGCPercent runtime/debug.setGCPercent
func setGCPercent(in int32) (out int32) {
	w := stopTheWorldGC(stwGOMAXPROCS)
	out = gcState.percent
	gcState.percent = max(in, -1)
	gcState.pace()
	startTheWorldGC(w)
	return out
}

//go:linkname setMemoryLimit runtime/debug.setMemoryLimit
func setMemoryLimit(in int64) (out int64) {
	w := stopTheWorldGC(stwGOMAXPROCS)
	out = gcState.limit
	if in >= 0 {
		gcState.limit = in
		gcState.pace()
	}
	startTheWorldGC(w)
	return out
}

//go:linkname runtime_debug_freeOSMemory runtime/debug.freeOSMemory
func runtime_debug_freeOSMemory() {
	GC()
	systemstack(func() { mheap_.scavenge() })
}

//go:linkname runtime_debug_WriteHeapDump runtime/debug.WriteHeapDump
func runtime_debug_WriteHeapDump(fd uintptr) {}

func parseByteCount(s string) (int64, bool) {
	if s == "" {
		return 0, false
	}
	shift := uint(0)
	if s[len(s)-1] == 'B' {
		s = s[:len(s)-1]
		if n := len(s); n > 2 && s[n-1] == 'i' {
			switch s[n-2] {
			case 'K':
				shift = 10
			case 'M':
				shift = 20
			case 'G':
				shift = 30
			case 'T':
				shift = 40
			default:
				return 0, false
			}
			s = s[:n-2]
		}
	}
	v := int64(0)
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' || v > math.MaxInt64/10-10 {
			return 0, false
		}
		v = v*10 + int64(s[i]-'0')
	}
	if len(s) == 0 || v > math.MaxInt64>>shift {
		return 0, false
	}
	return v << shift, true
}

// A metric value as runtime/metrics lays it out.
type metricValue struct {
	kind    int
	scalar  uint64
	pointer unsafe.Pointer
}

type metricSample struct {
	name  string
	value metricValue
}

// Kinds of metrics.
const (
	metricKindBad = iota
	metricKindUint64
	metricKindFloat64
	metricKindFloat64Histogram
)

//go:linkname readMetrics runtime/metrics.runtime_readMetrics
func readMetrics(samplesp unsafe.Pointer, len int, cap int) {
	sl := slice{samplesp, len, cap}
	samples := *(*[]metricSample)(unsafe.Pointer(&sl))
	var m MemStats
	ReadMemStats(&m)
	for i := range samples {
		v, ok := metricUint64(samples[i].name, &m)
		samples[i].value = metricValue{}
		if ok {
			samples[i].value.kind = metricKindUint64
			samples[i].value.scalar = v
		}
	}
}

// metricUint64 is the value of a metric that is kept here; others are bad, as metrics that do not exist are.
func metricUint64(name string, m *MemStats) (uint64, bool) {
	switch name {
	case "/gc/cycles/automatic:gc-cycles":
		return uint64(m.NumGC - m.NumForcedGC), true
	case "/gc/cycles/forced:gc-cycles":
		return uint64(m.NumForcedGC), true
	case "/gc/cycles/total:gc-cycles":
		return uint64(m.NumGC), true
	case "/gc/heap/allocs:bytes":
		return m.TotalAlloc, true
	case "/gc/heap/allocs:objects":
		return m.Mallocs, true
	case "/gc/heap/frees:bytes":
		return m.TotalAlloc - m.Alloc, true
	case "/gc/heap/frees:objects":
		return m.Frees, true
	case "/gc/heap/goal:bytes":
		return m.NextGC, true
	case "/gc/heap/live:bytes", "/memory/classes/heap/objects:bytes":
		return m.HeapAlloc, true
	case "/gc/heap/objects:objects":
		return m.HeapObjects, true
	case "/gc/gogc:percent":
		return uint64(int64(gcState.percent)), true
	case "/gc/gomemlimit:bytes":
		return uint64(gcState.limit), true
	case "/memory/classes/heap/free:bytes":
		return m.HeapIdle - m.HeapReleased, true
	case "/memory/classes/heap/released:bytes":
		return m.HeapReleased, true
	case "/memory/classes/heap/stacks:bytes":
		return m.StackInuse, true
	case "/memory/classes/heap/unused:bytes":
		return m.HeapInuse - min(m.HeapInuse, m.HeapAlloc), true
	case "/memory/classes/total:bytes":
		return m.Sys, true
	case "/sched/gomaxprocs:threads":
		return uint64(wantedProcs), true
	case "/sched/goroutines:goroutines":
		return uint64(gcount(false)), true
	}
	for g := godebugMetrics; g != nil; g = g.next {
		if g.name == name {
			return g.read(), true
		}
	}
	return 0, stringslite.HasPrefix(name, "/godebug/non-default-behavior/")
}

type godebugMetric struct {
	next *godebugMetric
	name string
	read func() uint64
}

var godebugMetrics *godebugMetric

//go:linkname godebug_registerMetric internal/godebug.registerMetric
func godebug_registerMetric(name string, read func() uint64) {
	g := &godebugMetric{name: name, read: read}
	for {
		g.next = (*godebugMetric)(atomic.Loadp(unsafe.Pointer(&godebugMetrics)))
		if atomic.Casp1((*unsafe.Pointer)(unsafe.Pointer(&godebugMetrics)), unsafe.Pointer(g.next), unsafe.Pointer(g)) {
			return
		}
	}
}
