package main

import (
	"bytes"
	"crypto"
	"crypto/hmac"
	_ "crypto/sha1"
	_ "crypto/sha256"
	"crypto/sha3"
	_ "crypto/sha512"
	"fmt"
	"hash"
	"strings"
)

var hashes = map[string]crypto.Hash{
	"SHA-1": crypto.SHA1, "SHA2-224": crypto.SHA224, "SHA2-256": crypto.SHA256, "SHA2-384": crypto.SHA384, "SHA2-512": crypto.SHA512,
	"SHA2-512/224": crypto.SHA512_224, "SHA2-512/256": crypto.SHA512_256,
	"SHA3-224": crypto.SHA3_224, "SHA3-256": crypto.SHA3_256, "SHA3-384": crypto.SHA3_384, "SHA3-512": crypto.SHA3_512,
}

func init() {
	for name := range hashes {
		register(digest, name)
		register(mac, "HMAC-"+name)
	}
	register(shake, "SHAKE-128", "SHAKE-256")
}

const bits = "skip: messages that end within a byte"

func sum(h hash.Hash, parts ...[]byte) []byte {
	h.Reset()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

func newHash(name string) hash.Hash { return hashes[name].New() }

func digest(g, c, want object) string {
	h := newHash(g.text("algorithm"))
	switch g.text("testType") {
	case "LDT":
		m := c.object("largeMsg")
		content, n := m.bytes("content"), int64(m["fullLength"].(float64))/8
		if n > 1<<30 && !*large {
			return "skip: messages above 1 GiB without -large"
		}
		block := bytes.Repeat(content, 1+(1<<20)/len(content))
		for n > 0 {
			part := block[:min(n, int64(len(block)))]
			h.Write(part)
			n -= int64(len(part))
		}
		return same(h.Sum(nil), want, "md")
	case "MCT":
		return monteCarlo(h, g, c, want)
	}
	if c.int("len")%8 != 0 {
		return bits
	}
	return same(sum(h, c.bytes("msg")), want, "md")
}

func monteCarlo(h hash.Hash, g, c, want object) string {
	seed := c.bytes("msg")
	size := len(seed)
	sha3 := strings.HasPrefix(g.text("algorithm"), "SHA3")
	alternate := g.text("mctVersion") == "alternate"
	for i, step := range want.list("resultsArray") {
		a, b, last := seed, seed, seed
		for range 1000 {
			var msg []byte
			if sha3 {
				msg = last
			} else {
				msg = bytes.Join([][]byte{a, b, last}, nil)
			}
			if alternate {
				msg = append(msg, make([]byte, size)...)[:size]
			}
			a, b, last = b, last, sum(h, msg)
		}
		seed = last
		if r := same(seed, step, "md"); r != "" {
			return fmt.Sprintf("step %d: %s", i, r)
		}
	}
	return ""
}

func newShake(name string) *sha3.SHAKE {
	if strings.HasSuffix(name, "128") {
		return sha3.NewSHAKE128()
	}
	return sha3.NewSHAKE256()
}

func shakeSum(name string, msg []byte, n int) []byte {
	s := newShake(name)
	s.Write(msg)
	out := make([]byte, n)
	s.Read(out)
	return out
}

func shake(g, c, want object) string {
	name := g.text("algorithm")
	if g.text("testType") == "MCT" {
		return shakeMonteCarlo(name, g, c, want)
	}
	if c.int("len")%8 != 0 {
		return bits
	}
	// The bits of an output's last byte that count are its low ones; a newer revision moves them to the high end.
	n := c.int("outLen")
	out := shakeSum(name, c.bytes("msg"), (n+7)/8)
	if n%8 != 0 {
		last := &out[len(out)-1]
		*last &= 1<<(n%8) - 1
		if g.text("revision") != "1.0" {
			*last <<= 8 - n%8
		}
	}
	return same(out, want, "md")
}

func shakeMonteCarlo(name string, g, c, want object) string {
	low, high := g.int("minOutLen")/8, g.int("maxOutLen")/8
	out, size := c.bytes("msg"), high
	for i, step := range want.list("resultsArray") {
		for range 1000 {
			msg := append(bytes.Clone(out), make([]byte, 16)...)[:16]
			out = shakeSum(name, msg, size)
			tail := out[len(out)-2:]
			size = low + (int(tail[0])<<8|int(tail[1]))%(high-low+1)
		}
		if r := same(out, step, "md"); r != "" {
			return fmt.Sprintf("step %d: %s", i, r)
		}
	}
	return ""
}

func mac(g, c, want object) string {
	size := c["macLen"]
	if size == nil {
		size = g["macLen"]
		if g.int("keyLen")%8 != 0 || g.int("msgLen")%8 != 0 {
			return bits
		}
	} else if c.int("keyLen")%8 != 0 || c.int("msgLen")%8 != 0 {
		return bits
	}
	m := hmac.New(hashes[strings.TrimPrefix(g.text("algorithm"), "HMAC-")].New, c.bytes("key"))
	m.Write(c.bytes("msg"))
	return same(m.Sum(nil)[:int(size.(float64))/8], want, "mac")
}
