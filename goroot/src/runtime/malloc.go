// Allocation of objects: size classes, a cache of spans per P, and the notes that the collector needs about an
// object (which type it has, if that has pointers).

package runtime

import (
	"internal/abi"
	"internal/goarch"
	"internal/runtime/atomic"
	"internal/runtime/gc"
	"internal/runtime/math"
	"internal/runtime/sys"
	"unsafe"
)

// zerobase is where all objects of size 0 are.
var zerobase uintptr

// A gclinkptr is a link of a list of free memory (stacks).
type gclinkptr uintptr
type gclink struct {
	next gclinkptr
}

func (p gclinkptr) ptr() *gclink { return (*gclink)(unsafe.Pointer(p)) }

type stackfreelist struct {
	list gclinkptr
	size uintptr
}

// mcache is a P's own stock.
type mcache struct {
	_          sys.NotInHeap
	tiny       uintptr // block for small objects without pointers
	tinyoffset uintptr
	alloc      [numSpanClasses]*mspan
	stackcache [_NumStackOrders]stackfreelist
	// how often each was filled, up to the number that counts
	stackRefills [_NumStackOrders]uint8

	tinyAllocs uint64 // objects that found room in a block with others
	liveBytes  uint64 // allocated since the last collection, not yet in gcState.live

	nextSample  int64 // bytes to the next object in the heap profile
	memProfRate int   // the rate that nextSample was drawn with
}

// emptySpan is what a cache holds before it has a span: full.
var emptySpan mspan

// mcache0 serves before there is a P.
var mcache0 *mcache

func allocmcache() *mcache {
	c := (*mcache)(metaAlloc(unsafe.Sizeof(mcache{})))
	for i := range c.alloc {
		c.alloc[i] = &emptySpan
	}
	return c
}

func freemcache(c *mcache) {
	systemstack(func() {
		c.flush()
		gcState.counts.tinyAllocs += c.tinyAllocs
		stackcache_clear(c)
		metaRelease(unsafe.Pointer(c), unsafe.Sizeof(mcache{}))
	})
}

func getMCache(mp *m) *mcache {
	if pp := mp.p.ptr(); pp != nil {
		return pp.mcache
	}
	return mcache0
}

// flush gives the spans back to the heap's lists.
func (c *mcache) flush() {
	h := &mheap_
	lock(&h.lock)
	for i, s := range c.alloc {
		if s != &emptySpan {
			s.cached = false
			s.countAllocs()
			if s.freeIndex < s.nelems {
				h.partial[i].insert(s)
			}
			c.alloc[i] = &emptySpan
		}
	}
	unlock(&h.lock)
	c.tiny = 0
	c.tinyoffset = 0
	gcState.account(c)
}

func mallocinit() {
	mcache0 = allocmcache()
	mheap_.cachealloc.size = 1
}

// roundupsize returns the size of the block that an allocation of size bytes gets.
func roundupsize(size uintptr, noscan bool) uintptr {
	if size <= gc.SmallSizeMax-8 {
		return uintptr(gc.SizeClassToSize[gc.SizeToSizeClass8[(size+7)>>3]])
	}
	if size <= maxSmallSize {
		return uintptr(gc.SizeClassToSize[sizeClass(size)])
	}
	size += _PageSize - 1
	if size < _PageSize {
		return ^uintptr(_PageSize - 1)
	}
	return size &^ (_PageSize - 1)
}

func sizeClass(size uintptr) uint8 {
	if size <= gc.SmallSizeMax-8 {
		return gc.SizeToSizeClass8[(size+7)>>3]
	}
	return gc.SizeToSizeClass128[(size-gc.SmallSizeMax+gc.LargeSizeDiv-1)/gc.LargeSizeDiv]
}

// nextFree returns the index of a free object, or nelems.
//
//go:nosplit
func (s *mspan) nextFree() uintptr {
	i := s.freeIndex
	for i < s.nelems {
		w := ^s.allocBits[i/64] >> (i % 64)
		if w != 0 {
			i += uintptr(sys.TrailingZeros64(w))
			break
		}
		i = (i/64 + 1) * 64
	}
	if i > s.nelems {
		i = s.nelems
	}
	return i
}

// refill puts a span with a free object into the cache.
func (c *mcache) refill(class spanClass) *mspan {
	h := &mheap_
	s := c.alloc[class]
	if gcState.sweeping {
		throw("allocation in the collector")
	}
	lock(&h.lock)
	if s != &emptySpan {
		s.cached = false
		s.countAllocs()
	}
	s = h.partial[class].first
	if s != nil {
		h.partial[class].remove(s)
	}
	unlock(&h.lock)
	if s == nil {
		sc := class.sizeclass()
		s = h.allocSpan(uintptr(gc.SizeClassToNPages[sc]), class, uintptr(gc.SizeClassToSize[sc]))
		if s == nil {
			throw("out of memory")
		}
	}
	s.cached = true
	c.alloc[class] = s
	gcState.account(c)
	return s
}

// mallocgc allocates an object: size bytes that hold values of typ one after the other (nil: no pointers).
func mallocgc(size uintptr, typ *_type, needzero bool) unsafe.Pointer {
	if size == 0 {
		return unsafe.Pointer(&zerobase)
	}
	if gcState.due() {
		gcAllocPoint()
	}
	mp := acquirem()
	if mp.mallocing != 0 {
		throw("malloc deadlock")
	}
	if mp.gsignal == getg() {
		throw("malloc during signal")
	}
	mp.mallocing = 1
	c := getMCache(mp)
	if c == nil {
		throw("mallocgc called without a P or outside bootstrapping")
	}
	noscan := typ == nil || !typ.Pointers()
	var x unsafe.Pointer
	if size > maxSmallSize {
		systemstack(func() { x = mallocLarge(size, typ, noscan, needzero) })
		c.liveBytes += uint64(size)
		gcState.account(c)
		if full := alignUp(size, _PageSize); c.sampled(full) {
			profileAlloc(c, mp, x, full)
		}
	} else if noscan && size < maxTinySize {
		x = mallocTiny(c, mp, size)
	} else {
		class := makeSpanClass(sizeClass(size), noscan)
		s := c.alloc[class]
		i := s.nextFree()
		if i == s.nelems {
			if x = bootAlloc(size); x != nil {
				mp.mallocing = 0
				releasem(mp)
				return x
			}
			systemstack(func() { s = c.refill(class) })
			i = s.nextFree()
		}
		s.freeIndex = i + 1
		s.allocCount++
		c.liveBytes += uint64(s.elemsize)
		x = unsafe.Pointer(s.startAddr + i*s.elemsize)
		if s.needzero && (needzero || !noscan) {
			memclrNoHeapPointers(x, s.elemsize)
		}
		if s.types != nil {
			s.types[i] = typeRef(typ)
		}
		if c.sampled(s.elemsize) {
			profileAlloc(c, mp, x, s.elemsize)
		}
	}
	mp.mallocing = 0
	releasem(mp)
	if stackStress {
		stressStack(getg())
	}
	return x
}

// mallocTiny packs small objects without pointers into blocks of 16 bytes.
func mallocTiny(c *mcache, mp *m, size uintptr) unsafe.Pointer {
	off := c.tinyoffset
	if size&7 == 0 {
		off = alignUp(off, 8)
	} else if size&3 == 0 {
		off = alignUp(off, 4)
	} else if size&1 == 0 {
		off = alignUp(off, 2)
	}
	if off+size <= maxTinySize && c.tiny != 0 {
		x := unsafe.Pointer(c.tiny + off)
		c.tinyoffset = off + size
		c.tinyAllocs++
		return x
	}
	const class = spanClass(gc.TinySizeClass<<1 | 1)
	s := c.alloc[class]
	i := s.nextFree()
	if i == s.nelems {
		if x := bootAlloc(size); x != nil {
			return x
		}
		systemstack(func() { s = c.refill(class) })
		i = s.nextFree()
	}
	s.freeIndex = i + 1
	s.allocCount++
	c.liveBytes += maxTinySize
	x := unsafe.Pointer(s.startAddr + i*s.elemsize)
	(*[2]uint64)(x)[0] = 0
	(*[2]uint64)(x)[1] = 0
	if size < c.tinyoffset || c.tiny == 0 {
		c.tiny = uintptr(x)
		c.tinyoffset = size
	}
	if c.sampled(maxTinySize) {
		profileAlloc(c, mp, x, maxTinySize)
	}
	return x
}

// mallocLarge gives an object its own span.
func mallocLarge(size uintptr, typ *_type, noscan, needzero bool) unsafe.Pointer {
	if size+_PageSize < size {
		throw("out of memory")
	}
	npages := (size + _PageSize - 1) >> _PageShift
	s := mheap_.allocSpan(npages, makeSpanClass(0, noscan), npages*_PageSize)
	if s == nil {
		print("runtime: out of memory: cannot allocate ", npages*_PageSize, "-byte block (", gcState.live.Load(), " in use)\n")
		throw("out of memory")
	}
	s.freeIndex = 1
	s.allocCount = 1
	s.countLarge()
	s.limit = s.startAddr + size
	if s.needzero && (needzero || !noscan) {
		memclrNoHeapPointers(unsafe.Pointer(s.startAddr), size)
	}
	if s.types != nil {
		s.types[0] = typeRef(typ)
	}
	return unsafe.Pointer(s.startAddr)
}

// typeRef is a type as a column of a span holds it: offset in the image plus one, or (odd types that reflection
// made live in the heap) an index into a table, counted down from the top.
func typeRef(t *_type) uint32 {
	off := uintptr(unsafe.Pointer(t)) - firstmoduledata.types
	if off < 1<<31 {
		return uint32(off) + 1
	}
	return heapTypeRef(t)
}

func refType(r uint32) *_type {
	if r < 1<<31+1 {
		if r == 0 {
			return nil
		}
		return (*_type)(unsafe.Pointer(firstmoduledata.types + uintptr(r-1)))
	}
	return heapTypes.list[r-(1<<31+1)]
}

var heapTypes struct {
	lock mutex
	list *[1 << 24]*_type
	hash *[1 << 24]uint32 // index + 1; size is twice the list's
	n    uint32
	cap  uint32
}

func heapTypeHash(t *_type) uint32 {
	return uint32(uintptr(unsafe.Pointer(t))>>4) * 0x9e3779b1
}

func heapTypeRef(t *_type) uint32 {
	h := &heapTypes
	lock(&h.lock)
	if h.n == h.cap {
		n := h.cap * 2
		if n == 0 {
			n = 64
		}
		list := (*[1 << 24]*_type)(persistentalloc(uintptr(n)*8, 8, &memstats.gcMiscSys))
		hash := (*[1 << 24]uint32)(persistentalloc(uintptr(n)*8, 8, &memstats.gcMiscSys))
		for i := uint32(0); i < h.n; i++ {
			list[i] = h.list[i]
			j := heapTypeHash(list[i]) & (2*n - 1)
			for hash[j] != 0 {
				j = (j + 1) & (2*n - 1)
			}
			hash[j] = i + 1
		}
		h.list, h.hash, h.cap = list, hash, n
	}
	j := heapTypeHash(t) & (2*h.cap - 1)
	for h.hash[j] != 0 {
		if h.list[h.hash[j]-1] == t {
			r := h.hash[j] - 1
			unlock(&h.lock)
			return 1<<31 + 1 + r
		}
		j = (j + 1) & (2*h.cap - 1)
	}
	r := h.n
	h.list[r] = t
	h.hash[j] = r + 1
	h.n++
	unlock(&h.lock)
	return 1<<31 + 1 + r
}

func newobject(typ *_type) unsafe.Pointer {
	return mallocgc(typ.Size_, typ, true)
}

//go:linkname maps_newobject internal/runtime/maps.newobject
func maps_newobject(typ *_type) unsafe.Pointer { return newobject(typ) }

//go:linkname reflect_unsafe_New reflect.unsafe_New
func reflect_unsafe_New(typ *_type) unsafe.Pointer { return mallocgc(typ.Size_, typ, true) }

//go:linkname reflectlite_unsafe_New internal/reflectlite.unsafe_New
func reflectlite_unsafe_New(typ *_type) unsafe.Pointer { return mallocgc(typ.Size_, typ, true) }

func newarray(typ *_type, n int) unsafe.Pointer {
	if n == 1 {
		return mallocgc(typ.Size_, typ, true)
	}
	mem, overflow := math.MulUintptr(typ.Size_, uintptr(n))
	if overflow || mem > maxAlloc || n < 0 {
		panic(plainError("runtime: allocation size out of range"))
	}
	return mallocgc(mem, typ, true)
}

//go:linkname reflect_unsafe_NewArray reflect.unsafe_NewArray
func reflect_unsafe_NewArray(typ *_type, n int) unsafe.Pointer { return newarray(typ, n) }

//go:linkname maps_newarray internal/runtime/maps.newarray
func maps_newarray(typ *_type, n int) unsafe.Pointer { return newarray(typ, n) }

// objIndex is the number of the object that p points into.
//
//go:nosplit
func (s *mspan) objIndex(p uintptr) uintptr {
	return uintptr(uint64(p-s.startAddr) * uint64(s.divMul) >> 32)
}

// findObject returns the start of the object that p points into, its span and its number; 0 if it is none.
//
//go:nosplit
func findObject(p, refBase, refOff uintptr) (base uintptr, s *mspan, objIndex uintptr) {
	s = spanOfHeap(p)
	if s == nil {
		return
	}
	objIndex = s.objIndex(p)
	base = s.startAddr + objIndex*s.elemsize
	return
}

//go:linkname reflect_verifyNotInHeapPtr reflect.verifyNotInHeapPtr
func reflect_verifyNotInHeapPtr(p uintptr) bool {
	return spanOf(p) == nil && p != clobberdeadPtr
}

const clobberdeadPtr = uintptr(0xdeaddead | 0xdeaddead<<((^uintptr(0)>>63)*32))

//go:nosplit
func inHeapOrStack(p uintptr) bool {
	s := spanOf(p)
	return s != nil && (s.state == spanHeap || s.state == spanManual)
}

//go:nosplit
func inheap(p uintptr) bool { return spanOfHeap(p) != nil }

// Moves and clears of typed memory need no barrier: the collector stops the world.

//go:nosplit
func typedmemmove(typ *_type, dst, src unsafe.Pointer) {
	if dst != src {
		memmove(dst, src, typ.Size_)
	}
}

//go:linkname reflect_typedmemmove reflect.typedmemmove
func reflect_typedmemmove(typ *_type, dst, src unsafe.Pointer) { typedmemmove(typ, dst, src) }

//go:linkname reflectlite_typedmemmove internal/reflectlite.typedmemmove
func reflectlite_typedmemmove(typ *_type, dst, src unsafe.Pointer) { typedmemmove(typ, dst, src) }

//go:linkname maps_typedmemmove internal/runtime/maps.typedmemmove
func maps_typedmemmove(typ *_type, dst, src unsafe.Pointer) { typedmemmove(typ, dst, src) }

//go:nosplit
func reflectcallmove(typ *_type, dst, src unsafe.Pointer, size uintptr, regs *abi.RegArgs) {
	memmove(dst, src, size)
	for i := range regs.Ints {
		if regs.ReturnIsPtr.Get(i) {
			regs.Ptrs[i] = unsafe.Pointer(regs.Ints[i])
		}
	}
}

//go:nosplit
func typedslicecopy(typ *_type, dstPtr unsafe.Pointer, dstLen int, srcPtr unsafe.Pointer, srcLen int) int {
	n := min(dstLen, srcLen)
	if n != 0 && dstPtr != srcPtr {
		memmove(dstPtr, srcPtr, uintptr(n)*typ.Size_)
	}
	return n
}

//go:linkname reflect_typedslicecopy reflect.typedslicecopy
func reflect_typedslicecopy(elemType *_type, dst, src slice) int {
	return typedslicecopy(elemType, dst.array, dst.len, src.array, src.len)
}

//go:nosplit
func typedmemclr(typ *_type, ptr unsafe.Pointer) { memclrNoHeapPointers(ptr, typ.Size_) }

//go:linkname reflect_typedmemclr reflect.typedmemclr
func reflect_typedmemclr(typ *_type, ptr unsafe.Pointer) { typedmemclr(typ, ptr) }

//go:linkname maps_typedmemclr internal/runtime/maps.typedmemclr
func maps_typedmemclr(typ *_type, ptr unsafe.Pointer) { typedmemclr(typ, ptr) }

//go:linkname reflect_typedmemclrpartial reflect.typedmemclrpartial
func reflect_typedmemclrpartial(typ *_type, ptr unsafe.Pointer, off, size uintptr) {
	memclrNoHeapPointers(ptr, size)
}

//go:linkname reflect_typedarrayclear reflect.typedarrayclear
func reflect_typedarrayclear(typ *_type, ptr unsafe.Pointer, n int) {
	memclrNoHeapPointers(ptr, typ.Size_*uintptr(n))
}

//go:nosplit
func memclrHasPointers(ptr unsafe.Pointer, n uintptr) { memclrNoHeapPointers(ptr, n) }

func memclrNoHeapPointersChunked(size uintptr, x unsafe.Pointer) { memclrNoHeapPointers(x, size) }

//go:nosplit
func typeBitsBulkBarrier(typ *_type, dst, src, size uintptr) {}

//go:nosplit
func bulkBarrierPreWrite(dst, src, size uintptr, typ *_type) {}

//go:nosplit
func bulkBarrierPreWriteSrcOnly(dst, src, size uintptr, typ *abi.Type) {}

//go:nosplit
func atomicwb(ptr *unsafe.Pointer, new unsafe.Pointer) {}

// No code has write barriers.
var writeBarrier struct {
	enabled bool
	pad     [3]byte
}

// persistentAlloc, pageCache, wbBuf, gcWork: places in upstream's P that nothing uses here.
type persistentAlloc struct{}
type pageCache struct{}
type wbBuf struct{ next, end uintptr } // assembly that is never reached names them
type gcWork struct{}
type gcBgMarkWorkerNode struct{ gp guintptr }
type gcMarkWorkerMode int

const _ = goarch.PtrSize

var _ = atomic.Load
