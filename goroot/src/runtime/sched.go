// Where the scheduler's life begins and ends: start of the program, P's coming and going, new goroutines. The rest of
// it is upstream's. The system monitor's thread starts with the first goroutine that a program makes itself: a program
// with one goroutine has nobody to be unfair to.

package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"internal/runtime/sys"
	"internal/strconv"
	"unsafe"
)

// The program's initialisation: the runtime package's own, then all other packages in dependency order.
//
//go:linkname initRuntime go:runtimeinit
func initRuntime()

//go:linkname initProgram go:init
func initProgram()

var sysmonStarted atomic.Uint32

// startSysmon runs when a second goroutine appears.
func startSysmon() {
	if sysmonStarted.CompareAndSwap(0, 1) {
		systemstack(func() { newm(sysmon, nil, -1) })
	}
}

// crashStack is where a thread says that its own stack overflowed.
var crashStack [16 << 10]byte

// schedinit makes the first P's and what they need. It runs on the first thread's g0, before any goroutine.
func schedinit() {
	gp := getg()
	gcrash.stack.lo = uintptr(unsafe.Pointer(&crashStack))
	gcrash.stack.hi = gcrash.stack.lo + unsafe.Sizeof(crashStack)
	gcrash.stackguard0 = gcrash.stack.lo + 1000
	gcrash.stackguard1 = gcrash.stackguard0
	sched.maxmcount = 10000
	// Before main runs: what is inlined into it may need more stack than there is at first.
	maxstacksize = 1000000000
	maxstackceiling = 2 * maxstacksize
	crashFD.Store(^uintptr(0))
	sched.midle.init(unsafe.Offsetof(m{}.idleNode))
	allocmLock.init(lockRankAllocmR, lockRankAllocmRInternal, lockRankAllocmW)
	execLock.init(lockRankExecR, lockRankExecRInternal, lockRankExecW)

	ticks.init()
	moduleinit()
	stackinit()
	randinit()
	mallocinit()
	godebug, _ := getGodebugEarly()
	cpuinit(godebug)
	alginit()
	mcommoninit(gp.m, -1)
	itabsinit()

	sigsave(&gp.m.sigmask)
	initSigmask = gp.m.sigmask

	goargs()
	if isSecureMode() {
		environ() // it will be changed
	}
	secure()
	checkfds()
	parseRuntimeDebugVars(gogetenv("GODEBUG"))
	finishDebugVarsSetup()
	gcinit()

	lock(&sched.lock)
	sched.lastpoll.Store(nanotime())
	procs := defaultGOMAXPROCS(numCPUStartup)
	if n, err := strconv.ParseInt(gogetenv("GOMAXPROCS"), 10, 32); err == nil && n > 0 {
		procs = int32(n)
		sched.customGOMAXPROCS = true
	}
	wantedProcs = procs
	if procresize(1) != nil {
		throw("unknown runnable goroutine during bootstrap")
	}
	unlock(&sched.lock)
	mProfStackInit(gp.m) // now that GODEBUG is read
}

// main is the first goroutine.
func main() {
	mp := getg().m

	// Initialisation runs on the first thread: some calls of the kernel matter there.
	lockMain()
	if mp != &m0 {
		throw("runtime.main not on m0")
	}
	runtimeInitTime = nanotime()
	initRuntime()
	mainStarted = true

	needUnlock := true
	defer func() {
		if needUnlock {
			unlockMain()
		}
	}()

	gcenable()
	bootArena.closed = true
	setExitHooks()
	initProgram()

	needUnlock = false
	unlockMain()

	main_main()

	// A panic of another goroutine that is being printed comes first.
	if runningPanicDefers.Load() != 0 {
		for c := 0; c < 1000; c++ {
			if runningPanicDefers.Load() == 0 {
				break
			}
			Gosched()
		}
	}
	if panicking.Load() != 0 {
		gopark(nil, nil, waitReasonPanicWait, traceBlockForever, 1)
	}
	runExitHooks(0)
	exit(0)
	for {
		var x *int32
		*x = 0
	}
}

// newproc starts a goroutine that calls fn: what a go statement becomes.
func newproc(fn *funcval) {
	gp := getg()
	pc := sys.GetCallerPC()
	if mainStarted {
		if sysmonStarted.Load() == 0 {
			startSysmon()
		}
		if wantedProcs > gomaxprocs && gp == gp.m.curg && gp.m.locks == 0 {
			growProcs()
		}
	}
	systemstack(func() {
		newg := newproc1(fn, gp, pc, false, waitReasonZero)
		runqput(getg().m.p.ptr(), newg, true)
		if mainStarted {
			wakep()
		}
	})
}

// newmain makes the first goroutine: the entry code calls it.
func newmain() {
	f := main
	newg := newproc1(*(**funcval)(unsafe.Pointer(&f)), getg(), sys.GetCallerPC(), false, waitReasonZero)
	runqput(getg().m.p.ptr(), newg, true)
}

// isSystemGoroutine reports whether gp belongs to the runtime and not to the program.
func isSystemGoroutine(gp *g, fixed bool) bool {
	f := findfunc(gp.startpc)
	if !f.valid() {
		return false
	}
	switch f.funcID {
	case abi.FuncID_runFinalizers:
		// While it runs a finalizer it counts as the program's.
		return fixed || fingStatus.Load()&fingRunningFinalizer == 0
	case abi.FuncID_runCleanups:
		return fixed || !gp.runningCleanups.Load()
	}
	return false
}

// GOMAXPROCS does not follow changes of the machine.
func sysmonUpdateGOMAXPROCS() {}

func (pp *p) init(id int32) {
	pp.id = id
	pp.status = _Pgcstop
	pp.sudogcache = pp.sudogbuf[:0]
	pp.deferpool = pp.deferpoolbuf[:0]
	if pp.mcache == nil {
		pp.mcache = mcache0
		if id != 0 {
			pp.mcache = allocmcache()
		}
	}
	timerpMask.set(id)
	idlepMask.clear(id)
}

// destroy gives everything that pp holds to others.
func (pp *p) destroy() {
	for pp.runqhead != pp.runqtail {
		pp.runqtail--
		globrunqputhead(pp.runq[pp.runqtail%uint32(len(pp.runq))].ptr())
	}
	if pp.runnext != 0 {
		globrunqputhead(pp.runnext.ptr())
		pp.runnext = 0
	}
	getg().m.p.ptr().timers.take(&pp.timers)
	clear(pp.sudogbuf[:])
	pp.sudogcache = pp.sudogbuf[:0]
	clear(pp.deferpoolbuf[:])
	pp.deferpool = pp.deferpoolbuf[:0]
	freemcache(pp.mcache)
	pp.mcache = nil
	gfpurge(pp)
	gcCleanups.queued += pp.cleanupsQueued
	pp.cleanupsQueued = 0
	sched.goroutinesCreated.Add(int64(pp.goroutinesCreated))
	pp.goroutinesCreated = 0
	pp.status = _Pdead
}

// mPadded is upstream's m with room for its lock's bits; ours needs none.
type mPadded struct {
	m
}
