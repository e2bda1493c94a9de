// Package chacha measures ChaCha20-Poly1305 through crypto/hpke, the public package by which a program can use it alone.
package chacha

import (
	"crypto/ecdh"
	"crypto/hpke"
	"testing"
)

func BenchmarkSeal8K(b *testing.B) {
	key, err := hpke.DHKEM(ecdh.X25519()).GenerateKey()
	if err != nil {
		b.Fatal(err)
	}
	_, sender, err := hpke.NewSender(key.PublicKey(), hpke.HKDFSHA256(), hpke.ChaCha20Poly1305(), nil)
	if err != nil {
		b.Fatal(err)
	}
	text := make([]byte, 8192)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := sender.Seal(nil, text); err != nil {
			b.Fatal(err)
		}
	}
}
