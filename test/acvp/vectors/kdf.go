package main

import (
	"bytes"
	"crypto/hkdf"
	"crypto/internal/fips140/tls12"
	"crypto/internal/fips140/tls13"
	"crypto/pbkdf2"
	"encoding/binary"
	"hash"
	"slices"
)

func init() {
	register(hkdfCase, "KDA/HKDF")
	register(passwordKey, "PBKDF")
	register(tls12Keys, "TLS-v1.2/KDF")
	register(tls13Keys, "TLS-v1.3/KDF")
}

func party(o object) []byte { return append(o.bytes("partyId"), o.bytes("ephemeralData")...) }

func hkdfCase(g, c, want object) string {
	if p := c.object("kdfMultiExpansionParameter"); p != nil {
		return hkdfExpansions(p, c, want)
	}
	p := c.object("kdfParameter")
	n := p.int("l")
	info := append(party(c.object("fixedInfoPartyU")), party(c.object("fixedInfoPartyV"))...)
	info = binary.BigEndian.AppendUint32(info, uint32(n))
	h := hashes[g.object("kdfConfiguration").text("hmacAlg")]
	key, err := hkdf.Key(h.New, p.bytes("z"), p.bytes("salt"), string(info), n/8)
	if err != nil {
		return err.Error()
	}
	if g.text("testType") == "VAL" {
		return verdict(bytes.Equal(key, c.bytes("dkm")), want)
	}
	return same(key, want, "dkm")
}

func hkdfExpansions(p, c, want object) string {
	h := hashes[p.text("hmacAlg")]
	secret, err := hkdf.Extract(h.New, p.bytes("z"), p.bytes("salt"))
	if err != nil {
		return err.Error()
	}
	var keys []any
	for _, step := range p.list("iterationParameters") {
		key, err := hkdf.Expand(h.New, secret, string(step.bytes("fixedInfo")), step.int("l")/8)
		if err != nil {
			return err.Error()
		}
		keys = append(keys, key)
	}
	given, asked := c["dkms"].([]any)
	if !asked {
		given = want["dkms"].([]any)
	}
	equal := slices.EqualFunc(keys, given, func(a, b any) bool {
		return bytes.Equal(a.([]byte), object{"x": b}.bytes("x"))
	})
	if asked {
		return verdict(equal, want)
	}
	if !equal {
		return "dkms differ"
	}
	return ""
}

func passwordKey(g, c, want object) string {
	key, err := pbkdf2.Key(hashes[g.text("hmacAlg")].New, c.text("password"), c.bytes("salt"), c.int("iterationCount"), c.int("keyLen")/8)
	if err != nil {
		return err.Error()
	}
	return same(key, want, "derivedKey")
}

func tls12Keys(g, c, want object) string {
	h := func() hash.Hash { return newHash(g.text("hashAlg")) }
	master := tls12.MasterSecret(h, c.bytes("preMasterSecret"), c.bytes("sessionHash"))
	seed := append(c.bytes("serverRandom"), c.bytes("clientRandom")...)
	block := tls12.PRF(h, master, "key expansion", seed, g.int("keyBlockLength")/8)
	return first(same(master, want, "masterSecret"), same(block, want, "keyBlock"))
}

func tls13Keys(g, c, want object) string {
	h := func() hash.Hash { return newHash(g.text("hmacAlg")) }
	transcript := func(names ...string) hash.Hash {
		t := h()
		for _, n := range names {
			t.Write(c.bytes(n))
		}
		return t
	}
	hello := transcript("helloClientRandom")
	both := transcript("helloClientRandom", "helloServerRandom")
	server := transcript("helloClientRandom", "helloServerRandom", "finishedServerRandom")
	all := transcript("helloClientRandom", "helloServerRandom", "finishedServerRandom", "finishedClientRandom")
	zeros := make([]byte, h().Size())
	psk, dhe := zeros, zeros
	if c.has("psk") {
		psk = c.bytes("psk")
	}
	if c.has("dhe") {
		dhe = c.bytes("dhe")
	}
	early := tls13.NewEarlySecret(h, psk)
	handshake := early.HandshakeSecret(dhe)
	master := handshake.MasterSecret()
	return first(
		same(early.ClientEarlyTrafficSecret(hello), want, "clientEarlyTrafficSecret"),
		same(tls13.TestingOnlyExporterSecret(early.EarlyExporterMasterSecret(hello)), want, "earlyExporterMasterSecret"),
		same(handshake.ClientHandshakeTrafficSecret(both), want, "clientHandshakeTrafficSecret"),
		same(handshake.ServerHandshakeTrafficSecret(both), want, "serverHandshakeTrafficSecret"),
		same(master.ClientApplicationTrafficSecret(server), want, "clientApplicationTrafficSecret"),
		same(master.ServerApplicationTrafficSecret(server), want, "serverApplicationTrafficSecret"),
		same(tls13.TestingOnlyExporterSecret(master.ExporterMasterSecret(server)), want, "exporterMasterSecret"),
		same(master.ResumptionMasterSecret(all), want, "resumptionMasterSecret"),
	)
}
