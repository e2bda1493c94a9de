package main

import (
	"crypto/internal/fips140/mldsa"
	"crypto/internal/fips140/mlkem"
)

func init() {
	register(kemKey, "ML-KEM/keyGen")
	register(kem, "ML-KEM/encapDecap")
	register(dsaKey, "ML-DSA/keyGen")
	register(dsaSign, "ML-DSA/sigGen")
	register(dsaVerify, "ML-DSA/sigVer")
}

// A kemSet is a parameter set of ML-KEM.
type kemSet struct {
	fromSeed     func(seed []byte) (kemPrivate, error)
	fromExpanded func(b []byte) (kemPrivate, error)
	public       func(b []byte) (kemPublic, error)
}

type kemPrivate struct {
	decapsulate      func(c []byte) ([]byte, error)
	expanded, public func() []byte
}

type kemPublic struct {
	encapsulate func(m *[32]byte) (key, ciphertext []byte)
}

func private768(k *mlkem.DecapsulationKey768, err error) (kemPrivate, error) {
	if err != nil {
		return kemPrivate{}, err
	}
	return kemPrivate{k.Decapsulate, func() []byte { return mlkem.TestingOnlyExpandedBytes768(k) }, func() []byte { return k.EncapsulationKey().Bytes() }}, nil
}

func private1024(k *mlkem.DecapsulationKey1024, err error) (kemPrivate, error) {
	if err != nil {
		return kemPrivate{}, err
	}
	return kemPrivate{k.Decapsulate, func() []byte { return mlkem.TestingOnlyExpandedBytes1024(k) }, func() []byte { return k.EncapsulationKey().Bytes() }}, nil
}

var kemSets = map[string]kemSet{
	"ML-KEM-768": {
		fromSeed:     func(b []byte) (kemPrivate, error) { return private768(mlkem.NewDecapsulationKey768(b)) },
		fromExpanded: func(b []byte) (kemPrivate, error) { return private768(mlkem.TestingOnlyNewDecapsulationKey768(b)) },
		public: func(b []byte) (kemPublic, error) {
			k, err := mlkem.NewEncapsulationKey768(b)
			if err != nil {
				return kemPublic{}, err
			}
			return kemPublic{k.EncapsulateInternal}, nil
		},
	},
	"ML-KEM-1024": {
		fromSeed:     func(b []byte) (kemPrivate, error) { return private1024(mlkem.NewDecapsulationKey1024(b)) },
		fromExpanded: func(b []byte) (kemPrivate, error) { return private1024(mlkem.TestingOnlyNewDecapsulationKey1024(b)) },
		public: func(b []byte) (kemPublic, error) {
			k, err := mlkem.NewEncapsulationKey1024(b)
			if err != nil {
				return kemPublic{}, err
			}
			return kemPublic{k.EncapsulateInternal}, nil
		},
	},
}

func kemSetOf(g object) (kemSet, string) {
	s, ok := kemSets[g.text("parameterSet")]
	if !ok {
		return s, "skip: " + g.text("parameterSet")
	}
	return s, ""
}

func kemKey(g, c, want object) string {
	s, skip := kemSetOf(g)
	if skip != "" {
		return skip
	}
	k, err := s.fromSeed(append(c.bytes("d"), c.bytes("z")...))
	if err != nil {
		return err.Error()
	}
	return first(same(k.public(), want, "ek"), same(k.expanded(), want, "dk"))
}

func kem(g, c, want object) string {
	s, skip := kemSetOf(g)
	if skip != "" {
		return skip
	}
	private := func() (kemPrivate, error) {
		if c.has("dk") {
			return s.fromExpanded(c.bytes("dk"))
		}
		return s.fromSeed(append(c.bytes("d"), c.bytes("z")...))
	}
	switch g.text("function") {
	case "encapsulation":
		k, err := s.public(c.bytes("ek"))
		if err != nil {
			return err.Error()
		}
		key, text := k.encapsulate((*[32]byte)(c.bytes("m")))
		return first(same(text, want, "c"), same(key, want, "k"))
	case "decapsulation":
		k, err := private()
		if err != nil {
			return err.Error()
		}
		key, err := k.decapsulate(c.bytes("c"))
		if err != nil {
			return err.Error()
		}
		return same(key, want, "k")
	case "encapsulationKeyCheck":
		_, err := s.public(c.bytes("ek"))
		return verdict(err == nil, want)
	case "decapsulationKeyCheck":
		_, err := private()
		return verdict(err == nil, want)
	}
	return "unknown function " + g.text("function")
}

var dsaPrivate = map[string]func([]byte) (*mldsa.PrivateKey, error){
	"ML-DSA-44": mldsa.NewPrivateKey44, "ML-DSA-65": mldsa.NewPrivateKey65, "ML-DSA-87": mldsa.NewPrivateKey87,
}

var dsaPublic = map[string]func([]byte) (*mldsa.PublicKey, error){
	"ML-DSA-44": mldsa.NewPublicKey44, "ML-DSA-65": mldsa.NewPublicKey65, "ML-DSA-87": mldsa.NewPublicKey87,
}

func dsaKey(g, c, want object) string {
	k, err := dsaPrivate[g.text("parameterSet")](c.bytes("seed"))
	if err != nil {
		return err.Error()
	}
	return first(same(k.PublicKey().Bytes(), want, "pk"), same(mldsa.TestingOnlyPrivateKeySemiExpandedBytes(k), want, "sk"))
}

// dsaLeftOut tells what the library has no function for.
func dsaLeftOut(g object) string {
	if g.text("preHash") == "preHash" {
		return "skip: HashML-DSA"
	}
	if g.text("signatureInterface") == "internal" && !g.bool("externalMu") {
		return "skip: the internal interface of ML-DSA without external mu"
	}
	return ""
}

func dsaSign(g, c, want object) string {
	if skip := dsaLeftOut(g); skip != "" {
		return skip
	}
	var k *mldsa.PrivateKey
	var err error
	if c.has("seed") {
		k, err = dsaPrivate[g.text("parameterSet")](c.bytes("seed"))
	} else {
		k, err = mldsa.TestingOnlyNewPrivateKeyFromSemiExpanded(c.bytes("sk"))
	}
	if err != nil {
		return err.Error()
	}
	var sig []byte
	context, rnd := string(c.bytes("context")), c.bytes("rnd")
	switch mu := g.bool("externalMu"); {
	case mu && g.bool("deterministic"):
		sig, err = mldsa.SignExternalMuDeterministic(k, c.bytes("mu"))
	case mu:
		sig, err = mldsa.TestingOnlySignExternalMuWithRandom(k, c.bytes("mu"), rnd)
	case g.bool("deterministic"):
		sig, err = mldsa.SignDeterministic(k, c.bytes("message"), context)
	default:
		sig, err = mldsa.TestingOnlySignWithRandom(k, c.bytes("message"), context, rnd)
	}
	if err != nil {
		return err.Error()
	}
	return same(sig, want, "signature")
}

func dsaVerify(g, c, want object) string {
	if skip := dsaLeftOut(g); skip != "" {
		return skip
	}
	k, err := dsaPublic[g.text("parameterSet")](c.bytes("pk"))
	if err == nil && g.bool("externalMu") {
		err = mldsa.VerifyExternalMu(k, c.bytes("mu"), c.bytes("signature"))
	} else if err == nil {
		err = mldsa.Verify(k, c.bytes("message"), c.bytes("signature"), string(c.bytes("context")))
	}
	return verdict(err == nil, want)
}
