// Profiles: counters, their readers and the goroutine profile are upstream's (mprof.go). Here is what chooses the allocations
// that are recorded, and what differs because stacks are found through frame sizes and not through frame pointers.

package runtime

import (
	"internal/profilerecord"
	"unsafe"
)

// sampled counts an allocation; true: the profile wants it, or the rate has changed.
func (c *mcache) sampled(size uintptr) bool {
	c.nextSample -= int64(size)
	return c.nextSample < 0 || c.memProfRate != MemProfileRate
}

// profileAlloc records an object that sampled has chosen.
func profileAlloc(c *mcache, mp *m, x unsafe.Pointer, size uintptr) {
	rate := MemProfileRate
	if c.memProfRate != rate {
		c.memProfRate = rate
		c.nextSample = nextSample(rate) - int64(size)
		if c.nextSample >= 0 {
			return
		}
	}
	c.nextSample = nextSample(rate)
	recordAlloc(mp, x, size)
}

// recordAlloc makes three frames above mallocgc: as many as upstream leaves out.
func recordAlloc(mp *m, x unsafe.Pointer, size uintptr) { mProf_Malloc(mp, x, size) }

// expandFrames has nothing to do: stacks have an address for each inlined call.
func expandFrames(p []BlockProfileRecord) {}

// nextSample draws how many bytes lie between two recorded objects: exponentially distributed around the rate, so that every byte is as
// likely as another to be seen, whatever the pattern of sizes.
func nextSample(rate int) int64 {
	if rate <= 0 {
		return 1<<63 - 1
	}
	if rate == 1 {
		return 0
	}
	const bits = 26
	u := cheaprandn(1<<bits) + 1
	ln := (fastlog2(float64(u)) - bits) * 0.6931471805599453
	return int64(-ln*float64(min(rate, 1<<30))) + 1
}

// setprofilebucket notes with an object where its release is to be counted.
func setprofilebucket(p unsafe.Pointer, b *bucket) {
	sp := newSpecial()
	sp.kind = specialProfile
	sp.arg = unsafe.Pointer(b)
	sp.link(uintptr(p), true)
}

// profileCycle publishes what was counted up to the end of the marking that has just been swept.
func profileCycle() {
	mProf_Flush()
	mProf_PostSweep()
}

func tracefpunwindoff() bool { return true }

func fpTracebackPartialExpand(skip int, fp unsafe.Pointer, pcBuf []uintptr) int { return 0 }

// logicalStackSentinel heads upstream's stacks whose inlined calls are there one by one; ours always are.
const logicalStackSentinel = ^uintptr(0)

//go:linkname pprof_fpunwindExpand
func pprof_fpunwindExpand(dst, src []uintptr) int {
	if len(src) > 0 && src[0] == logicalStackSentinel {
		src = src[1:]
	}
	return copy(dst, src)
}

// Leaked goroutines are not looked for.
func goroutineLeakProfileWithLabelsConcurrent(p []profilerecord.StackRecord, labels []unsafe.Pointer) (n int, ok bool) {
	return 0, true
}

//go:linkname goroutineLeakGC runtime/pprof.runtime_goroutineLeakGC
func goroutineLeakGC() { GC() }

// reflect_gcbits returns, for reflect's tests, a byte for each word of what x points to: is it a pointer?
//
//go:linkname reflect_gcbits reflect.gcbits
func reflect_gcbits(x any) []byte {
	e := efaceOf(&x)
	t := (*ptrtype)(unsafe.Pointer(e._type)).Elem
	words := t.PtrBytes / 8
	if base, s, i := findObject(uintptr(e.data), 0, 0); base != 0 {
		if s.types == nil && !s.spanclass.noscan() {
			return []byte{1} // objects of one word, a pointer
		}
		if s.types == nil {
			return nil
		}
		t = refType(s.types[i])
		words = min(s.elemsize, s.limit-base) / 8
	}
	mask := getGCMask(t)
	var out []byte
	for i := uintptr(0); i < words; i++ {
		bit := byte(0)
		if w := i % (t.Size_ / 8); w < t.PtrBytes/8 {
			bit = *addb(mask, w/8) >> (w % 8) & 1
		}
		out = append(out, bit)
	}
	for len(out) > 0 && out[len(out)-1] == 0 {
		out = out[:len(out)-1]
	}
	return out
}
