// Memory from the kernel, and memory that is never given back: tables and records that live outside the collected heap.

package runtime

import (
	"internal/goarch"
	"internal/runtime/atomic"
	"unsafe"
)

// sysMemStat counts bytes got from the kernel for one purpose.
type sysMemStat uint64

//go:nosplit
func (s *sysMemStat) load() uint64 { return atomic.Load64((*uint64)(s)) }

//go:nosplit
func (s *sysMemStat) add(n int64) { atomic.Xadd64((*uint64)(s), n) }

func sysMmap(addr unsafe.Pointer, n uintptr, prot, flags, fd int32, off uint32) (p unsafe.Pointer, err int)
func sysMunmap(addr unsafe.Pointer, n uintptr)
func madvise(addr unsafe.Pointer, n uintptr, flags int32) int32

//go:nosplit
func mmap(addr unsafe.Pointer, n uintptr, prot, flags, fd int32, off uint32) (unsafe.Pointer, int) {
	return sysMmap(addr, n, prot, flags, fd, off)
}

//go:nosplit
func munmap(addr unsafe.Pointer, n uintptr) { sysMunmap(addr, n) }

const _MAP_NORESERVE = 0x4000

// sysAlloc returns zeroed pages, or nil.
//
//go:nosplit
func sysAlloc(n uintptr, stat *sysMemStat, name string) unsafe.Pointer {
	p, err := sysMmap(nil, alignUp(n, physPageSize0), _PROT_READ|_PROT_WRITE, _MAP_ANON|_MAP_PRIVATE, -1, 0)
	if err != 0 {
		return nil
	}
	stat.add(int64(n))
	return p
}

//go:nosplit
func sysFree(p unsafe.Pointer, n uintptr, stat *sysMemStat) {
	stat.add(-int64(n))
	sysMunmap(p, alignUp(n, physPageSize0))
}

// physPageSize0 is the smallest page of the architecture.
const physPageSize0 = 4096

// sysReserve reserves addresses without memory behind them.
func sysReserve(hint unsafe.Pointer, n uintptr) unsafe.Pointer {
	p, err := sysMmap(hint, n, _PROT_NONE, _MAP_ANON|_MAP_PRIVATE|_MAP_NORESERVE, -1, 0)
	if err != 0 {
		return nil
	}
	return p
}

// sysCommit makes reserved pages usable.
func sysCommit(p unsafe.Pointer, n uintptr) {
	if _, err := mprotect(p, n, _PROT_READ|_PROT_WRITE); err != 0 {
		throw("runtime: out of memory")
	}
}

// sysUnused tells the kernel that the contents are no longer needed; the pages read as zero afterwards.
func sysUnused(p unsafe.Pointer, n uintptr) {
	madvise(p, n, _MADV_DONTNEED)
}

func sysHugePage(p unsafe.Pointer, n uintptr) {}

// The first allocations come from here, so that small programs make no system call for them.
var persistentFirst [16 << 10]byte

var persistent struct {
	lock mutex
	next uintptr
	end  uintptr
}

const persistentChunk = 256 << 10

// persistentalloc returns zeroed memory for ever. align 0 means 8.
//
//go:nosplit
func persistentalloc(size, align uintptr, stat *sysMemStat) unsafe.Pointer {
	var p unsafe.Pointer
	systemstack(func() {
		p = persistentalloc1(size, align, stat)
	})
	return p
}

//go:systemstack
func persistentalloc1(size, align uintptr, stat *sysMemStat) unsafe.Pointer {
	if align == 0 {
		align = goarch.PtrSize
	}
	if size >= 64<<10 {
		p := sysAlloc(size, stat, "persistent")
		if p == nil {
			throw("runtime: cannot allocate memory")
		}
		return p
	}
	lock(&persistent.lock)
	if persistent.end == 0 {
		persistent.next = uintptr(unsafe.Pointer(&persistentFirst))
		persistent.end = persistent.next + unsafe.Sizeof(persistentFirst)
	}
	persistent.next = alignUp(persistent.next, align)
	if persistent.next+size > persistent.end {
		chunk := sysAlloc(persistentChunk, stat, "persistent")
		if chunk == nil {
			unlock(&persistent.lock)
			throw("runtime: cannot allocate memory")
		}
		persistent.next = uintptr(chunk)
		persistent.end = persistent.next + persistentChunk
	}
	p := unsafe.Pointer(persistent.next)
	persistent.next += size
	unlock(&persistent.lock)
	return p
}

// Records of the heap (bit masks, type columns) come in powers of two from 8 bytes and are used again.
var metaFree struct {
	lock mutex
	list [32]uintptr
}

func metaOrder(size uintptr) uintptr {
	order := uintptr(0)
	for uintptr(8)<<order < size {
		order++
	}
	return order
}

// metaAlloc returns zeroed memory of at least size bytes.
func metaAlloc(size uintptr) unsafe.Pointer {
	order := metaOrder(size)
	lock(&metaFree.lock)
	p := unsafe.Pointer(metaFree.list[order])
	if p != nil {
		metaFree.list[order] = *(*uintptr)(p)
	}
	unlock(&metaFree.lock)
	if p != nil {
		memclrNoHeapPointers(p, 8<<order)
		return p
	}
	return persistentalloc(8<<order, 8, &memstats.gcMiscSys)
}

func metaRelease(p unsafe.Pointer, size uintptr) {
	order := metaOrder(size)
	lock(&metaFree.lock)
	*(*uintptr)(p) = metaFree.list[order]
	metaFree.list[order] = uintptr(p)
	unlock(&metaFree.lock)
}

//go:nosplit
func inPersistentAlloc(p uintptr) bool { return false }
