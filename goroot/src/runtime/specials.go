// What hangs on an object without being part of it: finalizers, cleanups, weak pointers.

package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"internal/runtime/sys"
	"unsafe"
)

const (
	specialFinalizer = iota + 1
	specialCleanup
	specialWeak
	specialPin
	specialBubbled
	specialProfile // arg: the bucket of the heap profile
)

// special is one record; those of a span are in one list.
type special struct {
	_    sys.NotInHeap
	next *special
	addr uintptr // the pointer that it was made for
	kind uint8
	id   uint64
	fn   *funcval
	arg  unsafe.Pointer // cleanup: argument; weak: the handle
	call func(*funcval, unsafe.Pointer)
	nret uintptr
	fint *_type
	ot   *ptrtype
}

var specialLock mutex

func newSpecial() *special {
	lock(&specialLock)
	sp := mheap_.specialPool
	if sp != nil {
		mheap_.specialPool = sp.next
	}
	unlock(&specialLock)
	if sp == nil {
		return (*special)(persistentalloc(unsafe.Sizeof(special{}), 8, &memstats.other_sys))
	}
	*sp = special{}
	return sp
}

func freeSpecial(sp *special) {
	lock(&specialLock)
	*sp = special{}
	sp.next = mheap_.specialPool
	mheap_.specialPool = sp
	unlock(&specialLock)
}

// link adds sp to its object's span; false if one of that kind is there already (unless many are allowed).
func (sp *special) link(p uintptr, many bool) bool {
	s := spanOfHeap(p)
	if s == nil {
		throw("special on a pointer that is not in the heap")
	}
	sp.addr = p
	mp := acquirem()
	lock(&s.specialLock)
	if !many {
		i := s.objIndex(p)
		for q := s.specials; q != nil; q = q.next {
			if q.kind == sp.kind && q.addr == p && s.objIndex(q.addr) == i {
				unlock(&s.specialLock)
				releasem(mp)
				return false
			}
		}
	}
	sp.next = s.specials
	s.specials = sp
	unlock(&s.specialLock)
	releasem(mp)
	return true
}

// markRoot keeps alive what the record itself needs, not the object.
func (sp *special) markRoot(s *mspan) {
	switch sp.kind {
	case specialFinalizer:
		// Everything that the object points to stays, so that the finalizer can use it.
		i := s.objIndex(sp.addr)
		if !s.spanclass.noscan() {
			scanObject(s, s.startAddr+i*s.elemsize, i)
		}
		markPointer(uintptr(unsafe.Pointer(sp.fn)))
		markPointer(uintptr(unsafe.Pointer(sp.fint)))
		markPointer(uintptr(unsafe.Pointer(sp.ot)))
	case specialCleanup:
		markPointer(uintptr(unsafe.Pointer(sp.fn)))
		markPointer(uintptr(sp.arg))
		markPointer(*(*uintptr)(unsafe.Pointer(&sp.call)))
	case specialWeak:
		markPointer(uintptr(sp.arg))
	case specialPin:
		markPointer(sp.addr)
	}
}

// markSpecials runs after marking: weak pointers to dead objects are cleared, then objects with finalizers live once more.
func markSpecials() {
	for i := 0; i < mheap_.nspans; i++ {
		s := mheap_.spans[i]
		for sp := s.specials; sp != nil; sp = sp.next {
			if sp.kind == specialWeak && !s.isMarked(s.objIndex(sp.addr)) {
				(*atomic.Uintptr)(sp.arg).Store(0)
			}
		}
	}
}

// sweepSpecials handles the records of dead objects of a span.
func (s *mspan) sweepSpecials() {
	// An object with a finalizer survives this collection; its cleanups wait.
	for sp := s.specials; sp != nil; sp = sp.next {
		if sp.kind != specialFinalizer {
			continue
		}
		i := s.objIndex(sp.addr)
		if s.isMarked(i) {
			continue
		}
		sp.id = 1 // dead: queue it below, once all of the object's finalizers are seen
	}
	for sp := s.specials; sp != nil; sp = sp.next {
		if sp.kind == specialFinalizer && sp.id == 1 {
			i := s.objIndex(sp.addr)
			if !s.isMarked(i) {
				s.markBits[i/64] |= 1 << (i % 64)
				gcState.marked += uint64(s.elemsize)
			}
		}
	}
	link := &s.specials
	for sp := *link; sp != nil; sp = *link {
		if sp.kind == specialFinalizer && sp.id == 1 {
			*link = sp.next
			queuefinalizer(unsafe.Pointer(sp.addr), sp.fn, sp.nret, sp.fint, sp.ot)
			freeSpecial(sp)
			continue
		}
		if s.isMarked(s.objIndex(sp.addr)) {
			if sp.kind == specialWeak && (*atomic.Uintptr)(sp.arg).Load() == 0 {
				// Kept by its finalizer only: weak pointers are gone already.
				*link = sp.next
				freeSpecial(sp)
				continue
			}
			link = &sp.next
			continue
		}
		*link = sp.next
		switch sp.kind {
		case specialCleanup:
			gcCleanups.enqueue(cleanupFn{call: sp.call, fn: sp.fn, arg: sp.arg})
		case specialProfile:
			mProf_Free((*bucket)(sp.arg), s.elemsize)
		}
		freeSpecial(sp)
	}
}

func addfinalizer(p unsafe.Pointer, f *funcval, nret uintptr, fint *_type, ot *ptrtype) bool {
	sp := newSpecial()
	sp.kind = specialFinalizer
	sp.fn, sp.nret, sp.fint, sp.ot = f, nret, fint, ot
	if sp.link(uintptr(p), false) {
		return true
	}
	freeSpecial(sp)
	return false
}

func removefinalizer(p unsafe.Pointer) { unlinkSpecial(uintptr(p), specialFinalizer, 0) }

// unlinkSpecial removes the record of that kind (and, if not 0, id) of a pointer.
func unlinkSpecial(p uintptr, kind uint8, id uint64) bool {
	s := spanOfHeap(p)
	if s == nil {
		return false
	}
	mp := acquirem()
	lock(&s.specialLock)
	link := &s.specials
	for sp := *link; sp != nil; sp = *link {
		if sp.kind == kind && sp.addr == p && (id == 0 || sp.id == id) {
			*link = sp.next
			unlock(&s.specialLock)
			freeSpecial(sp)
			releasem(mp)
			return true
		}
		link = &sp.next
	}
	unlock(&s.specialLock)
	releasem(mp)
	return false
}

var cleanupID atomic.Uint64

// AddCleanup attaches a cleanup function to ptr: it runs with arg some time after ptr is no longer reachable.
func AddCleanup[T, S any](ptr *T, cleanup func(S), arg S) Cleanup {
	ptr = abi.Escape(ptr)
	cleanup = abi.Escape(cleanup)
	if ptr == nil {
		panic("runtime.AddCleanup: ptr is nil")
	}
	argType := abi.TypeOf(arg)
	argp := uintptr(0)
	if kind := argType.Kind(); kind == abi.Pointer || kind == abi.UnsafePointer {
		argp = *(*uintptr)(unsafe.Pointer(&arg))
		if argp == uintptr(unsafe.Pointer(ptr)) {
			panic("runtime.AddCleanup: ptr is equal to arg, cleanup will never run")
		}
	}
	box := unsafe.Pointer(new(S))
	if unsafe.Sizeof(arg) < maxTinySize && argType.PtrBytes == 0 {
		// Not in a block that other small objects keep alive.
		box = unsafe.Pointer(new([2]uintptr))
	}
	*(*S)(box) = arg
	return Cleanup{id: attachCleanup(unsafe.Pointer(ptr), argp, *(**funcval)(unsafe.Pointer(&cleanup)), callCleanup[S], box), ptr: uintptr(unsafe.Pointer(ptr))}
}

func attachCleanup(ptr unsafe.Pointer, argp uintptr, fn *funcval, call func(*funcval, unsafe.Pointer), arg unsafe.Pointer) uint64 {
	base, span, _ := findObject(uintptr(ptr), 0, 0)
	if base == 0 {
		if isGoPointerWithoutSpan(ptr) {
			return 0
		}
		panic("runtime.AddCleanup: ptr not in allocated block")
	}
	if argp >= base && argp < base+span.elemsize && !(span.spanclass.noscan() && span.elemsize == maxTinySize) {
		panic("runtime.AddCleanup: ptr is within arg, cleanup will never run")
	}
	if fb, fs, i := findObject(uintptr(unsafe.Pointer(fn)), 0, 0); fb != 0 && fs.types != nil {
		if t := refType(fs.types[i]); t != nil {
			mask := getGCMask(t)
			for w := uintptr(0); w < t.PtrBytes/8; w++ {
				if *addb(mask, w/8)>>(w%8)&1 != 0 {
					if q := *(*uintptr)(unsafe.Pointer(fb + w*8)); q >= base && q < base+span.elemsize {
						panic("runtime.AddCleanup: cleanup function closes over ptr, cleanup will never run")
					}
				}
			}
		}
	}
	if gcCleanups.ng.Load() != 0 && gcCleanups.needG() {
		gcCleanups.createGs()
	}
	sp := newSpecial()
	sp.kind = specialCleanup
	sp.fn, sp.call, sp.arg = fn, call, arg
	id := cleanupID.Add(1)
	sp.id = id
	sp.link(uintptr(ptr), true)
	KeepAlive(ptr)
	return id
}

// Stop cancels the cleanup call.
func (c Cleanup) Stop() {
	if c.id != 0 {
		unlinkSpecial(c.ptr, specialCleanup, c.id)
	}
}

func setFinalizerContext(ptr unsafe.Pointer, ptrType *_type, createPC, funcPC uintptr) {}
func clearFinalizerContext(ptr uintptr)                                                {}

func isGoPointerWithoutSpan(p unsafe.Pointer) bool { return spanOf(uintptr(p)) == nil }

//go:nosplit
func heapBitsInSpan(size uintptr) bool { return true }

func inUserArenaChunk(p uintptr) bool { return false }

// immortalWeak maps pointers to memory that is never freed to their handles.
var immortalWeak struct {
	lock mutex
	list *immortalHandle
}

type immortalHandle struct {
	next   *immortalHandle
	handle atomic.Uintptr
}

// weakHandle returns the word that weak pointers to p share: it holds p until p's object dies.
func weakHandle(p unsafe.Pointer, make bool) unsafe.Pointer {
	s := spanOfHeap(uintptr(p))
	if s == nil {
		im := &immortalWeak
		fresh := new(immortalHandle)
		lock(&im.lock)
		for h := im.list; h != nil; h = h.next {
			if h.handle.Load() == uintptr(p) {
				unlock(&im.lock)
				return unsafe.Pointer(&h.handle)
			}
		}
		fresh.handle.Store(uintptr(p))
		fresh.next = im.list
		im.list = fresh
		unlock(&im.lock)
		return unsafe.Pointer(&fresh.handle)
	}
	for {
		mp := acquirem()
		lock(&s.specialLock)
		for sp := s.specials; sp != nil; sp = sp.next {
			if sp.kind == specialWeak && sp.addr == uintptr(p) {
				h := sp.arg
				unlock(&s.specialLock)
				releasem(mp)
				KeepAlive(p)
				return h
			}
		}
		unlock(&s.specialLock)
		releasem(mp)
		// A block of its own, so that nothing else keeps the handle alive.
		type box struct {
			h atomic.Uintptr
			_ uintptr
		}
		handle := new(box)
		handle.h.Store(uintptr(p))
		sp := newSpecial()
		sp.kind = specialWeak
		sp.arg = unsafe.Pointer(handle)
		if sp.link(uintptr(p), false) {
			KeepAlive(p)
			return unsafe.Pointer(handle)
		}
		freeSpecial(sp)
	}
}

//go:linkname internal_weak_runtime_registerWeakPointer weak.runtime_registerWeakPointer
func internal_weak_runtime_registerWeakPointer(p unsafe.Pointer) unsafe.Pointer {
	return weakHandle(p, true)
}

//go:linkname internal_weak_runtime_makeStrongFromWeak weak.runtime_makeStrongFromWeak
func internal_weak_runtime_makeStrongFromWeak(u unsafe.Pointer) unsafe.Pointer {
	if u == nil {
		return nil
	}
	mp := acquirem() // no collection between reading the word and holding the pointer
	p := unsafe.Pointer((*atomic.Uintptr)(u).Load())
	releasem(mp)
	return p
}

// getOrSetBubbleSpecial tells which synctest bubble an object (of package sync) belongs to, or notes it.
func getOrSetBubbleSpecial(p unsafe.Pointer, bubbleid uint64, add bool) (assoc int) {
	s := spanOfHeap(uintptr(p))
	if s == nil {
		return bubbleAssocUnbubbled
	}
	fresh := newSpecial()
	mp := acquirem()
	lock(&s.specialLock)
	for sp := s.specials; sp != nil; sp = sp.next {
		if sp.kind == specialBubbled && sp.addr == uintptr(p) {
			same := sp.id == bubbleid
			unlock(&s.specialLock)
			releasem(mp)
			freeSpecial(fresh)
			if same {
				return bubbleAssocCurrentBubble
			}
			return bubbleAssocOtherBubble
		}
	}
	if !add {
		unlock(&s.specialLock)
		releasem(mp)
		freeSpecial(fresh)
		return bubbleAssocUnbubbled
	}
	fresh.kind = specialBubbled
	fresh.addr = uintptr(p)
	fresh.id = bubbleid
	fresh.next = s.specials
	s.specials = fresh
	unlock(&s.specialLock)
	releasem(mp)
	return bubbleAssocCurrentBubble
}

//go:linkname synctest_disassociate internal/synctest.disassociate
func synctest_disassociate(p unsafe.Pointer) { unlinkSpecial(uintptr(p), specialBubbled, 0) }
