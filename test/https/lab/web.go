package main

import (
	"bytes"
	"compress/gzip"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"fmt"
	"io"
	"log"
	"math/big"
	"net"
	"net/http"
	"strings"
	"time"
)

// authority signs certificates.
type authority struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
	// Certificates between this one and the root, to be sent by servers.
	chain [][]byte
}

var serial int64

func makeCertificate(template *x509.Certificate, by *authority) (*x509.Certificate, *ecdsa.PrivateKey) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	must(err)
	serial++
	template.SerialNumber = big.NewInt(serial)
	parent, signer := template, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, &key.PublicKey, signer)
	must(err)
	cert, err := x509.ParseCertificate(der)
	must(err)
	return cert, key
}

func authorityTemplate(name string) *x509.Certificate {
	return &x509.Certificate{
		Subject:               pkix.Name{CommonName: name},
		NotBefore:             time.Now().Add(-time.Hour),
		NotAfter:              time.Now().Add(24 * time.Hour),
		IsCA:                  true,
		BasicConstraintsValid: true,
		KeyUsage:              x509.KeyUsageCertSign,
	}
}

func newAuthority(name string) *authority {
	cert, key := makeCertificate(authorityTemplate(name), nil)
	return &authority{cert: cert, key: key}
}

// between makes an authority whose certificate this one signs.
func (a *authority) between(name string) *authority {
	cert, key := makeCertificate(authorityTemplate(name), a)
	return &authority{cert: cert, key: key, chain: append([][]byte{cert.Raw}, a.chain...)}
}

func (a *authority) pem() []byte {
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: a.cert.Raw})
}

func (a *authority) server(name string, until time.Time) *tls.Certificate {
	cert, key := makeCertificate(&x509.Certificate{
		Subject:     pkix.Name{CommonName: name},
		DNSNames:    []string{name},
		NotBefore:   time.Now().Add(-48 * time.Hour),
		NotAfter:    until,
		KeyUsage:    x509.KeyUsageDigitalSignature,
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth},
	}, a)
	return &tls.Certificate{Certificate: append([][]byte{cert.Raw}, a.chain...), PrivateKey: key}
}

// serveWeb serves https on 443 (all protocols), 8412 (TLS 1.2 only), 8413 (TLS 1.3 only) and 8411 (HTTP/1.1 only).
func serveWeb(root *authority) {
	tomorrow := time.Now().Add(24 * time.Hour)
	middle := root.between("Lab Intermediate")
	certificates := map[string]*tls.Certificate{
		"ok.test":      middle.server("ok.test", tomorrow),
		"unknown.test": newAuthority("Nobody").server("unknown.test", tomorrow),
	}
	certificates["expired.test"] = middle.server("expired.test", time.Now().Add(-24*time.Hour))
	choose := func(hello *tls.ClientHelloInfo) (*tls.Certificate, error) {
		if c := certificates[strings.ToLower(hello.ServerName)]; c != nil {
			return c, nil
		}
		return certificates["ok.test"], nil
	}
	handler := pages()
	for _, s := range []struct {
		port     int
		min, max uint16
		http1    bool
	}{
		{443, tls.VersionTLS12, tls.VersionTLS13, false},
		{8411, tls.VersionTLS12, tls.VersionTLS13, true},
		{8412, tls.VersionTLS12, tls.VersionTLS12, false},
		{8413, tls.VersionTLS13, tls.VersionTLS13, false},
	} {
		server := &http.Server{
			Handler:   handler,
			TLSConfig: &tls.Config{GetCertificate: choose, MinVersion: s.min, MaxVersion: s.max},
			ErrorLog:  log.New(io.Discard, "", 0),
		}
		if s.http1 {
			server.TLSNextProto = map[string]func(*http.Server, *tls.Conn, http.Handler){}
		}
		listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", s.port))
		must(err)
		go server.ServeTLS(listener, "", "")
	}
}

func pages() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) { fmt.Fprintf(w, "%s %s", r.Proto, r.URL.Path) })
	mux.HandleFunc("/redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/target", http.StatusFound) })
	mux.HandleFunc("/loop", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/loop", http.StatusFound) })
	mux.HandleFunc("/slow", func(w http.ResponseWriter, r *http.Request) { <-r.Context().Done() })
	mux.HandleFunc("/echo", func(w http.ResponseWriter, r *http.Request) { io.Copy(w, r.Body) })
	mux.HandleFunc("/missing", http.NotFound)
	mux.HandleFunc("/gzip", func(w http.ResponseWriter, r *http.Request) {
		if !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			http.Error(w, "the client does not take gzip", http.StatusNotAcceptable)
			return
		}
		var packed bytes.Buffer
		z := gzip.NewWriter(&packed)
		z.Write(bytes.Repeat([]byte("squeeze "), 10000))
		z.Close()
		w.Header().Set("Content-Encoding", "gzip")
		w.Write(packed.Bytes())
	})
	mux.HandleFunc("/large", func(w http.ResponseWriter, r *http.Request) {
		block := bytes.Repeat([]byte("0123456789abcdef"), 4096)
		for range 64 {
			w.Write(block)
		}
	})
	return mux
}
