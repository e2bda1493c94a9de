// Argument registers of a goroutine that is stopped in the prologue of a function (see stack_amd64.s).

package runtime

// xRegPerG holds them: integers in the order of the calling convention, then the floating-point ones.
// The assembly knows the offsets.
type xRegPerG struct {
	ints   [9]uintptr
	floats [15]uint64
}

// xRegPerP is upstream's place for vector state of asynchronous preemption, which this runtime does not have.
type xRegPerP struct{}

func morestackResume()
