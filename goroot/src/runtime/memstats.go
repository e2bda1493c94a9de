// Figures about memory, and the knobs of runtime/debug.

package runtime

import (
	"internal/runtime/atomic"
	"internal/runtime/gc"
	"internal/runtime/math"
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

// allocCounts are the figures about objects: by size class, 0 for those with a span of their own. The heap's lock is held when they change,
// or the world is stopped.
type allocCounts struct {
	mallocs, frees        [gc.NumSizeClasses]uint64
	largeAlloc, largeFree uint64 // bytes
	tinyAllocs            uint64 // of caches that are gone
}

// countAllocs adds what was allocated in a span since the last time. The heap is locked, or the world stopped.
func (s *mspan) countAllocs() {
	gcState.counts.mallocs[s.spanclass.sizeclass()] += uint64(s.allocCount - s.counted)
	s.counted = s.allocCount
}

// countLarge counts a new object with a span of its own.
func (s *mspan) countLarge() {
	lock(&mheap_.lock)
	s.countAllocs()
	gcState.counts.largeAlloc += uint64(s.elemsize)
	unlock(&mheap_.lock)
}

// countFrees is countAllocs for a sweep that leaves `left` objects.
func (s *mspan) countFrees(left uint16) {
	freed := uint64(s.allocCount - min(s.allocCount, left))
	class := s.spanclass.sizeclass()
	gcState.counts.frees[class] += freed
	if class == 0 {
		gcState.counts.largeFree += freed * uint64(s.elemsize)
	}
	s.counted = left
}

// heapStatsDelta holds the figures of the heap under upstream's names.
type heapStatsDelta struct {
	committed       int64
	released        int64
	inHeap          int64
	inStacks        int64
	inWorkBufs      int64
	tinyAllocCount  uint64
	largeAlloc      uint64
	largeAllocCount uint64
	smallAllocCount [gc.NumSizeClasses]uint64
	largeFree       uint64
	largeFreeCount  uint64
	smallFreeCount  [gc.NumSizeClasses]uint64
}

// compute reads the figures of the heap.
func (a *heapStatsAggregate) compute() {
	w := stopTheWorld(stwReadMemStats)
	systemstack(a.read)
	startTheWorld(w)
}

// read is compute while the world is stopped.
func (a *heapStatsAggregate) read() {
	n := &gcState.counts
	a.tinyAllocCount = n.tinyAllocs
	for _, pp := range allp {
		if c := pp.mcache; c != nil {
			gcState.account(c)
			a.tinyAllocCount += c.tinyAllocs
			for _, s := range c.alloc {
				if s != &emptySpan {
					s.countAllocs()
				}
			}
		}
	}
	h := &mheap_
	a.inStacks = int64(h.pagesManual * _PageSize)
	a.inHeap = int64(h.pagesInUse*_PageSize) - a.inStacks
	a.released = int64(memstats.heapReleased)
	a.committed = int64(memstats.heapSys.load()) - a.released
	a.largeAlloc, a.largeFree = n.largeAlloc, n.largeFree
	a.largeAllocCount, a.largeFreeCount = n.mallocs[0], n.frees[0]
	copy(a.smallAllocCount[1:], n.mallocs[1:])
	copy(a.smallFreeCount[1:], n.frees[1:])

	a.totalAllocs, a.totalAllocated = a.largeAllocCount, a.largeAlloc
	a.totalFrees, a.totalFreed = a.largeFreeCount, a.largeFree
	for i, size := range gc.SizeClassToSize {
		a.totalAllocs += a.smallAllocCount[i]
		a.totalAllocated += a.smallAllocCount[i] * uint64(size)
		a.totalFrees += a.smallFreeCount[i]
		a.totalFreed += a.smallFreeCount[i] * uint64(size)
	}
	a.numObjects = a.totalAllocs - a.totalFrees
	a.inObjects = a.totalAllocated - a.totalFreed
}

func (a *sysStatsAggregate) compute() {
	spans := uint64(mheap_.nspans) * uint64(unsafe.Sizeof(mspan{}))
	caches := uint64(gomaxprocs) * uint64(unsafe.Sizeof(mcache{}))
	misc := memstats.gcMiscSys.load()
	a.mSpanSys = min(spans, misc)
	a.mCacheSys = min(caches, misc-a.mSpanSys)
	a.mSpanInUse, a.mCacheInUse = a.mSpanSys, a.mCacheSys
	a.gcMiscSys = misc - a.mSpanSys - a.mCacheSys
	a.stacksSys = memstats.stacks_sys.load()
	a.buckHashSys = memstats.buckhash_sys.load()
	a.otherSys = memstats.other_sys.load()
	a.heapGoal = gcState.trigger.Load()
	a.gcCyclesDone = uint64(gcState.cycles.Load())
	a.gcCyclesForced = uint64(gcState.forced)
}

// cpuStats are estimates of processor time in nanoseconds.
type cpuStats struct {
	GCAssistTime, GCDedicatedTime, GCIdleTime, GCPauseTime, GCTotalTime int64

	ScavengeAssistTime, ScavengeBgTime, ScavengeTotalTime int64

	IdleTime, UserTime, TotalTime int64
}

func (a *cpuStatsAggregate) compute() {
	procs := int64(gomaxprocs)
	a.TotalTime = sched.totaltime + (nanotime()-max(sched.procresizetime, runtimeInitTime))*procs
	a.GCPauseTime = min(int64(gcState.pauseTotal)*procs, a.TotalTime)
	a.GCTotalTime = a.GCPauseTime
	a.IdleTime = min(sched.idleTime.Load(), a.TotalTime-a.GCTotalTime)
	a.UserTime = a.TotalTime - a.GCTotalTime - a.IdleTime
}

// countStack notes a stack that a collection looks at.
func countStack(gp *g) { gcState.stackScan += uint64(gp.stack.hi - gp.sched.sp) }

func (a *gcStatsAggregate) compute() {
	md := &firstmoduledata
	a.globalsScan = uint64(md.edata - md.data + md.ebss - md.bss)
	a.stackScan = gcState.stackScan
	lock(&mheap_.lock)
	for i := 0; i < mheap_.nspans; i++ {
		if s := mheap_.spans[i]; !s.spanclass.noscan() {
			a.heapScan += uint64(s.allocCount) * uint64(s.elemsize)
		}
	}
	unlock(&mheap_.lock)
	a.totalScan = a.globalsScan + a.stackScan + a.heapScan
}

func readMemStats(m *MemStats) {
	s := &gcState
	var heap heapStatsAggregate
	var sys sysStatsAggregate
	heap.read()
	sys.compute()
	*m = MemStats{}
	m.Mallocs = heap.totalAllocs + heap.tinyAllocCount
	m.Frees = heap.totalFrees + heap.tinyAllocCount
	m.HeapObjects = heap.numObjects
	m.Alloc = heap.inObjects
	m.HeapAlloc = m.Alloc
	m.TotalAlloc = heap.totalAllocated
	m.HeapInuse = uint64(heap.inHeap)
	m.StackInuse = uint64(heap.inStacks)
	m.StackSys = m.StackInuse + sys.stacksSys
	m.HeapSys = uint64(heap.committed + heap.released - heap.inStacks)
	m.HeapIdle = m.HeapSys - m.HeapInuse
	m.HeapReleased = uint64(heap.released)
	m.MSpanInuse, m.MSpanSys = sys.mSpanInUse, sys.mSpanSys
	m.MCacheInuse, m.MCacheSys = sys.mCacheInUse, sys.mCacheSys
	m.BuckHashSys = sys.buckHashSys
	m.GCSys = sys.gcMiscSys
	m.OtherSys = sys.otherSys
	m.Sys = m.HeapSys + m.StackSys + m.MSpanSys + m.MCacheSys + m.BuckHashSys + m.GCSys + m.OtherSys
	m.NextGC = sys.heapGoal
	m.LastGC = s.lastGC
	m.PauseTotalNs = s.pauseTotal
	m.NumGC = s.cycles.Load()
	m.NumForcedGC = s.forced
	m.GCCPUFraction = float64(s.pauseTotal) / float64(nanotime()-runtimeInitTime+1)
	m.EnableGC = true
	// The most recent pause is at [(NumGC+255)%256], as the collector keeps them.
	m.PauseNs = s.pauses
	m.PauseEnd = s.pauseEnds
	for i := range m.BySize {
		m.BySize[i].Size = uint32(gc.SizeClassToSize[i])
		m.BySize[i].Mallocs = heap.smallAllocCount[i]
		m.BySize[i].Frees = heap.smallFreeCount[i]
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

//go:linkname readMetrics runtime/metrics.runtime_readMetrics
func readMetrics(samplesp unsafe.Pointer, len int, cap int) {
	metricsLock()
	initMetrics()
	// A P comes with the second goroutine; what counts is how many there may be.
	metrics["/sched/gomaxprocs:threads"] = metricData{compute: metricReader(func() uint64 { return uint64(wantedProcs) }).compute}
	for g := godebugMetrics; g != nil; g = g.next {
		metrics[g.name] = metricData{compute: metricReader(g.read).compute}
	}
	gcController.heapMarked = gcState.marked
	readMetricsLocked(samplesp, len, cap)
	metricsUnlock()
}

// godebugMetric is a counter that package godebug has registered: the table of metrics is made when somebody reads one.
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
