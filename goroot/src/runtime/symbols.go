// The tables that the linker leaves in the image: functions, their frames, names and lines (docs/metadata.md).

package runtime

import (
	"internal/abi"
	"internal/runtime/atomic"
	"unsafe"
)

// moduleRecord is the linker's record, in its order.
type moduleRecord struct {
	image            uintptr
	text, etext      uintptr
	rodata, erodata  uintptr
	relro, erelro    uintptr
	data, edata      uintptr
	bss, ebss        uintptr
	gcdata, gcbss    *byte
	functab          *[1 << 28]uint32
	nfunc            uintptr
	funcs            *[1 << 26]_func
	stackmaps        uintptr
	pcln             *[1 << 32]byte
	npcln            uintptr
	itabs            **itab
	nitabs           uintptr
	typelinks        *int32
	ntypelinks       uintptr
	inittasks, ninit uintptr
	buildinfo        *byte
	nbuildinfo       uintptr
	flags            uintptr
}

func linkedModule() *moduleRecord

// moduledata is the record in the shape that upstream's files know.
type moduledata struct {
	moduleRecord

	types, etypes uintptr
	typelinks     []int32
	itablinks     []*itab
	typemap       map[typeOff]*_type
	modulename    string
	next          *moduledata
	bad           bool
}

var firstmoduledata moduledata

func moduleinit() {
	md := &firstmoduledata
	md.moduleRecord = *linkedModule()
	md.types = md.image
	md.etypes = max(md.erodata, md.erelro, md.edata, md.ebss)
	md.typelinks = unsafe.Slice(md.moduleRecord.typelinks, int(md.ntypelinks))
	md.itablinks = unsafe.Slice(md.itabs, int(md.nitabs))
}

// activeModules returns the modules; there is one.
//
//go:nosplit
func activeModules() []*moduledata { return oneModule[:] }

var oneModule = [1]*moduledata{&firstmoduledata}

//go:nosplit
func (md *moduledata) textAddr(off uint32) uintptr { return md.text + uintptr(off) }

//go:nosplit
func (md *moduledata) textOff(pc uintptr) (uint32, bool) { return uint32(pc - md.text), true }

// _func is a funcRecord.
type _func struct {
	frameSize   uint32
	nameOff     int32
	stackmap    uint32
	pcln        uint32
	argWords    uint16
	flag        abi.FuncFlag
	funcID      abi.FuncID
	deferreturn uint32
}

// funcFlagReflectStub marks reflect.makeFuncStub and reflect.methodValueCall.
const funcFlagReflectStub = abi.FuncFlag(64)

func (f *_func) funcInfo() funcInfo { return funcInfo{f, &firstmoduledata} }

func (f *_func) isInlined() bool { return f.frameSize == ^uint32(0) } // see funcinl.ones

// funcInfo is a function of a module.
type funcInfo struct {
	*_func
	datap *moduledata
}

func (f funcInfo) valid() bool { return f._func != nil }

func (f funcInfo) _Func() *Func { return (*Func)(unsafe.Pointer(f._func)) }

func (f funcInfo) index() uintptr {
	return (uintptr(unsafe.Pointer(f._func)) - uintptr(unsafe.Pointer(f.datap.funcs))) / unsafe.Sizeof(_func{})
}

func (f funcInfo) entry() uintptr {
	return f.datap.text + uintptr(f.datap.functab[f.index()])
}

// A code address in a list of callers carries in its top byte how many inlined calls lie between the instruction
// and the frame that is meant: the tables have no address of its own for a frame that was inlined into.
const (
	inlineShift = 56
	pcMask      = 1<<inlineShift - 1
)

// findfunc returns the function that holds pc.
//
//go:nosplit
func findfunc(pc uintptr) funcInfo {
	md := &firstmoduledata
	pc &= pcMask
	if pc < md.text || pc >= md.etext {
		return funcInfo{}
	}
	off := uint32(pc - md.text)
	lo, hi := uintptr(0), md.nfunc
	for lo < hi {
		mid := (lo + hi) / 2
		if md.functab[mid] <= off {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return funcInfo{}
	}
	return funcInfo{&md.funcs[lo-1], md}
}

//go:nosplit
func findmoduledatap(pc uintptr) *moduledata {
	md := &firstmoduledata
	if pc &= pcMask; pc < md.text || pc >= md.etext {
		return nil
	}
	return md
}

// symbolText is the inflated blob of names and lines.
var symbolText struct {
	lock  mutex
	ready atomic.Uint32
	base  *[1 << 32]byte
	names uint32 // end of the names
	progs uint32
	files *[1 << 24]uint32 // offsets of the files' names
	nfile uint32
}

// inflateSymbols makes the names and lines readable, the first time that somebody asks.
func inflateSymbols() bool {
	t := &symbolText
	if t.ready.Load() != 0 {
		return t.base != nil
	}
	systemstack(func() {
		lock(&t.lock)
		if t.ready.Load() == 0 {
			openSymbols()
			t.ready.Store(1)
		}
		unlock(&t.lock)
	})
	return t.base != nil
}

func openSymbols() {
	t := &symbolText
	md := &firstmoduledata
	if md.npcln < 8 {
		return
	}
	head := (*[2]uint32)(unsafe.Pointer(md.pcln))
	size := uintptr(head[1])
	if head[0] == 0 {
		t.base = (*[1 << 32]byte)(unsafe.Pointer(&md.pcln[8]))
	} else {
		p := (*[1 << 32]byte)(sysAlloc(size, &memstats.other_sys, "symbols"))
		if p == nil || !inflate(p[:size], md.pcln[8:md.npcln]) {
			return
		}
		t.base = p
	}
	first := (*[3]uint32)(unsafe.Pointer(t.base))
	t.names = first[0]
	t.progs = first[2]
	n, at := uvarintAt(first[1])
	t.nfile = n
	t.files = (*[1 << 24]uint32)(persistentalloc1(uintptr(n+1)*4, 4, &memstats.other_sys))
	for i := uint32(0); i < n; i++ {
		t.files[i] = at
		size, next := uvarintAt(at)
		at = next + size
	}
}

func (md *moduledata) funcName(off int32) string {
	if off == 0 || !inflateSymbols() {
		return ""
	}
	return symbolString(uint32(off))
}

func symbolString(off uint32) string {
	size, at := uvarintAt(off)
	return unsafe.String(&symbolText.base[at], int(size))
}

func fileName(i uint32) string {
	if i >= symbolText.nfile {
		return "?"
	}
	return symbolString(symbolText.files[i])
}

func uvarintAt(at uint32) (uint32, uint32) {
	v, shift := uint32(0), uint32(0)
	for {
		b := symbolText.base[at]
		at++
		v |= uint32(b&0x7f) << shift
		if b < 0x80 {
			return v, at
		}
		shift += 7
	}
}

func zigzag(v uint32) int32 { return int32(v>>1) ^ -int32(v&1) }

// linePos is a place in the source: in which inlined call (0: the function itself), file and line.
type linePos struct {
	inlined int32
	file    uint32
	line    int32
}

// inlinedCall is one entry of a function's inlining tree.
type inlinedCall struct {
	parent uint32
	name   uint32
	flags  uint32
	file   uint32
	line   int32
}

// lineProgram is a decoded head of a function's line program.
type lineProgram struct {
	start   int32
	file    uint32
	ninline uint32
	inlines uint32 // where the inlined calls begin
	ranges  uint32
}

func (f funcInfo) lines() (p lineProgram, ok bool) {
	if !f.valid() || f.pcln == 0 || !inflateSymbols() {
		return p, false
	}
	at := symbolText.progs + f.pcln
	var v uint32
	v, at = uvarintAt(at)
	p.start = int32(v)
	p.file, at = uvarintAt(at)
	p.ninline, at = uvarintAt(at)
	p.inlines = at
	for i := uint32(0); i < p.ninline*5; i++ {
		_, at = uvarintAt(at)
	}
	p.ranges = at
	return p, true
}

// inline returns inlined call number i (from 1).
func (p *lineProgram) inline(i int32) (c inlinedCall) {
	at := p.inlines
	for k := int32(1); k < i; k++ {
		for j := 0; j < 5; j++ {
			_, at = uvarintAt(at)
		}
	}
	c.parent, at = uvarintAt(at)
	c.name, at = uvarintAt(at)
	c.flags, at = uvarintAt(at)
	c.file, at = uvarintAt(at)
	v, _ := uvarintAt(at)
	c.line = int32(v)
	return c
}

// find returns the position of an offset from the function's start.
func (p *lineProgram) find(off uint32) (pos linePos) {
	n, at := uvarintAt(p.ranges)
	start := uint32(0)
	cur := linePos{}
	for i := uint32(0); i < n; i++ {
		var d, a, b, c uint32
		d, at = uvarintAt(at)
		a, at = uvarintAt(at)
		b, at = uvarintAt(at)
		c, at = uvarintAt(at)
		start += d
		if start > off && i > 0 {
			break
		}
		cur.inlined += zigzag(a)
		cur.file = uint32(int32(cur.file) + zigzag(b))
		cur.line += zigzag(c)
		pos = cur
	}
	return pos
}

// inlineUnwinder walks the inlined calls of one instruction outwards.
type inlineUnwinder struct {
	f    funcInfo
	prog lineProgram
	ok   bool
}

// inlineFrame is one of them; the outermost has pos.inlined 0.
type inlineFrame struct {
	pc  uintptr
	pos linePos
}

func newInlineUnwinder(f funcInfo, pc uintptr) (inlineUnwinder, inlineFrame) {
	u := inlineUnwinder{f: f}
	uf := inlineFrame{pc: pc}
	u.prog, u.ok = f.lines()
	if u.ok {
		uf.pos = u.prog.find(uint32(pc&pcMask - f.entry()))
		for depth := pc >> inlineShift; depth > 0 && uf.pos.inlined > 0; depth-- {
			u.outward(&uf)
		}
	}
	return u, uf
}

func (u *inlineUnwinder) outward(uf *inlineFrame) {
	c := u.prog.inline(uf.pos.inlined)
	uf.pos = linePos{inlined: int32(c.parent), file: c.file, line: c.line}
}

func (uf inlineFrame) valid() bool { return uf.pc != 0 }

func (u *inlineUnwinder) next(uf inlineFrame) inlineFrame {
	if uf.pos.inlined <= 0 {
		uf.pc = 0
		return uf
	}
	u.outward(&uf)
	uf.pc += 1 << inlineShift
	return uf
}

func (u *inlineUnwinder) isInlined(uf inlineFrame) bool { return uf.pos.inlined > 0 }

func (u *inlineUnwinder) srcFunc(uf inlineFrame) srcFunc {
	if uf.pos.inlined <= 0 {
		return u.f.srcFunc()
	}
	c := u.prog.inline(uf.pos.inlined)
	sf := srcFunc{datap: u.f.datap, nameOff: int32(c.name)}
	if c.flags&8 != 0 { // FuncFlagWrapper
		sf.funcID = abi.FuncIDWrapper
	}
	return sf
}

func (u *inlineUnwinder) fileLine(uf inlineFrame) (file string, line int) {
	if !u.ok {
		return "?", 0
	}
	return fileName(uf.pos.file), int(uf.pos.line)
}

// srcFunc is a function of the source, possibly inlined.
type srcFunc struct {
	datap     *moduledata
	nameOff   int32
	startLine int32
	funcID    abi.FuncID
}

func (f funcInfo) srcFunc() srcFunc {
	if !f.valid() {
		return srcFunc{}
	}
	p, _ := f.lines()
	return srcFunc{f.datap, f.nameOff, p.start, f.funcID}
}

func (s srcFunc) name() string {
	if s.datap == nil {
		return ""
	}
	return s.datap.funcName(s.nameOff)
}

func (f *Func) startLine() int32 {
	fn := f.raw()
	if fn.isInlined() {
		return (*funcinl)(unsafe.Pointer(fn)).startLine
	}
	p, _ := f.funcInfo().lines()
	return p.start
}

func funcname(f funcInfo) string {
	if !f.valid() {
		return ""
	}
	return f.datap.funcName(f.nameOff)
}

func funcline1(f funcInfo, pc uintptr, strict bool) (file string, line int32) {
	u, uf := newInlineUnwinder(f, pc)
	s, n := u.fileLine(uf)
	return s, int32(n)
}

// funcline is for the physical function's frame: the outermost of the inlined calls.
func funcline(f funcInfo, pc uintptr) (file string, line int32) {
	return funcline1(f, pc, true)
}

// FuncForPC returns the function with code at pc, or nil; of inlined calls the innermost. The address of a function (a return address can't be
// it) means the function, also where it begins with the body of another one.
func FuncForPC(pc uintptr) *Func {
	f := findfunc(pc)
	if !f.valid() {
		return nil
	}
	u, uf := newInlineUnwinder(f, pc)
	if pc == f.entry() || !u.isInlined(uf) {
		return f._Func()
	}
	sf := u.srcFunc(uf)
	file, line := u.fileLine(uf)
	inl := &funcinl{
		ones:      ^uint32(0),
		entry:     f.entry(),
		name:      sf.name(),
		file:      file,
		line:      int32(line),
		startLine: sf.startLine,
	}
	return (*Func)(unsafe.Pointer(inl))
}

// funcspdelta is the size of a frame (without the return address).
func funcspdelta(f funcInfo, pc uintptr) int32 {
	if pc&pcMask == f.entry() {
		return 0
	}
	return int32(f.frameSize)
}

func funcMaxSPDelta(f funcInfo) int32 { return int32(f.frameSize) }

// pcvalueCache is upstream's cache of table look-ups; there are none here.
type pcvalueCache struct{}

// debug_modinfo returns the module information that the linker put into the image.
//
//go:linkname debug_modinfo runtime/debug.modinfo
func debug_modinfo() string {
	md := &firstmoduledata
	return unsafe.String(md.buildinfo, int(md.nbuildinfo))
}
