// Fallback carries the roots of the web and counts what crypto/x509 then has as the system's.
package main

import (
	"bytes"
	"crypto/x509"
	"fmt"

	_ "golang.org/x/crypto/x509roots/fallback"
)

func main() {
	pool, err := x509.SystemCertPool()
	if err != nil {
		fmt.Println(err)
		return
	}
	found := false
	subjects := pool.Subjects()
	for _, s := range subjects {
		found = found || bytes.Contains(s, []byte("ISRG Root X1"))
	}
	fmt.Printf("%d roots, ISRG Root X1 among them: %v\n", len(subjects), found)
}
