package main

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	fipsaes "crypto/internal/fips140/aes"
	"crypto/internal/fips140/aes/gcm"
	"fmt"
)

func init() {
	register(ecb, "ACVP-AES-ECB")
	register(cbc, "ACVP-AES-CBC")
	register(ctr, "ACVP-AES-CTR")
	register(aead, "ACVP-AES-GCM")
	register(cmac, "CMAC-AES")
}

func newAES(key []byte) cipher.Block {
	b, err := aes.NewCipher(key)
	if err != nil {
		panic(err)
	}
	return b
}

// inOut names input and output of a group.
func inOut(g object) (string, string) {
	if g.text("direction") == "encrypt" {
		return "pt", "ct"
	}
	return "ct", "pt"
}

func xor(dst, src []byte) []byte {
	out := bytes.Clone(dst)
	for i, b := range src {
		out[i] ^= b
	}
	return out
}

// nextKey is the key update of the Monte Carlo tests: the last bytes of the last two outputs are added.
func nextKey(key, before, last []byte) []byte {
	return xor(key, append(bytes.Clone(before), last...)[32-len(key):])
}

func ecb(g, c, want object) string {
	in, out := inOut(g)
	crypt := func(key, text []byte) []byte {
		b := newAES(key)
		r := make([]byte, len(text))
		for i := 0; i < len(text); i += 16 {
			if in == "pt" {
				b.Encrypt(r[i:], text[i:])
			} else {
				b.Decrypt(r[i:], text[i:])
			}
		}
		return r
	}
	if g.text("testType") != "MCT" {
		return same(crypt(c.bytes("key"), c.bytes(in)), want, out)
	}
	key, text := c.bytes("key"), c.bytes(in)
	for i, step := range want.list("resultsArray") {
		if r := first(same(key, step, "key"), same(text, step, in)); r != "" {
			return fmt.Sprintf("step %d: %s", i, r)
		}
		b := newAES(key)
		before := make([]byte, 16)
		for range 1000 {
			copy(before, text)
			if in == "pt" {
				b.Encrypt(text, text)
			} else {
				b.Decrypt(text, text)
			}
		}
		if r := same(text, step, out); r != "" {
			return fmt.Sprintf("step %d: %s", i, r)
		}
		key = nextKey(key, before, text)
	}
	return ""
}

func cbc(g, c, want object) string {
	in, out := inOut(g)
	mode := func(key, iv []byte) cipher.BlockMode {
		if in == "pt" {
			return cipher.NewCBCEncrypter(newAES(key), iv)
		}
		return cipher.NewCBCDecrypter(newAES(key), iv)
	}
	if g.text("testType") != "MCT" {
		r := make([]byte, len(c.bytes(in)))
		mode(c.bytes("key"), c.bytes("iv")).CryptBlocks(r, c.bytes(in))
		return same(r, want, out)
	}
	key, iv, text := c.bytes("key"), c.bytes("iv"), c.bytes(in)
	for i, step := range want.list("resultsArray") {
		if r := first(same(key, step, "key"), same(iv, step, "iv"), same(text, step, in)); r != "" {
			return fmt.Sprintf("step %d: %s", i, r)
		}
		m := mode(key, iv)
		before, last := bytes.Clone(iv), make([]byte, 16)
		for j := range 1000 {
			if j > 0 {
				copy(before, last)
			}
			m.CryptBlocks(last, text)
			if j == 0 {
				copy(text, iv)
			} else {
				copy(text, before)
			}
		}
		if r := same(last, step, out); r != "" {
			return fmt.Sprintf("step %d: %s", i, r)
		}
		key = nextKey(key, before, last)
		iv = bytes.Clone(last)
		text = bytes.Clone(before)
	}
	return ""
}

// ctr also takes texts that end within a byte: their last bits are cut off from the result.
func ctr(g, c, want object) string {
	in, out := inOut(g)
	iv := c.bytes("iv")
	if iv == nil || len(iv) == 0 {
		iv = want.bytes("iv")
	}
	r := make([]byte, len(c.bytes(in)))
	cipher.NewCTR(newAES(c.bytes("key")), iv).XORKeyStream(r, c.bytes(in))
	if rest := c.int("payloadLen") % 8; rest != 0 {
		r[len(r)-1] &= 0xff << (8 - rest)
	}
	return same(r, want, out)
}

func aead(g, c, want object) string {
	var a cipher.AEAD
	var err error
	tag := g.int("tagLen") / 8
	if n := g.int("ivLen") / 8; n == 12 {
		a, err = cipher.NewGCMWithTagSize(newAES(c.bytes("key")), tag)
	} else if tag == 16 {
		a, err = cipher.NewGCMWithNonceSize(newAES(c.bytes("key")), n)
	} else {
		return "skip: GCM with another nonce than 96 bits and another tag than 128 bits"
	}
	if err != nil && tag < 12 {
		return "skip: GCM tags below 96 bits"
	} else if err != nil {
		return err.Error()
	}
	if g.text("direction") == "encrypt" {
		sealed := a.Seal(nil, c.bytes("iv"), c.bytes("pt"), c.bytes("aad"))
		cut := len(sealed) - tag
		return first(same(sealed[:cut], want, "ct"), same(sealed[cut:], want, "tag"))
	}
	text, err := a.Open(nil, c.bytes("iv"), append(c.bytes("ct"), c.bytes("tag")...), c.bytes("aad"))
	if want.has("testPassed") {
		return verdict(err == nil, want)
	}
	if err != nil {
		return err.Error()
	}
	return same(text, want, "pt")
}

func cmac(g, c, want object) string {
	b, err := fipsaes.New(c.bytes("key"))
	if err != nil {
		return err.Error()
	}
	mac := gcm.NewCMAC(b).MAC(c.bytes("message"))
	got := mac[:g.int("macLen")/8]
	if g.text("direction") == "ver" {
		return verdict(bytes.Equal(got, c.bytes("mac")), want)
	}
	return same(got, want, "mac")
}
