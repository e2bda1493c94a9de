package main

import (
	"crypto/internal/fips140/drbg"
)

func init() {
	register(ctrDRBG, "ctrDRBG")
	register(func(g, c, want object) string {
		return "skip: HMAC-DRBG with additional input (the library has it for deterministic ECDSA only)"
	}, "hmacDRBG")
}

func seed(b []byte) *[drbg.SeedSize]byte {
	var s [drbg.SeedSize]byte
	if copy(s[:], b) != len(b) {
		panic("a seed of too many bytes")
	}
	return &s
}

func ctrDRBG(g, c, want object) string {
	if g.text("mode") != "AES-256" {
		return "skip: CTR-DRBG with " + g.text("mode")
	}
	if g.bool("derFunc") {
		return "skip: CTR-DRBG with a derivation function"
	}
	if n := g["counterFieldLen"]; n != nil && n != 128.0 {
		return "skip: CTR-DRBG with a counter of less than 128 bits"
	}
	first := seed(c.bytes("entropyInput"))
	for i, b := range c.bytes("persoString") {
		first[i] ^= b
	}
	d := drbg.NewCounter(first)
	out := make([]byte, g.int("returnedBitsLen")/8)
	for _, o := range c.list("otherInput") {
		additional := seed(o.bytes("additionalInput"))
		if o.text("intendedUse") == "reSeed" {
			d.Reseed(seed(o.bytes("entropyInput")), additional)
			continue
		}
		if g.bool("predResistance") {
			d.Reseed(seed(o.bytes("entropyInput")), additional)
			additional = nil
		}
		d.Generate(out, additional)
	}
	return same(out, want, "returnedBits")
}
