// What a start costs is the pages that it touches: each is a fault and a page of memory. So what start-up needs lies close
// together, and what only some programs need is made when they do: the environment's strings, P's beyond the
// first, the goroutines that run finalizers and cleanups.

package runtime

import "unsafe"

// bootArena holds what is allocated before the program's own initialisation. It is never freed; the collector looks at all
// of its words.
var bootArena struct {
	closed bool
	used   uintptr
	space  [10 << 10 / 8]uintptr
}

// bootAlloc returns zeroed memory during start-up, nil if the heap has to serve.
//
//go:nosplit
func bootAlloc(size uintptr) unsafe.Pointer {
	b := &bootArena
	if b.closed || size > unsafe.Sizeof(b.space)-b.used {
		return nil
	}
	p := add(unsafe.Pointer(&b.space), b.used)
	b.used += alignUp(size, 16)
	return p
}

// The strings of the environment are made when somebody asks for all of them. They lie where the kernel put them.
func goenvs() {}

func environ() []string {
	if envs == nil {
		n := int32(0)
		for argv_index(argv, argc+1+n) != nil {
			n++
		}
		list := make([]string, n, n+1)
		for i := range list {
			list[i] = gostringnocopy(argv_index(argv, argc+1+int32(i)))
		}
		envs = list
	}
	return envs
}

//go:linkname syscall_runtime_envs syscall.runtime_envs
func syscall_runtime_envs() []string { return append([]string{}, environ()...) }

func gogetenv(key string) string {
	if envs != nil {
		for _, s := range envs {
			if v, ok := envValue(s, key); ok {
				return v
			}
		}
		return ""
	}
	for i := argc + 1; ; i++ {
		p := argv_index(argv, i)
		if p == nil {
			return ""
		}
		if *p == key[0] {
			if v, ok := envValue(gostringnocopy(p), key); ok {
				return v
			}
		}
	}
}

func envValue(s, key string) (string, bool) {
	if len(s) > len(key) && s[len(key)] == '=' && s[:len(key)] == key {
		return s[len(key)+1:], true
	}
	return "", false
}

// getCPUCount counts the bits of the affinity mask.
func getCPUCount() int32 {
	var buf [128]byte // 1024 CPUs
	if r := sched_getaffinity(0, unsafe.Sizeof(buf), &buf[0]); r > 0 {
		return countBits(buf[:r])
	}
	return getCPUCountLarge()
}

//go:noinline
func getCPUCountLarge() int32 {
	var buf [8 << 10]byte
	if r := sched_getaffinity(0, unsafe.Sizeof(buf), &buf[0]); r > 0 {
		return countBits(buf[:r])
	}
	return 1
}

func countBits(mask []byte) int32 {
	n := int32(0)
	for _, v := range mask {
		for ; v != 0; v &= v - 1 {
			n++
		}
	}
	return max(n, 1)
}

// wantedProcs is the number of P's that the program shall have; it has one until a second goroutine appears or somebody asks.
var wantedProcs int32

// growProcs makes the P's that are missing, or takes away those too many. It runs on a goroutine that may wait for the
// world to stop.
func growProcs() {
	if wantedProcs == gomaxprocs {
		return
	}
	stw := stopTheWorldGC(stwGOMAXPROCS)
	newprocs = wantedProcs
	startTheWorldGC(stw)
}

// GOMAXPROCS sets the number of P's and returns what it was; n < 1 only asks.
func GOMAXPROCS(n int) int {
	lock(&sched.lock)
	before := int(wantedProcs)
	if n > 0 {
		sched.customGOMAXPROCS = true
		wantedProcs = int32(n)
	}
	unlock(&sched.lock)
	if n > 0 && n != before {
		growProcs()
	}
	return before
}

// SetDefaultGOMAXPROCS goes back to what the machine has.
func SetDefaultGOMAXPROCS() {
	lock(&sched.lock)
	sched.customGOMAXPROCS = false
	wantedProcs = defaultGOMAXPROCS(0)
	unlock(&sched.lock)
	growProcs()
}

// The goroutine that runs finalizers starts when a collection has found something for it, see startQueues.
func createfing() {}

// startQueues runs behind a collection: if it has found dead objects with finalizers or cleanups, somebody must run those.
func startQueues() {
	startFinalizers()
	startCleanups()
}

func startFinalizers() {
	if old := fingStatus.Load(); finq != nil && old&fingCreated == 0 && fingStatus.CompareAndSwap(old, old|fingCreated) {
		go runFinalizers()
	}
}

func startCleanups() {
	if gcCleanups.workUnits.Load() != 0 && gcCleanups.needG() {
		gcCleanups.createGs()
	}
}
