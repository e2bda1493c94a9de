// Https fetches a page over HTTPS and prints the status: names, TLS, certificates and HTTP in one static file.
package main

import (
	"fmt"
	"net/http"
	"os"
)

func main() {
	url := "https://go.dev/"
	if len(os.Args) > 1 {
		url = os.Args[1]
	}
	resp, err := http.Get(url)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	resp.Body.Close()
	fmt.Println(resp.Proto, resp.Status)
}
