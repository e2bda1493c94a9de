// Client uses the FIPS 140-3 module and prints what it says of itself.
package main

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/fips140"
	"crypto/md5"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"runtime/debug"
	"strings"
)

func main() {
	fmt.Println(fips140.Version(), "enabled", fips140.Enabled(), "enforced", fips140.Enforced())
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if strings.Contains(s.Key, "FIPS") || strings.Contains(s.Value, "fips") {
				fmt.Printf("%s=%s\n", s.Key, s.Value)
			}
		}
	}
	sum := sha256.Sum256([]byte("abc"))
	fmt.Printf("%x\n", sum)
	block, err := aes.NewCipher(sum[:])
	check(err)
	gcm, err := cipher.NewGCMWithRandomNonce(block)
	check(err)
	text, err := gcm.Open(nil, nil, gcm.Seal(nil, nil, []byte("sealed"), nil), nil)
	check(err)
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	check(err)
	sig, err := ecdsa.SignASN1(rand.Reader, key, sum[:])
	check(err)
	fmt.Println(string(text), ecdsa.VerifyASN1(&key.PublicKey, sum[:], sig))
	defer func() { fmt.Println(recover()) }()
	fmt.Printf("%x\n", md5.Sum(nil))
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}
