// Small things that other files of the package and libraries expect.

package runtime

import (
	"internal/runtime/sys"
	"unsafe"
)

const (
	_64bit          = 1
	_StackCacheSize = 32 << 10
	_NumStackOrders = 4
	pageMask        = _PageSize - 1
	heapAddrBits    = 48
	mSpanManual     = spanManual
)

const mallocHeaderSize = 0

// addb returns p+n.
//
//go:nosplit
func addb(p *byte, n uintptr) *byte { return (*byte)(unsafe.Pointer(uintptr(unsafe.Pointer(p)) + n)) }

//go:nosplit
func add1(p *byte) *byte { return addb(p, 1) }

func sysFault(v unsafe.Pointer, n uintptr) {}

// printArgs prints nothing: the tables do not tell where arguments are.
func printArgs(f funcInfo, argp unsafe.Pointer, pc uintptr) {}

// Spinning of package sync's mutexes.
const (
	active_spin     = 4
	active_spin_cnt = 30
	passive_spin    = 1
)

const osRelaxMinNS = 0

func osRelax(relax bool) {}

func prepGoExitFrame(sp uintptr) {}

//go:nosplit
func cgoCheckPtrWrite(dst *unsafe.Pointer, src unsafe.Pointer) {}

// scavenger is upstream's thread that returns memory; here FreeOSMemory does.
var scavenger scavengerState

type scavengerState struct{ sysmonWake scavengerWake }

func (scavengerState) wake() {}

type scavengerWake struct{}

func (scavengerWake) Load() uint32 { return 0 }

// notInHeap is memory that the collector does not look at.
type notInHeap struct{ _ sys.NotInHeap }

const arenaBaseOffset = 0

// haveHighResSleep is asked by tests.
var haveHighResSleep = true
