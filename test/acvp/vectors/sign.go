package main

import (
	"crypto"
	"crypto/ecdh"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rsa"
	"encoding/asn1"
	"encoding/hex"
	"math/big"
)

func init() {
	register(ecdsaKey, "ECDSA/keyGen")
	register(ecdsaSigned, "ECDSA/sigGen")
	register(ecdsaVerify, "ECDSA/sigVer")
	register(ecdsaDeterministic, "DetECDSA/sigGen")
	register(eddsaSign, "EDDSA/sigGen")
	register(eddsaVerify, "EDDSA/sigVer")
	register(rsaSigned, "RSA/sigGen")
	register(rsaVerify, "RSA/sigVer")
	register(shared, "KAS-ECC-SSC")
}

const (
	otherCurves = "skip: binary and Koblitz curves"
	randomised  = "skip: randomised hashing of SP 800-106 (its messages end within a byte)"
)

var curves = map[string]elliptic.Curve{"P-224": elliptic.P224(), "P-256": elliptic.P256(), "P-384": elliptic.P384(), "P-521": elliptic.P521()}

func fieldSize(curve elliptic.Curve) int { return (curve.Params().BitSize + 7) / 8 }

// hashed applies the hash function that a group names; those with variable output give what FIPS 186-5 asks for.
func hashed(name string, msg []byte) []byte {
	switch name {
	case "SHAKE-128":
		return shakeSum(name, msg, 32)
	case "SHAKE-256":
		return shakeSum(name, msg, 64)
	}
	return sum(newHash(name), msg)
}

func point(curve elliptic.Curve, x, y []byte) []byte {
	return append(append([]byte{4}, x...), y...)
}

func publicKey(curve elliptic.Curve, o object) (*ecdsa.PublicKey, error) {
	n := fieldSize(curve)
	return ecdsa.ParseUncompressedPublicKey(curve, point(curve, o.field("qx", n), o.field("qy", n)))
}

func privateKey(curve elliptic.Curve, d []byte) *ecdsa.PrivateKey {
	key, err := ecdsa.ParseRawPrivateKey(curve, d)
	if err != nil {
		panic(err)
	}
	return key
}

func ecdsaKey(g, c, want object) string {
	curve := curves[g.text("curve")]
	if curve == nil {
		return otherCurves
	}
	n := fieldSize(curve)
	got, err := privateKey(curve, want.field("d", n)).PublicKey.Bytes()
	if err != nil {
		return err.Error()
	}
	return same(got, object{"q": "04" + hexOf(want.field("qx", n)) + hexOf(want.field("qy", n))}, "q")
}

func signature(o object) []byte {
	b, err := asn1.Marshal(struct{ R, S *big.Int }{new(big.Int).SetBytes(o.bytes("r")), new(big.Int).SetBytes(o.bytes("s"))})
	if err != nil {
		panic(err)
	}
	return b
}

// ecdsaSigned verifies signatures that were made with secrets which the library does not take.
func ecdsaSigned(g, c, want object) string {
	curve := curves[g.text("curve")]
	if curve == nil {
		return otherCurves
	}
	if g.has("conformance") {
		return randomised
	}
	key, err := publicKey(curve, want)
	if err != nil {
		return err.Error()
	}
	if !ecdsa.VerifyASN1(key, hashed(g.text("hashAlg"), c.bytes("message")), signature(want)) {
		return "refused"
	}
	return ""
}

func ecdsaVerify(g, c, want object) string {
	curve := curves[g.text("curve")]
	if curve == nil {
		return otherCurves
	}
	key, err := publicKey(curve, c)
	if err != nil {
		return verdict(false, want)
	}
	return verdict(ecdsa.VerifyASN1(key, hashed(g.text("hashAlg"), c.bytes("message")), signature(c)), want)
}

func ecdsaDeterministic(g, c, want object) string {
	curve := curves[g.text("curve")]
	if curve == nil {
		return otherCurves
	}
	if g.has("conformance") {
		return randomised
	}
	h, ok := hashes[g.text("hashAlg")]
	if !ok {
		return "skip: deterministic ECDSA with " + g.text("hashAlg")
	}
	key := privateKey(curve, g.field("d", fieldSize(curve)))
	sig, err := key.Sign(nil, sum(h.New(), c.bytes("message")), h)
	if err != nil {
		return err.Error()
	}
	return same(sig, object{"signature": hexOf(signature(want))}, "signature")
}

func hexOf(b []byte) string { return hex.EncodeToString(b) }

func eddsaOptions(g, c object) (*ed25519.Options, []byte) {
	o := &ed25519.Options{Context: string(c.bytes("context"))}
	msg := c.bytes("message")
	if g.bool("preHash") {
		o.Hash = crypto.SHA512
		msg = sum(crypto.SHA512.New(), msg)
	}
	return o, msg
}

func eddsaSign(g, c, want object) string {
	if g.text("curve") != "ED-25519" {
		return "skip: Ed448"
	}
	o, msg := eddsaOptions(g, c)
	sig, err := ed25519.NewKeyFromSeed(g.bytes("d")).Sign(nil, msg, o)
	if err != nil {
		return err.Error()
	}
	return same(sig, want, "signature")
}

func eddsaVerify(g, c, want object) string {
	if g.text("curve") != "ED-25519" {
		return "skip: Ed448"
	}
	o, msg := eddsaOptions(g, c)
	return verdict(ed25519.VerifyWithOptions(c.bytes("q"), msg, c.bytes("signature"), o) == nil, want)
}

func rsaCheck(g, key, c object, sig []byte) (string, bool) {
	e := new(big.Int).SetBytes(key.bytes("e"))
	if e.BitLen() > 31 {
		return "skip: RSA exponents above 31 bits", false
	}
	h, ok := hashes[g.text("hashAlg")]
	if !ok {
		return "skip: RSA with " + g.text("hashAlg"), false
	}
	if f := g.text("maskFunction"); f != "" && f != "mgf1" {
		return "skip: RSA-PSS with a mask of " + f, false
	}
	if g.has("conformance") {
		return randomised, false
	}
	k := &rsa.PublicKey{N: new(big.Int).SetBytes(key.bytes("n")), E: int(e.Int64())}
	digest := sum(h.New(), c.bytes("message"))
	if g.text("sigType") == "pss" {
		return "", rsa.VerifyPSS(k, h, digest, sig, &rsa.PSSOptions{SaltLength: g.int("saltLen")}) == nil
	}
	return "", rsa.VerifyPKCS1v15(k, h, digest, sig) == nil
}

// rsaSigned verifies signatures: their private keys are not published.
func rsaSigned(g, c, want object) string {
	skip, ok := rsaCheck(g, want, c, want.bytes("signature"))
	if skip == "" && !ok {
		return "refused"
	}
	return skip
}

func rsaVerify(g, c, want object) string {
	skip, ok := rsaCheck(g, g, c, c.bytes("signature"))
	if skip != "" {
		return skip
	}
	return verdict(ok, want)
}

var agreements = map[string]ecdh.Curve{"P-256": ecdh.P256(), "P-384": ecdh.P384(), "P-521": ecdh.P521()}

func shared(g, c, want object) string {
	name := g.text("domainParameterGenerationMode")
	curve := agreements[name]
	if curve == nil && curves[name] == nil {
		return otherCurves
	}
	if curve == nil {
		return "skip: key agreement on " + name
	}
	if s := g.text("scheme"); s != "ephemeralUnified" && s != "staticUnified" {
		return "skip: scheme " + s
	}
	kind := "static"
	if g.text("scheme") == "ephemeralUnified" {
		kind = "ephemeral"
	}
	if !c.has(kind + "PrivateIut") {
		return "skip: a private key that is not published"
	}
	n := fieldSize(curves[name])
	z, err := agree(curve, c.field(kind+"PrivateIut", n), c.field(kind+"PublicServerX", n), c.field(kind+"PublicServerY", n))
	if g.text("testType") == "VAL" {
		return verdict(err == nil && string(z) == string(c.field("z", n)), want)
	}
	if err != nil {
		return err.Error()
	}
	if c.has("z") && !want.has("z") {
		want["z"] = c["z"]
	}
	return same(z, want, "z")
}

func agree(curve ecdh.Curve, private, x, y []byte) ([]byte, error) {
	key, err := curve.NewPrivateKey(private)
	if err != nil {
		return nil, err
	}
	other, err := curve.NewPublicKey(point(nil, x, y))
	if err != nil {
		return nil, err
	}
	return key.ECDH(other)
}
