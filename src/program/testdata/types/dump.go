package main

import (
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"
	"unsafe"
)

type nameOff int32
type typ struct {
	size, ptr          uintptr
	hash               uint32
	tflag, al, fal, kd uint8
	equal              *uintptr
	gc                 *byte
	str                int32
	ptrToThis          int32
}

//go:linkname resolveNameOff reflect.resolveNameOff
func resolveNameOff(p unsafe.Pointer, off int32) unsafe.Pointer

//go:linkname resolveTypeOff reflect.resolveTypeOff
func resolveTypeOff(p unsafe.Pointer, off int32) unsafe.Pointer

func name(p *byte) (s, tag string, bits byte) {
	if p == nil {
		return "", "", 0
	}
	at := func(i int) byte { return *(*byte)(unsafe.Add(unsafe.Pointer(p), i)) }
	bits = at(0)
	i := 1
	read := func() string {
		n, sh := 0, 0
		for {
			b := at(i)
			i++
			n |= int(b&127) << sh
			sh += 7
			if b < 128 {
				break
			}
		}
		r := unsafe.String((*byte)(unsafe.Add(unsafe.Pointer(p), i)), n)
		i += n
		return r
	}
	s = read()
	if bits&2 != 0 {
		tag = read()
	}
	return
}

func word(t *typ, off uintptr) uintptr  { return *(*uintptr)(unsafe.Add(unsafe.Pointer(t), off)) }
func ref(t *typ, off uintptr) *typ      { return *(**typ)(unsafe.Add(unsafe.Pointer(t), off)) }
func bref(t *typ, off uintptr) *byte    { return *(**byte)(unsafe.Add(unsafe.Pointer(t), off)) }
func u16(t *typ, off uintptr) uint16    { return *(*uint16)(unsafe.Add(unsafe.Pointer(t), off)) }
func u32(t *typ, off uintptr) uint32    { return *(*uint32)(unsafe.Add(unsafe.Pointer(t), off)) }
func i32(t *typ, off uintptr) int32     { return *(*int32)(unsafe.Add(unsafe.Pointer(t), off)) }
func str(t *typ) string {
	if t == nil {
		return "nil"
	}
	s, _, _ := name((*byte)(resolveNameOff(unsafe.Pointer(t), t.str)))
	if t.tflag&2 != 0 {
		s = s[1:]
	}
	return s
}

func mask(t *typ) string {
	if t.ptr == 0 {
		return ""
	}
	if t.tflag&16 != 0 {
		return "lazy"
	}
	var b strings.Builder
	for i := uintptr(0); i < t.ptr/8; i++ {
		fmt.Fprint(&b, *(*byte)(unsafe.Add(unsafe.Pointer(t.gc), i/8))>>(i%8)&1)
	}
	return b.String()
}

func dump(n string, t *typ) {
	var b strings.Builder
	_, _, bits := name((*byte)(resolveNameOff(unsafe.Pointer(t), t.str)))
	fmt.Fprintf(&b, "%s %s size=%d ptr=%d tflag=%d align=%d,%d kind=%d eq=%v strbits=%d mask=%s", n, str(t), t.size, t.ptr, t.tflag, t.al, t.fal, t.kd, t.equal != nil, bits, mask(t))
	fixed := uintptr(48)
	switch reflect.Kind(t.kd) {
	case reflect.Array:
		fixed = 72
		fmt.Fprintf(&b, " elem=%s slice=%s len=%d", str(ref(t, 48)), str(ref(t, 56)), word(t, 64))
	case reflect.Chan:
		fixed = 64
		fmt.Fprintf(&b, " elem=%s dir=%d", str(ref(t, 48)), word(t, 56))
	case reflect.Func:
		fixed = 56
		in, out := u16(t, 48), u16(t, 50)
		fmt.Fprintf(&b, " in=%d out=%d", in, out)
		at := fixed
		if t.tflag&1 != 0 {
			at += 16
		}
		for i := uint16(0); i < in+out&0x7fff; i++ {
			fmt.Fprintf(&b, " %s", str(ref(t, at+8*uintptr(i))))
		}
	case reflect.Interface:
		fixed = 80
		p, _, _ := name(bref(t, 48))
		fmt.Fprintf(&b, " pkg=%s n=%d,%d", p, word(t, 64), word(t, 72))
		m := ref(t, 56)
		for i := uintptr(0); i < word(t, 64); i++ {
			s, _, bits := name((*byte)(resolveNameOff(unsafe.Pointer(t), i32(m, 8*i))))
			fmt.Fprintf(&b, " %s:%d:%s", s, bits, str((*typ)(resolveTypeOff(unsafe.Pointer(t), i32(m, 8*i+4)))))
		}
	case reflect.Map:
		fixed = 112
		g := ref(t, 64)
		fmt.Fprintf(&b, " key=%s elem=%s group=%d,%d,%s hasher=%v sizes=%d,%d,%d flags=%d", str(ref(t, 48)), str(ref(t, 56)), g.size, g.ptr, mask(g), word(t, 72) != 0, word(t, 80), word(t, 88), word(t, 96), u32(t, 104))
	case reflect.Pointer, reflect.Slice:
		fixed = 56
		fmt.Fprintf(&b, " elem=%s", str(ref(t, 48)))
	case reflect.Struct:
		fixed = 80
		p, _, _ := name(bref(t, 48))
		fmt.Fprintf(&b, " pkg=%s n=%d,%d", p, word(t, 64), word(t, 72))
		f := ref(t, 56)
		for i := uintptr(0); i < word(t, 64); i++ {
			s, tag, bits := name(bref(f, 24*i))
			fmt.Fprintf(&b, " %s:%q:%d:%s:%d", s, tag, bits, str(ref(f, 24*i+8)), word(f, 24*i+16))
		}
	}
	if t.tflag&1 != 0 {
		p, _, _ := name((*byte)(resolveNameOff(unsafe.Pointer(t), i32(t, fixed))))
		mc, xc := u16(t, fixed+4), u16(t, fixed+6)
		fmt.Fprintf(&b, " uncommon=%s,%d,%d,%d", p, mc, xc, u32(t, fixed+8))
		at := fixed + uintptr(u32(t, fixed+8))
		for i := uintptr(0); i < uintptr(mc); i++ {
			s, _, bits := name((*byte)(resolveNameOff(unsafe.Pointer(t), i32(t, at+16*i))))
			fmt.Fprintf(&b, " %s:%d:%s", s, bits, str((*typ)(resolveTypeOff(unsafe.Pointer(t), i32(t, at+16*i+4)))))
		}
	}
	fmt.Println(b.String())
}

func main() {
	if len(os.Args) > 5 {
		// Keeps all exported methods.
		for _, v := range vars {
			e := reflect.ValueOf(v).Elem()
			for i := 0; i < e.NumMethod(); i++ {
				e.Method(i).Call(nil)
			}
		}
	}
	var names []string
	for n := range vars {
		names = append(names, n)
	}
	sort.Strings(names)
	for _, n := range names {
		p := vars[n]
		t := *(**typ)(unsafe.Pointer(&p))
		dump(n, ref(t, 48))
	}
}
var vars = map[string]any{
"A00": &A00,
"A01": &A01,
"A02": &A02,
"A03": &A03,
"A04": &A04,
"A05": &A05,
"A06": &A06,
"A07": &A07,
"A08": &A08,
"A09": &A09,
"A10": &A10,
"A11": &A11,
"A12": &A12,
"A13": &A13,
"A14": &A14,
"A15": &A15,
"A16": &A16,
"A17": &A17,
"A18": &A18,
"A19": &A19,
"A20": &A20,
"A21": &A21,
"A22": &A22,
"A23": &A23,
"A24": &A24,
"A25": &A25,
"A26": &A26,
"A27": &A27,
"A28": &A28,
"A29": &A29,
"A30": &A30,
"A31": &A31,
"A32": &A32,
"A33": &A33,
"A34": &A34,
"A35": &A35,
"A36": &A36,
"A37": &A37,
"A38": &A38,
"A39": &A39,
"A40": &A40,
"A41": &A41,
"A42": &A42,
"A43": &A43,
"A44": &A44,
"A45": &A45,
"A46": &A46,
"A47": &A47,
"A48": &A48,
"A49": &A49,
"A50": &A50,
"A51": &A51,
"A52": &A52,
"A53": &A53,
"A54": &A54,
"A55": &A55,
"A56": &A56,
"A57": &A57,
"A58": &A58,
"A59": &A59,
}
