// debug.WriteHeapDump: the parameters of the process, every object with the places of its pointers, variables that hold pointers, finalizers and
// figures, in the records of Go's heap dumps (version 1.7). Goroutines, stacks and profiles are not in it.

package runtime

import (
	"internal/goarch"
	"unsafe"
)

const heapDumpHeader = "go1.7 heap dump\n"

// Records of a heap dump.
const (
	dumpEnd       = 0
	dumpObject    = 1
	dumpParams    = 6
	dumpFinalizer = 7
	dumpMemStats  = 10
	dumpData      = 12
	dumpBSS       = 13
)

// Kinds of fields.
const (
	dumpNoField = 0
	dumpPointer = 1
)

// heapDump writes to a file without allocating: the world is stopped.
type heapDump struct {
	fd  uintptr
	n   int
	buf [4096]byte
}

var heapDumpState heapDump

//go:linkname runtime_debug_WriteHeapDump runtime/debug.WriteHeapDump
func runtime_debug_WriteHeapDump(fd uintptr) {
	m := new(MemStats)
	GC()
	w := stopTheWorld(stwWriteHeapDump)
	systemstack(func() {
		readMemStats(m)
		d := &heapDumpState
		d.fd = fd
		d.write(m)
	})
	startTheWorld(w)
}

func (d *heapDump) write(m *MemStats) {
	for i := 0; i < len(heapDumpHeader); i++ {
		d.byte(heapDumpHeader[i])
	}
	d.number(dumpParams)
	d.number(0) // the lowest byte comes first
	d.number(goarch.PtrSize)
	d.number(uint64(mheap_.lo))
	d.number(uint64(mheap_.end))
	d.text(goarch.GOARCH)
	d.text(buildVersion)
	d.number(uint64(numCPUStartup))
	for i := 0; i < mheap_.nspans; i++ {
		d.span(mheap_.spans[i])
	}
	md := &firstmoduledata
	d.segment(dumpData, md.data, md.edata, md.gcdata)
	d.segment(dumpBSS, md.bss, md.ebss, md.gcbss)
	d.figures(m)
	d.number(dumpEnd)
	d.flush()
	d.fd = 0
}

func (d *heapDump) span(s *mspan) {
	for i := uintptr(0); i < s.nelems; i++ {
		if i >= s.freeIndex && s.allocBits[i/64]>>(i%64)&1 == 0 {
			continue
		}
		p := s.startAddr + i*s.elemsize
		size := min(s.elemsize, s.limit-p)
		d.number(dumpObject)
		d.number(uint64(p))
		d.memory(p, size)
		if s.types != nil {
			if t := refType(s.types[i]); t != nil {
				for at := uintptr(0); at < size; at += t.Size_ {
					d.pointers(at, min(t.PtrBytes, size-at), getGCMask(t))
				}
			}
		} else if !s.spanclass.noscan() {
			d.field(0)
		}
		d.number(dumpNoField)
	}
	for sp := s.specials; sp != nil; sp = sp.next {
		if sp.kind != specialFinalizer {
			continue
		}
		d.number(dumpFinalizer)
		d.number(uint64(sp.addr))
		d.number(uint64(uintptr(unsafe.Pointer(sp.fn))))
		d.number(uint64(sp.fn.fn))
		d.number(uint64(uintptr(unsafe.Pointer(sp.fint))))
		d.number(uint64(uintptr(unsafe.Pointer(sp.ot))))
	}
}

func (d *heapDump) segment(record uint64, start, end uintptr, mask *byte) {
	d.number(record)
	d.number(uint64(start))
	d.memory(start, end-start)
	d.pointers(0, end-start, mask)
	d.number(dumpNoField)
}

// pointers lists the words of a range that hold pointers, by their mask.
func (d *heapDump) pointers(at, size uintptr, mask *byte) {
	for w := uintptr(0); w < size/goarch.PtrSize; w++ {
		if *addb(mask, w/8)>>(w%8)&1 != 0 {
			d.field(at + w*goarch.PtrSize)
		}
	}
}

func (d *heapDump) field(at uintptr) {
	d.number(dumpPointer)
	d.number(uint64(at))
}

func (d *heapDump) figures(m *MemStats) {
	d.number(dumpMemStats)
	for _, v := range [...]uint64{
		m.Alloc, m.TotalAlloc, m.Sys, m.Lookups, m.Mallocs, m.Frees, m.HeapAlloc, m.HeapSys, m.HeapIdle, m.HeapInuse, m.HeapReleased,
		m.HeapObjects, m.StackInuse, m.StackSys, m.MSpanInuse, m.MSpanSys, m.MCacheInuse, m.MCacheSys, m.BuckHashSys, m.GCSys, m.OtherSys,
		m.NextGC, m.LastGC, m.PauseTotalNs,
	} {
		d.number(v)
	}
	for _, v := range m.PauseNs {
		d.number(v)
	}
	d.number(uint64(m.NumGC))
}

// number writes seven bits a byte, the lowest first.
func (d *heapDump) number(v uint64) {
	for v >= 0x80 {
		d.byte(byte(v) | 0x80)
		v >>= 7
	}
	d.byte(byte(v))
}

func (d *heapDump) text(s string) {
	d.memory(uintptr(unsafe.Pointer(unsafe.StringData(s))), uintptr(len(s)))
}

// memory writes a range of bytes behind its length.
func (d *heapDump) memory(p, n uintptr) {
	d.number(uint64(n))
	if n > uintptr(len(d.buf)) {
		d.flush()
		d.out(p, n)
		return
	}
	for i := uintptr(0); i < n; i++ {
		d.byte(*(*byte)(unsafe.Pointer(p + i)))
	}
}

func (d *heapDump) byte(b byte) {
	if d.n == len(d.buf) {
		d.flush()
	}
	d.buf[d.n] = b
	d.n++
}

func (d *heapDump) flush() {
	d.out(uintptr(unsafe.Pointer(&d.buf)), uintptr(d.n))
	d.n = 0
}

// out writes a range; what can't be written is lost, as there is nobody to tell.
func (d *heapDump) out(p, n uintptr) {
	for n > 0 {
		k := write1(d.fd, unsafe.Pointer(p), int32(min(n, 1<<30)))
		if k == -_EINTR {
			continue
		}
		if k <= 0 {
			return
		}
		p += uintptr(k)
		n -= uintptr(k)
	}
}
