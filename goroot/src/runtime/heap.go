// The heap's pages. One range of addresses is reserved at the first allocation; pages are committed at its end as
// the heap grows and handed out as spans. Free spans are merged with their neighbours.

package runtime

import (
	"internal/runtime/gc"
	"internal/runtime/sys"
	"unsafe"
)

const (
	_PageShift = gc.PageShift
	_PageSize  = gc.PageSize

	heapReserve   = 1 << 40 // addresses asked for; halved until the kernel agrees
	heapReserveLo = 1 << 28
	arenaPages    = 8192 // pages a table of spans covers
	arenaShift    = _PageShift + 13
	heapGrowMin   = 1 << 20 // least that is committed at once
	heapGrowMax   = 64 << 20

	maxAlloc        = 1 << 48
	maxSmallSize    = gc.MaxSmallSize
	maxTinySize     = gc.TinySize
	numSpanClasses  = gc.NumSizeClasses * 2
	minLegalPointer = 4096
)

// spanState says what the pages of a span are used for.
type spanState uint8

func (s spanState) get() spanState { return s }

const (
	spanDead   spanState = iota // not in use as a record
	spanFree                    // free pages
	spanHeap                    // objects
	spanManual                  // stacks and other memory without objects
)

// spanClass is a size class and, in bit 0, "no pointers".
type spanClass uint8

func makeSpanClass(sizeclass uint8, noscan bool) spanClass {
	if noscan {
		return spanClass(sizeclass<<1 | 1)
	}
	return spanClass(sizeclass << 1)
}

//go:nosplit
func (c spanClass) sizeclass() uint8 { return uint8(c >> 1) }

//go:nosplit
func (c spanClass) noscan() bool { return c&1 != 0 }

// mspan is a run of pages.
type mspan struct {
	_         sys.NotInHeap
	next      *mspan
	prev      *mspan
	list      *mSpanList
	startAddr uintptr
	npages    uintptr
	elemsize  uintptr
	limit     uintptr // end of the data that was asked for (large objects) or of the last object
	nelems    uintptr
	freeIndex uintptr // objects before it are in use (or were tried)
	divMul    uint32
	state     spanState
	spanclass spanClass
	released  uintptr // free pages that the kernel has got back
	needzero  bool    // memory may hold something else than zeros
	cached    bool // in some P's cache

	allocCount     uint16 // objects in use
	counted        uint16 // how many of them are in the figures
	manualFreeList gclinkptr

	allocBits *[1 << 20]uint64 // objects in use before freeIndex is reached
	markBits  *[1 << 20]uint64
	types     *[1 << 20]uint32 // typeRef of each object; nil: no pointers, or words that are all pointers

	specialLock mutex
	specials    *special

	index int // in mheap_.spans
}

func (s *mspan) base() uintptr { return s.startAddr }

// mSpanList is a doubly linked list.
type mSpanList struct {
	_     sys.NotInHeap
	first *mspan
	last  *mspan
}

func (l *mSpanList) init() { l.first, l.last = nil, nil }

func (l *mSpanList) isEmpty() bool { return l.first == nil }

func (l *mSpanList) insert(s *mspan) {
	s.next = l.first
	s.prev = nil
	if l.first != nil {
		l.first.prev = s
	} else {
		l.last = s
	}
	l.first = s
	s.list = l
}

func (l *mSpanList) remove(s *mspan) {
	if s.list != l {
		throw("span not in its list")
	}
	if s.prev != nil {
		s.prev.next = s.next
	} else {
		l.first = s.next
	}
	if s.next != nil {
		s.next.prev = s.prev
	} else {
		l.last = s.prev
	}
	s.next, s.prev, s.list = nil, nil, nil
}

const freeLists = 128

type mheap struct {
	_        sys.NotInHeap
	lock     mutex
	lo       uintptr // reserved range
	hi       uintptr
	end      uintptr // committed up to here
	grow     uintptr
	free     [freeLists]mSpanList // by number of pages; 0: all larger ones
	partial  [numSpanClasses]mSpanList
	spans    *[1 << 30]*mspan // all spans with objects
	nspans   int
	capspans int
	pool     *mspan // unused records
	arenas   [heapReserve >> arenaShift]*[arenaPages]*mspan

	pagesInUse  uintptr
	pagesManual uintptr
	specialPool *special
	cachealloc  struct{ size uintptr } // asked when panicking: not 0 once the heap works
}

var mheap_ mheap

// heapInit reserves the addresses.
func heapInit() {
	h := &mheap_
	hint := uintptr(0xc000000000)
	for n := uintptr(heapReserve); n >= heapReserveLo; n >>= 1 {
		p := sysReserve(unsafe.Pointer(hint), n)
		if p != nil {
			h.lo = alignUp(uintptr(p), 1<<arenaShift)
			h.hi = alignDown(uintptr(p)+n, 1<<arenaShift)
			h.end = h.lo
			h.grow = heapGrowMin
			return
		}
	}
	throw("runtime: cannot reserve memory for the heap")
}

// spanOf returns the span with address p, or nil. Only the first and the last page of a free span are known.
//
//go:nosplit
func spanOf(p uintptr) *mspan {
	if p < mheap_.lo || p >= mheap_.end {
		return nil
	}
	off := p - mheap_.lo
	a := mheap_.arenas[off>>arenaShift]
	if a == nil {
		return nil
	}
	return a[off>>_PageShift%arenaPages]
}

//go:nosplit
func spanOfUnchecked(p uintptr) *mspan { return spanOf(p) }

// spanOfHeap returns the span of objects that p points into.
//
//go:nosplit
func spanOfHeap(p uintptr) *mspan {
	s := spanOf(p)
	if s == nil || s.state != spanHeap || p < s.startAddr || p >= s.limit {
		return nil
	}
	return s
}

func (h *mheap) setSpan(p uintptr, s *mspan) {
	off := p - h.lo
	i := off >> arenaShift
	a := h.arenas[i]
	if a == nil {
		a = (*[arenaPages]*mspan)(sysAlloc(arenaPages*8, &memstats.gcMiscSys, "spans"))
		if a == nil {
			throw("runtime: out of memory")
		}
		h.arenas[i] = a
	}
	a[off>>_PageShift%arenaPages] = s
}

func (h *mheap) newSpan() *mspan {
	s := h.pool
	if s != nil {
		h.pool = s.next
		*s = mspan{}
		return s
	}
	return (*mspan)(persistentalloc(unsafe.Sizeof(mspan{}), 8, &memstats.gcMiscSys))
}

func (h *mheap) dropSpan(s *mspan) {
	s.state = spanDead
	s.next = h.pool
	h.pool = s
}

// insertFree makes pages free: the record's ends go to the table.
func (h *mheap) insertFree(s *mspan) {
	s.state = spanFree
	h.setSpan(s.startAddr, s)
	h.setSpan(s.startAddr+s.npages*_PageSize-1, s)
	i := s.npages
	if i >= freeLists {
		i = 0
	}
	h.free[i].insert(s)
}

func (h *mheap) removeFree(s *mspan) {
	i := s.npages
	if i >= freeLists {
		i = 0
	}
	h.free[i].remove(s)
}

// release merges a span's pages with free neighbours.
func (h *mheap) release(s *mspan) {
	if b := spanOf(s.startAddr - 1); b != nil && b.state == spanFree {
		h.removeFree(b)
		s.startAddr = b.startAddr
		s.npages += b.npages
		s.addReleased(b)
		s.needzero = s.needzero || b.needzero
		h.dropSpan(b)
	}
	if a := spanOf(s.startAddr + s.npages*_PageSize); a != nil && a.state == spanFree {
		h.removeFree(a)
		s.npages += a.npages
		s.addReleased(a)
		s.needzero = s.needzero || a.needzero
		h.dropSpan(a)
	}
	h.insertFree(s)
}

// commit makes the heap bigger by at least npages.
func (h *mheap) commit(npages uintptr) bool {
	n := npages * _PageSize
	if n < h.grow {
		n = h.grow
		if h.grow < heapGrowMax {
			h.grow *= 2
		}
	}
	if n > h.hi-h.end {
		n = h.hi - h.end
		if n < npages*_PageSize {
			return false
		}
	}
	sysCommit(unsafe.Pointer(h.end), n)
	memstats.heapSys.add(int64(n))
	s := h.newSpan()
	s.startAddr = h.end
	s.npages = n / _PageSize
	h.end += n
	h.release(s)
	return true
}

// allocPages returns a span of exactly npages, state not yet set. h.lock is held.
func (h *mheap) allocPages(npages uintptr) *mspan {
	if h.lo == 0 {
		heapInit()
	}
	for {
		for i := npages; i < freeLists; i++ {
			if s := h.free[i].first; s != nil {
				return h.takePages(s, npages)
			}
		}
		var best *mspan
		for s := h.free[0].first; s != nil; s = s.next {
			if s.npages >= npages && (best == nil || s.npages < best.npages || s.npages == best.npages && s.startAddr < best.startAddr) {
				best = s
			}
		}
		if best != nil {
			return h.takePages(best, npages)
		}
		if !h.commit(npages) {
			return nil
		}
	}
}

func (h *mheap) takePages(s *mspan, npages uintptr) *mspan {
	h.removeFree(s)
	if s.npages > npages {
		rest := h.newSpan()
		rest.splitReleased(s, npages)
		rest.startAddr = s.startAddr + npages*_PageSize
		rest.npages = s.npages - npages
		rest.needzero = s.needzero
		s.npages = npages
		h.insertFree(rest)
	}
	s.reuse()
	for i := uintptr(0); i < npages; i++ {
		h.setSpan(s.startAddr+i*_PageSize, s)
	}
	h.pagesInUse += npages
	return s
}

// spanAllocType says what manual memory is for.
type spanAllocType uint8

const (
	spanAllocHeap spanAllocType = iota
	spanAllocStack
	spanAllocWorkBuf
)

// allocManual returns pages that hold no objects; needzero tells whether they are dirty.
//
//go:systemstack
func (h *mheap) allocManual(npages uintptr, typ spanAllocType) *mspan {
	lock(&h.lock)
	s := h.allocPages(npages)
	if s != nil {
		s.state = spanManual
		s.limit = s.startAddr + npages*_PageSize
		s.manualFreeList = 0
		s.allocCount = 0
		s.elemsize = 0
		h.pagesManual += npages
	}
	unlock(&h.lock)
	return s
}

//go:systemstack
func (h *mheap) freeManual(s *mspan, typ spanAllocType) {
	lock(&h.lock)
	h.pagesManual -= s.npages
	h.pagesInUse -= s.npages
	s.needzero = true
	h.release(s)
	unlock(&h.lock)
}

// allocSpan returns a span for objects. h.lock is not held.
func (h *mheap) allocSpan(npages uintptr, class spanClass, elemsize uintptr) *mspan {
	lock(&h.lock)
	s := h.allocPages(npages)
	if s == nil {
		unlock(&h.lock)
		return nil
	}
	s.spanclass = class
	s.elemsize = elemsize
	s.specials = nil
	s.freeIndex = 0
	s.allocCount = 0
	if class.sizeclass() == 0 {
		s.nelems = 1
		s.divMul = 0
	} else {
		s.nelems = npages * _PageSize / elemsize
		s.divMul = gc.SizeClassToDivMagic[class.sizeclass()]
	}
	s.limit = s.startAddr + s.nelems*elemsize
	words := (s.nelems + 63) / 64
	s.allocBits = (*[1 << 20]uint64)(metaAlloc(words * 8))
	s.markBits = (*[1 << 20]uint64)(metaAlloc(words * 8))
	s.types = nil
	if !class.noscan() && elemsize > 8 {
		s.types = (*[1 << 20]uint32)(metaAlloc(s.nelems * 4))
	}
	h.addSpan(s)
	s.state = spanHeap
	unlock(&h.lock)
	return s
}

func (h *mheap) addSpan(s *mspan) {
	if h.nspans == h.capspans {
		n := h.capspans * 2
		if n == 0 {
			n = 64
		}
		p := (*[1 << 30]*mspan)(persistentalloc(uintptr(n)*8, 8, &memstats.gcMiscSys))
		for i := 0; i < h.nspans; i++ {
			p[i] = h.spans[i]
		}
		h.spans = p
		h.capspans = n
	}
	s.index = h.nspans
	h.spans[h.nspans] = s
	h.nspans++
}

// freeSpan gives the pages of a span without objects back. h.lock is held.
func (h *mheap) freeSpan(s *mspan) {
	words := (s.nelems + 63) / 64
	metaRelease(unsafe.Pointer(s.allocBits), words*8)
	metaRelease(unsafe.Pointer(s.markBits), words*8)
	if s.types != nil {
		metaRelease(unsafe.Pointer(s.types), s.nelems*4)
	}
	s.allocBits, s.markBits, s.types = nil, nil, nil
	last := h.spans[h.nspans-1]
	h.spans[s.index] = last
	last.index = s.index
	h.nspans--
	h.pagesInUse -= s.npages
	s.needzero = true
	h.release(s)
}

func (s *mspan) addReleased(other *mspan) { s.released += other.released }

// splitReleased: s gets what lies behind the first npages of another span.
func (s *mspan) splitReleased(first *mspan, npages uintptr) {
	if first.released > npages {
		s.released = first.released - npages
		first.released = npages
	}
}

// reuse notes that a span's pages are in use again.
func (s *mspan) reuse() {
	memstats.heapReleased -= uint64(s.released * _PageSize)
	s.released = 0
}

// scavenge gives the memory of all free pages back to the kernel.
func (h *mheap) scavenge() {
	lock(&h.lock)
	for i := range h.free {
		for s := h.free[i].first; s != nil; s = s.next {
			if s.needzero {
				sysUnused(unsafe.Pointer(s.startAddr), s.npages*_PageSize)
				s.needzero = false
				memstats.heapReleased += uint64((s.npages - s.released) * _PageSize)
				s.released = s.npages
			}
		}
	}
	unlock(&h.lock)
}
