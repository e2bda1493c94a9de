// Lists of callers as frames with names and lines. Addresses in such lists are one a frame, inlined calls included (symbols.go).

package runtime

import "internal/abi"

// Frames may be used to get function/file/line information for a slice of PC values returned by [Callers].
type Frames struct {
	callers []uintptr
	nextPC  uintptr // the caller of an inlined call where the list has real addresses only
	ahead   Frame   // what Next returns next, without file and line; at is 0: there is none
	started bool
}

// Frame is the information returned by [Frames] for each call frame.
type Frame struct {
	PC       uintptr // in the call
	Func     *Func   // nil for inlined functions
	Function string  // with the package's path
	File     string
	Line     int
	Entry    uintptr // of the function that has the frame

	startLine int
	funcInfo  funcInfo
	at        uintptr // PC with the depth of inlining
}

//go:linkname runtime_FrameSymbolName runtime/pprof.runtime_FrameSymbolName
func runtime_FrameSymbolName(f *Frame) string {
	if !f.funcInfo.valid() {
		return f.Function
	}
	u, uf := newInlineUnwinder(f.funcInfo, f.at)
	sf := u.srcFunc(uf)
	return sf.name()
}

// CallersFrames takes a slice of PC values returned by [Callers] and prepares to return function/file/line information.
func CallersFrames(callers []uintptr) *Frames { return &Frames{callers: callers} }

// Next returns a Frame of the next call, and whether there are more. A Frame whose fields are zero ends the list.
func (ci *Frames) Next() (frame Frame, more bool) {
	if !ci.started {
		ci.started = true
		ci.advance()
	}
	frame = ci.ahead
	if frame.at == 0 {
		return
	}
	ci.advance()
	file, line := funcline1(frame.funcInfo, frame.at, false)
	frame.File, frame.Line = file, int(line)
	return frame, ci.ahead.at != 0
}

// advance finds the frame behind the one that is ahead.
func (ci *Frames) advance() {
	for {
		pc := ci.nextPC
		ci.nextPC = 0
		if pc == 0 {
			if len(ci.callers) == 0 {
				ci.ahead = Frame{}
				return
			}
			pc = ci.callers[0]
			ci.callers = ci.callers[1:]
		}
		f := findfunc(pc)
		if !f.valid() {
			continue
		}
		if pc&pcMask > f.entry() {
			pc-- // into the call
		}
		u, uf := newInlineUnwinder(f, pc)
		sf := u.srcFunc(uf)
		fn := f._Func()
		if u.isInlined(uf) {
			fn = nil
			ci.impliedCaller(&u, uf, sf.funcID)
		}
		ci.ahead = Frame{
			PC:        pc, // with the depth of inlining: libraries make lists of callers of it
			Func:      fn,
			Function:  funcNameForPrint(sf.name()),
			Entry:     f.entry(),
			startLine: int(sf.startLine),
			funcInfo:  f,
			at:        pc,
		}
		return
	}
}

// impliedCaller puts the caller of an inlined call in front of the list, unless it is there already: who takes addresses from a printed
// traceback has one for each real frame.
func (ci *Frames) impliedCaller(u *inlineUnwinder, uf inlineFrame, callee abi.FuncID) {
	if len(ci.callers) == 0 {
		return
	}
	for uf = u.next(uf); uf.valid() && ci.callers[0] != uf.pc+1; uf = u.next(uf) {
		if u.srcFunc(uf).funcID != abi.FuncIDWrapper || !elideWrapperCalling(callee) {
			ci.nextPC = uf.pc + 1
			return
		}
	}
}
