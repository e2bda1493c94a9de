// Roots asks two servers of the lab, of which one has a certificate of the lab's authority. It takes the authority from where
// crypto/x509 looks for it, or from LAB_ROOTS, as a program does that carries its own.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net/http"
	"os"
)

func main() {
	if text := os.Getenv("LAB_ROOTS"); text != "" {
		pool := x509.NewCertPool()
		if !pool.AppendCertsFromPEM([]byte(text)) {
			fmt.Println("no certificate in LAB_ROOTS")
		}
		x509.SetFallbackRoots(pool)
	}
	for _, name := range []string{"ok.test", "unknown.test"} {
		response, err := http.Get("https://" + name + "/plain")
		var failed *tls.CertificateVerificationError
		switch {
		case err == nil:
			response.Body.Close()
			fmt.Printf("%s: %s\n", name, response.Status)
		case errors.As(err, &failed):
			fmt.Printf("%s: %v\n", name, failed)
		default:
			fmt.Printf("%s: %v\n", name, err)
		}
	}
}
