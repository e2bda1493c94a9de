// The collector: the world stops, everything reachable is marked, the rest is free. Marking is precise: data by the
// linker's masks, frames by stack maps, objects by the types that the allocator noted.

package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/atomic"
	"internal/runtime/math"
	"internal/runtime/sys"
	"internal/strconv"
	"unsafe"
)

const (
	_GCoff = 0

	// What upstream's concurrent collector asks while it runs; it never does here.
	gcphase          = _GCoff
	gcBlackenEnabled = 0

	heapMinimum = 4 << 20
)

type gcControl struct {
	live        atomic.Uint64 // bytes in use after the last collection plus those allocated since
	trigger     atomic.Uint64 // collect when live reaches it
	enabled     bool
	stress      uint32 // collect at every so many allocations
	stressCount atomic.Uint32
	percent     int32
	limit       int64
	cycles      atomic.Uint32
	forced      uint32
	marked      uint64 // bytes found by the current collection
	markedCount uint64
	pauseTotal  uint64
	pauses      [256]uint64
	pauseEnds   [256]uint64
	pauseStart  int64
	lastGC      uint64
	counts      allocCounts
	stackScan   uint64 // bytes of stacks that the last collection looked at
	stack       markStack
	frames      stackScan
	poolCleanup func()
	sweeping    bool // caches are flushed: an object made now would lie in a span that is swept
}

var gcState gcControl

// stackStress moves the stack at every growth check.
var stackStress bool

//go:nosplit
func (s *gcControl) due() bool { return s.live.Load() >= s.trigger.Load() }

// account adds what a cache handed out to the heap's total.
func (s *gcControl) account(c *mcache) {
	if c.liveBytes != 0 {
		s.live.Add(int64(c.liveBytes))
		c.liveBytes = 0
	}
}

func gcinit() {
	s := &gcState
	s.percent = 100
	s.limit = math.MaxInt64
	if p := gogetenv("GOGC"); p == "off" {
		s.percent = -1
	} else if n, err := strconv.ParseInt(p, 10, 32); err == nil {
		s.percent = max(int32(n), -1)
	}
	if p := gogetenv("GOMEMLIMIT"); p != "" && p != "off" {
		if n, ok := parseByteCount(p); ok {
			s.limit = n
		}
	}
	if n, err := strconv.ParseInt(gogetenv("GO3S_GCSTRESS"), 10, 32); err == nil && n > 0 {
		s.stress = uint32(n)
	}
	stackStress = gogetenv("GO3S_STACKSTRESS") == "1"
	s.pace()
}

func gcenable() { gcState.enabled = true }

// pace sets the next trigger from what is live now.
func (s *gcControl) pace() {
	if s.stress != 0 {
		s.trigger.Store(0)
		return
	}
	live := s.live.Load()
	next := uint64(1) << 62
	if s.percent >= 0 {
		next = live + live/100*uint64(s.percent)
		if least := heapMinimum * uint64(s.percent) / 100; next < least {
			next = least
		}
	}
	if s.limit < math.MaxInt64 {
		most := uint64(s.limit) / 8 * 7
		if next > most {
			next = most
		}
		if least := live + live/16 + 64<<10; next < least {
			next = least
		}
	}
	s.trigger.Store(next)
}

// gcAllocPoint is where an allocation that finds the heap full comes: it collects if that is possible here.
func gcAllocPoint() {
	s := &gcState
	gp := getg()
	mp := gp.m
	if !s.enabled || gp != mp.curg || mp.locks != 0 || mp.mallocing != 0 || mp.preemptoff != "" || mp.p == 0 || panicking.Load() != 0 {
		return
	}
	if s.stress != 0 && s.stressCount.Add(1)%s.stress != 0 {
		return
	}
	gcStart(false)
}

// gcStart runs one collection. force: even if another one has just made room.
func gcStart(force bool) {
	w := stopTheWorldGC(stwGCMarkTerm)
	if force || gcState.due() {
		systemstack(gcCollect)
	}
	startTheWorldGC(w)
	startQueues()
}

// GC runs a garbage collection and blocks the caller until it is complete. Finalizers and cleanups get their turn.
func GC() {
	gcState.forced++
	gcStart(true)
	Gosched()
}

//go:linkname sync_runtime_registerPoolCleanup sync.runtime_registerPoolCleanup
func sync_runtime_registerPoolCleanup(f func()) { gcState.poolCleanup = f }

var boringCaches []unsafe.Pointer

//go:linkname boring_registerCache crypto/internal/boring/bcache.registerCache
func boring_registerCache(p unsafe.Pointer) { boringCaches = append(boringCaches, p) }

// heapObjectsCanMove is asked by libraries that depend on it.
//
//go:linkname heapObjectsCanMove
func heapObjectsCanMove() bool { return false }

// gcCollect marks and sweeps. The world is stopped; it runs on g0.
func gcCollect() {
	s := &gcState
	start := nanotime()
	if s.poolCleanup != nil {
		s.poolCleanup()
	}
	for _, p := range boringCaches {
		atomicstorep(p, nil)
	}
	clearRuntimePools()
	for _, pp := range allp {
		if pp.mcache != nil {
			pp.mcache.flush()
		}
	}

	s.marked, s.markedCount, s.stackScan = 0, 0, 0
	s.sweeping = true
	markRoots()
	markDrain()
	markSpecials()

	mProf_NextCycle()
	sweepAll()
	s.sweeping = false
	profileCycle()
	s.live.Store(s.marked)
	s.pace()

	end := nanotime()
	n := s.cycles.Add(1) - 1
	s.pauses[n%256] = uint64(end - start)
	sec, nsec, _ := time_now()
	now := uint64(sec*1e9 + int64(nsec))
	s.pauseEnds[n%256] = now
	s.lastGC = now
	s.pauseTotal += uint64(end - start)
	gcCleanups.flush()
	if debug.gctrace > 0 {
		printlock()
		print("gc ", n+1, " @", (end-runtimeInitTime)/1e6, "ms: ", s.live.Load()>>10, " KB live, next at ", s.trigger.Load()>>10, " KB, ", (end-start)/1000, " us\n")
		printunlock()
	}
}

// clearRuntimePools drops the runtime's own caches of small records.
func clearRuntimePools() {
	lock(&sched.sudoglock)
	var sgnext *sudog
	for sg := sched.sudogcache; sg != nil; sg = sgnext {
		sgnext = sg.next
		sg.next = nil
	}
	sched.sudogcache = nil
	unlock(&sched.sudoglock)

	lock(&sched.deferlock)
	var dlink *_defer
	for d := sched.deferpool; d != nil; d = dlink {
		dlink = d.link
		d.link = nil
	}
	sched.deferpool = nil
	unlock(&sched.deferlock)
}

// markStack holds objects that are marked but not yet scanned.
type markStack struct {
	base *[1 << 40]uintptr
	n    uintptr
	cap  uintptr
}

//go:nosplit
func (m *markStack) push(p uintptr) {
	if m.n == m.cap {
		m.more()
	}
	m.base[m.n] = p
	m.n++
}

func (m *markStack) more() {
	n := m.cap * 2
	if n == 0 {
		n = 4096
	}
	p := sysAlloc(n*8, &memstats.gcMiscSys, "mark stack")
	if p == nil {
		throw("runtime: out of memory during collection")
	}
	if m.cap != 0 {
		memmove(p, unsafe.Pointer(m.base), m.n*8)
		sysFree(unsafe.Pointer(m.base), m.cap*8, &memstats.gcMiscSys)
	}
	m.base = (*[1 << 40]uintptr)(p)
	m.cap = n
}

// markPointer marks the object that p points into, if it is one.
func markPointer(p uintptr) {
	if p < mheap_.lo || p >= mheap_.end {
		return
	}
	s := spanOfHeap(p)
	if s == nil {
		if st := &gcState.frames; p-st.lo < st.size {
			st.found.push(p)
		}
		return
	}
	i := s.objIndex(p)
	bit := uint64(1) << (i % 64)
	w := &s.markBits[i/64]
	if *w&bit != 0 {
		return
	}
	*w |= bit
	gcState.marked += uint64(s.elemsize)
	gcState.markedCount++
	if !s.spanclass.noscan() {
		gcState.stack.push(s.startAddr + i*s.elemsize)
	}
}

// markDrain scans until nothing is left.
func markDrain() {
	m := &gcState.stack
	for m.n != 0 {
		m.n--
		p := m.base[m.n]
		s := spanOf(p)
		scanObject(s, p, s.objIndex(p))
	}
}

// scanObject marks what an object points to.
func scanObject(s *mspan, p, i uintptr) {
	if s.types == nil {
		markPointer(*(*uintptr)(unsafe.Pointer(p)))
		return
	}
	t := refType(s.types[i])
	if t == nil {
		return
	}
	end := p + s.elemsize
	if end > s.limit {
		end = s.limit
	}
	scanTyped(p, end, t)
}

// scanTyped scans memory that holds values of type t one after the other.
func scanTyped(p, end uintptr, t *_type) {
	mask := getGCMask(t)
	words := t.PtrBytes / goarch.PtrSize
	size := t.Size_
	if words == 1 {
		// The first word only (or the only one): most small types.
		for ; p < end; p += size {
			if q := *(*uintptr)(unsafe.Pointer(p)); q != 0 {
				markPointer(q)
			}
		}
		return
	}
	for ; p < end; p += size {
		n := words
		if rest := (end - p) / goarch.PtrSize; n > rest {
			n = rest
		}
		scanMask(p, n, mask)
	}
}

// scanMask scans n words by a bit mask.
func scanMask(p, n uintptr, mask *byte) {
	for i := uintptr(0); i < n; i += 8 {
		bits := uintptr(*addb(mask, i/8))
		if n-i < 8 {
			bits &= 1<<(n-i) - 1
		}
		for bits != 0 {
			j := uintptr(sys.TrailingZeros64(uint64(bits)))
			bits &= bits - 1
			if q := *(*uintptr)(unsafe.Pointer(p + (i+j)*goarch.PtrSize)); q != 0 {
				markPointer(q)
			}
		}
	}
}

// scanConservative marks whatever a range of words may point to.
func scanConservative(p, end uintptr) {
	for ; p < end; p += goarch.PtrSize {
		markPointer(*(*uintptr)(unsafe.Pointer(p)))
	}
}

func markRoots() {
	md := &firstmoduledata
	scanMask(md.data, (md.edata-md.data)/goarch.PtrSize, md.gcdata)
	scanMask(md.bss, (md.ebss-md.bss)/goarch.PtrSize, md.gcbss)
	boot := uintptr(unsafe.Pointer(&bootArena.space))
	scanConservative(boot, boot+bootArena.used)
	markDrain()

	for i := uintptr(0); i < uintptr(heapTypes.n); i++ {
		markPointer(uintptr(unsafe.Pointer(heapTypes.list[i])))
	}
	for fb := allfin; fb != nil; fb = fb.alllink {
		for i := uint32(0); i < fb.cnt; i++ {
			f := &fb.fin[i]
			markPointer(uintptr(unsafe.Pointer(f.fn)))
			markPointer(uintptr(f.arg))
			markPointer(uintptr(unsafe.Pointer(f.fint)))
			markPointer(uintptr(unsafe.Pointer(f.ot)))
		}
	}
	for cb := (*cleanupBlock)(gcCleanups.all.Load()); cb != nil; cb = cb.alllink {
		for i := uint32(0); i < cb.n; i++ {
			c := &cb.cleanups[i]
			markPointer(*(*uintptr)(unsafe.Pointer(&c.call)))
			markPointer(uintptr(unsafe.Pointer(c.fn)))
			markPointer(uintptr(c.arg))
		}
	}
	for i := 0; i < mheap_.nspans; i++ {
		s := mheap_.spans[i]
		for sp := s.specials; sp != nil; sp = sp.next {
			sp.markRoot(s)
		}
	}
	markDrain()

	// allgs is reachable from the data already: what is missing are the stacks.
	for _, gp := range allgs {
		markPointer(uintptr(unsafe.Pointer(gp)))
		markGoroutine(gp)
	}
}

// markGoroutine scans a stack, and makes it smaller if most of it is unused.
func markGoroutine(gp *g) {
	for {
		status := readgstatus(gp)
		switch status &^ _Gscan {
		case _Gidle, _Gdead, _Gdeadextra:
			return
		case _Grunning:
			if gp != getg().m.curg {
				// On its way out of a system call, it has no P and will find that there is none.
				osyield()
				continue
			}
			scanStack(gp)
			return
		}
		if status&_Gscan != 0 {
			osyield()
			continue
		}
		if castogscanstatus(gp, status, status|_Gscan) {
			if isShrinkStackSafe(gp) && debug.gcshrinkstackoff == 0 && !stackStress {
				shrinkstack(gp)
			}
			scanStack(gp)
			casfrom_Gscanstatus(gp, status|_Gscan, status)
			return
		}
	}
}

// stackScan is the stack that is being scanned: its objects by address, and the pointers to them that were found. An object is looked at
// when a pointer to it is found, since nothing else keeps it alive.
type stackScan struct {
	lo, size uintptr
	objects  markStack // pairs: address, record (0: looked at)
	found    markStack
}

func scanStack(gp *g) {
	st := &gcState.frames
	st.lo, st.size = gp.stack.lo, gp.stack.hi-gp.stack.lo
	st.objects.n = 0
	countStack(gp)
	var u unwinder
	for u.init(gp, 0); u.valid(); u.next() {
		for o := u.frame.objects(); o.left != 0; {
			base, record := o.next()
			st.objects.push(base)
			st.objects.push(record)
		}
		scanFrame(gp, &u.frame)
	}
	// Records of defers may be in the heap or on the stack, in any order.
	for d := gp._defer; d != nil; d = d.link {
		markPointer(uintptr(unsafe.Pointer(d)))
		markPointer(*(*uintptr)(unsafe.Pointer(&d.fn)))
		markPointer(uintptr(unsafe.Pointer(d.head)))
	}
	markPointer(uintptr(unsafe.Pointer(gp._panic)))
	markPointer(uintptr(gp.sched.ctxt))
	for st.found.n != 0 {
		st.found.n--
		st.scanObject(st.found.base[st.found.n])
	}
	st.size = 0
	markDrain()
}

// scanObject looks at the object that p points into, if that has not happened before.
func (st *stackScan) scanObject(p uintptr) {
	list := st.objects.base
	lo, hi := uintptr(0), st.objects.n/2
	for lo < hi {
		mid := (lo + hi) / 2
		if list[2*mid] <= p {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return
	}
	base, record := list[2*lo-2], list[2*lo-1]
	if record == 0 {
		return
	}
	if size, words, mask := readStackObject(record); p-base < size {
		list[2*lo-1] = 0
		scanMask(base, words, mask)
	}
}

// scanFrame marks what the live slots of a frame point to.
func scanFrame(gp *g, frame *stkframe) {
	m := frame.pointers()
	for i := uintptr(0); i < m.nLocal; i++ {
		if m.bit(i) {
			markPointer(*(*uintptr)(unsafe.Pointer(m.local(i))))
		}
	}
	for i := uintptr(0); i < m.nArgs; i++ {
		if m.bit(m.nLocal + i) {
			markPointer(*(*uintptr)(unsafe.Pointer(m.arg(i))))
		}
	}
	for regs, i := m.regs, 0; regs != 0; regs, i = regs>>1, i+1 {
		if regs&1 != 0 {
			markPointer(gp.xRegs.ints[i])
		}
	}
	if frame.fn.flag&funcFlagReflectStub != 0 && !frame.entry {
		regs, args, n := frame.reflectStub()
		for i := range regs.Ptrs {
			markPointer(uintptr(regs.Ptrs[i]))
		}
		for i := uintptr(0); i < n; i++ {
			if args.ptrbit(i) == 1 {
				markPointer(*(*uintptr)(unsafe.Pointer(frame.argp + i*goarch.PtrSize)))
			}
		}
	}
}

// sweepAll turns mark bits into allocation bits and frees what has none.
func sweepAll() {
	h := &mheap_
	lock(&h.lock)
	for i := range h.partial {
		for s := h.partial[i].first; s != nil; {
			next := s.next
			s.next, s.prev, s.list = nil, nil, nil
			s = next
		}
		h.partial[i].init()
	}
	for i := 0; i < h.nspans; {
		s := h.spans[i]
		if s.specials != nil {
			unlock(&h.lock)
			s.sweepSpecials()
			lock(&h.lock)
		}
		words := (s.nelems + 63) / 64
		count := 0
		for j := uintptr(0); j < words; j++ {
			count += sys.OnesCount64(s.markBits[j])
		}
		if gcState.stress != 0 {
			s.fillFree()
		}
		s.countFrees(uint16(count))
		if count == 0 && s.specials == nil {
			h.freeSpan(s) // the last span is now number i
			continue
		}
		s.allocBits, s.markBits = s.markBits, s.allocBits
		for j := uintptr(0); j < words; j++ {
			s.markBits[j] = 0
		}
		s.allocCount = uint16(count)
		s.freeIndex = 0
		s.needzero = true
		if s.nelems > uintptr(count) {
			h.partial[s.spanclass].insert(s)
		} else {
			s.freeIndex = s.nelems
		}
		i++
	}
	unlock(&h.lock)
}

// fillFree fills what is not in use with rubbish (GO3S_GCSTRESS).
func (s *mspan) fillFree() {
	for i := uintptr(0); i < s.nelems; i++ {
		if s.isMarked(i) {
			continue
		}
		for p, end := s.startAddr+i*s.elemsize, s.startAddr+(i+1)*s.elemsize; p < end; p += goarch.PtrSize {
			*(*uintptr)(unsafe.Pointer(p)) = 0xfefefefefefefefe
		}
	}
}

// isMarked is asked by the specials of dead objects between marking and sweeping.
func (s *mspan) isMarked(i uintptr) bool {
	return s.markBits[i/64]>>(i%64)&1 != 0
}

const _ = abi.FuncIDNormal

// getGCMaskOnDemand is upstream's, with a mask that is assigned once: the function that it hands to systemstack takes it by value,
// and nothing is allocated while the collector marks.
//
//go:nosplit
func getGCMaskOnDemand(t *_type) *byte {
	slot := unsafe.Pointer(t.GCData)
	for {
		built := (*byte)(atomic.Loadp(slot))
		if built != nil && built != &inProgress {
			return built
		}
		if built == nil && atomic.Casp1((*unsafe.Pointer)(slot), nil, unsafe.Pointer(&inProgress)) {
			break
		}
		osyield()
	}
	words := t.PtrBytes / goarch.PtrSize
	mask := (*byte)(persistentalloc(goarch.PtrSize*divRoundUp(words, 8*goarch.PtrSize), goarch.PtrSize, &memstats.other_sys))
	systemstack(func() { buildGCMask(t, bitCursor{ptr: mask, n: 0}) })
	atomic.StorepNoWB(slot, unsafe.Pointer(mask))
	return mask
}
