// Inflating raw deflate data (RFC 1951), for the table of names and lines. Small rather than fast: canonical codes are
// decoded bit by bit from counts.

package runtime

type inflater struct {
	in   []byte
	out  []byte
	pos  int // in in
	n    int // in out
	bits uint32
	nbit uint32
	bad  bool
}

type huffman struct {
	count [16]uint16
	sym   [288]uint16
}

func (z *inflater) take(n uint32) uint32 {
	for z.nbit < n {
		if z.pos >= len(z.in) {
			z.bad = true
			return 0
		}
		z.bits |= uint32(z.in[z.pos]) << z.nbit
		z.pos++
		z.nbit += 8
	}
	v := z.bits & (1<<n - 1)
	z.bits >>= n
	z.nbit -= n
	return v
}

func (h *huffman) build(lengths []uint8) {
	h.count = [16]uint16{}
	for _, l := range lengths {
		h.count[l]++
	}
	var next [16]uint16
	for i := 1; i < 15; i++ {
		next[i+1] = next[i] + h.count[i]
	}
	for s, l := range lengths {
		if l != 0 {
			h.sym[next[l]] = uint16(s)
			next[l]++
		}
	}
	h.count[0] = 0
}

func (z *inflater) decode(h *huffman) int {
	code, first, index := 0, 0, 0
	for l := 1; l <= 15; l++ {
		code |= int(z.take(1))
		count := int(h.count[l])
		if code-count < first {
			return int(h.sym[index+code-first])
		}
		index += count
		first = (first + count) << 1
		code <<= 1
		if z.bad {
			break
		}
	}
	z.bad = true
	return 256
}

var (
	inflateLenBase  = [29]uint16{3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258}
	inflateLenBits  = [29]uint8{0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0}
	inflateDistBase = [30]uint16{1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577}
	inflateOrder    = [19]uint8{16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15}
)

// The codes of the block at work; inflate runs under a lock.
var inflateLit, inflateDist huffman

// inflate fills out from in; false: the data are damaged.
func inflate(out, in []byte) bool {
	z := inflater{in: in, out: out}
	for !z.bad {
		last := z.take(1)
		switch z.take(2) {
		case 0:
			z.stored()
		case 1:
			var lengths [288]uint8
			for i := range lengths {
				switch {
				case i < 144:
					lengths[i] = 8
				case i < 256:
					lengths[i] = 9
				case i < 280:
					lengths[i] = 7
				default:
					lengths[i] = 8
				}
			}
			inflateLit.build(lengths[:])
			for i := range lengths[:30] {
				lengths[i] = 5
			}
			inflateDist.build(lengths[:30])
			z.block()
		case 2:
			z.codes()
			z.block()
		default:
			z.bad = true
		}
		if last != 0 {
			break
		}
	}
	return !z.bad && z.n == len(out)
}

func (z *inflater) stored() {
	z.bits, z.nbit = 0, 0
	if z.pos+4 > len(z.in) {
		z.bad = true
		return
	}
	n := int(z.in[z.pos]) | int(z.in[z.pos+1])<<8
	z.pos += 4
	if z.pos+n > len(z.in) || z.n+n > len(z.out) {
		z.bad = true
		return
	}
	copy(z.out[z.n:], z.in[z.pos:z.pos+n])
	z.pos += n
	z.n += n
}

// codes reads the code lengths of a dynamic block.
func (z *inflater) codes() {
	nlit := int(z.take(5)) + 257
	ndist := int(z.take(5)) + 1
	ncode := int(z.take(4)) + 4
	var lengths [320]uint8
	for i := 0; i < ncode; i++ {
		lengths[inflateOrder[i]] = uint8(z.take(3))
	}
	inflateLit.build(lengths[:19])
	for i := range lengths {
		lengths[i] = 0
	}
	for i := 0; i < nlit+ndist && !z.bad; {
		s := z.decode(&inflateLit)
		if s < 16 {
			lengths[i] = uint8(s)
			i++
			continue
		}
		prev, n := uint8(0), 0
		switch s {
		case 16:
			if i == 0 {
				z.bad = true
				return
			}
			prev = lengths[i-1]
			n = 3 + int(z.take(2))
		case 17:
			n = 3 + int(z.take(3))
		default:
			n = 11 + int(z.take(7))
		}
		if i+n > nlit+ndist {
			z.bad = true
			return
		}
		for ; n > 0; n-- {
			lengths[i] = prev
			i++
		}
	}
	if nlit > 288 {
		z.bad = true
		return
	}
	inflateLit.build(lengths[:nlit])
	inflateDist.build(lengths[nlit : nlit+ndist])
}

// block copies literals and repetitions until the end of the block.
func (z *inflater) block() {
	for !z.bad {
		s := z.decode(&inflateLit)
		if s < 256 {
			if z.n >= len(z.out) {
				z.bad = true
				return
			}
			z.out[z.n] = byte(s)
			z.n++
			continue
		}
		if s == 256 {
			return
		}
		s -= 257
		if s >= 29 {
			z.bad = true
			return
		}
		n := int(inflateLenBase[s]) + int(z.take(uint32(inflateLenBits[s])))
		d := z.decode(&inflateDist)
		if d >= 30 {
			z.bad = true
			return
		}
		extra := uint32(0)
		if d >= 4 {
			extra = uint32(d-2) / 2
		}
		dist := int(inflateDistBase[d]) + int(z.take(extra))
		if dist > z.n || z.n+n > len(z.out) {
			z.bad = true
			return
		}
		for ; n > 0; n-- {
			z.out[z.n] = z.out[z.n-dist]
			z.n++
		}
	}
}
