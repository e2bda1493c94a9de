// Pools of small stacks, as upstream's stackalloc uses them: spans that are cut into stacks of one size. A stack is
// cut off when it is first wanted, and a P takes few at first: memory that no goroutine has used yet stays untouched.

package runtime

import "internal/runtime/gc"

// stackpoolalloc takes a stack from the pool. The pool's lock is held.
func stackpoolalloc(order uint8) gclinkptr {
	list := &stackpool[order].item.span
	s := list.first
	if s == nil {
		s = mheap_.allocManual(_StackCacheSize>>gc.PageShift, spanAllocStack)
		if s == nil {
			throw("out of memory")
		}
		s.elemsize = fixedStack << order
		s.nelems = _StackCacheSize / s.elemsize
		s.freeIndex = 0
		list.insert(s)
	}
	x := s.manualFreeList
	if x != 0 {
		s.manualFreeList = x.ptr().next
	} else {
		x = gclinkptr(s.startAddr + s.freeIndex*s.elemsize)
		s.freeIndex++
	}
	s.allocCount++
	if s.manualFreeList == 0 && s.freeIndex == s.nelems {
		list.remove(s)
	}
	return x
}

// stackpoolfree gives a stack back. The pool's lock is held.
func stackpoolfree(x gclinkptr, order uint8) {
	s := spanOfUnchecked(uintptr(x))
	if s.state != spanManual {
		throw("freeing stack not in a stack span")
	}
	list := &stackpool[order].item.span
	if s.list == nil {
		list.insert(s)
	}
	x.ptr().next = s.manualFreeList
	s.manualFreeList = x
	s.allocCount--
	if s.allocCount == 0 {
		list.remove(s)
		s.manualFreeList = 0
		mheap_.freeManual(s, spanAllocStack)
	}
}

// stackcacherefill gets a P some stacks: one the first time, then up to half of what it may have.
func stackcacherefill(c *mcache, order uint8) {
	most := max(1, _StackCacheSize/2>>order/fixedStack)
	n := min(most, 1<<c.stackRefills[order])
	if n < most {
		c.stackRefills[order]++
	}
	var list gclinkptr
	lock(&stackpool[order].item.mu)
	for range n {
		x := stackpoolalloc(order)
		x.ptr().next = list
		list = x
	}
	unlock(&stackpool[order].item.mu)
	c.stackcache[order].list = list
	c.stackcache[order].size = uintptr(n) * fixedStack << order
}
