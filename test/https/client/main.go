// Client asks the servers of the lab for everything that they have and prints what came of it.
package main

import (
	"bytes"
	"context"
	"crypto/sha256"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
)

func main() {
	get("plain", "https://ok.test/plain")
	get("missing", "https://ok.test/missing")
	get("HTTP/1.1", "https://ok.test:8411/old")
	get("TLS 1.2", "https://ok.test:8412/twelve")
	get("TLS 1.3", "https://ok.test:8413/thirteen")
	get("gzip", "https://ok.test/gzip")
	get("large", "https://ok.test/large")
	get("redirect", "https://ok.test/redirect")
	get("redirect loop", "https://ok.test/loop")
	get("wrong name", "https://wrong.test/")
	get("expired", "https://expired.test/")
	get("unknown authority", "https://unknown.test/")
	get("by address", "https://127.0.0.1/")
	get("refused", "https://ok.test:1/")
	get("no such name", "https://no-such.test/")
	get("no such domain", "https://nowhere.invalid/")
	get("no server name", "https:///")
	get("plain HTTP to TLS", "http://ok.test:443/")
	get("silent name server", "https://silent.test/")
	timeout()
	cancelled()
	oldProtocol()
	post()
	parallel()
	lookups()
}

func get(title, url string) {
	response, err := http.Get(url)
	report(title, response, err)
}

func report(title string, response *http.Response, err error) {
	if err != nil {
		fmt.Printf("%s: error: %v\n", title, err)
		return
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		fmt.Printf("%s: body: %v\n", title, err)
		return
	}
	version := "no TLS"
	if response.TLS != nil {
		version = tls.VersionName(response.TLS.Version)
	}
	text := string(body)
	if len(text) > 60 {
		text = fmt.Sprintf("%d bytes, SHA-256 %x", len(body), sha256.Sum256(body))
	}
	fmt.Printf("%s: %s, %s, %s, uncompressed %v: %s\n", title, response.Status, response.Proto, version, response.Uncompressed, strings.TrimSpace(text))
}

func timeout() {
	client := &http.Client{Timeout: 300 * time.Millisecond}
	response, err := client.Get("https://ok.test/slow")
	report("timeout", response, err)
}

func cancelled() {
	ctx, cancel := context.WithCancel(context.Background())
	time.AfterFunc(100*time.Millisecond, cancel)
	request, err := http.NewRequestWithContext(ctx, "GET", "https://ok.test/slow", nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	response, err := http.DefaultClient.Do(request)
	report("cancelled", response, err)
}

func oldProtocol() {
	client := &http.Client{Transport: &http.Transport{TLSClientConfig: &tls.Config{MaxVersion: tls.VersionTLS12}}}
	response, err := client.Get("https://ok.test:8413/")
	report("protocol version", response, err)
}

func post() {
	body := bytes.Repeat([]byte("there and back "), 100000)
	response, err := http.Post("https://ok.test/echo", "application/octet-stream", bytes.NewReader(body))
	report("echo", response, err)
}

func parallel() {
	var group sync.WaitGroup
	results := make([]string, 100)
	for i := range results {
		group.Add(1)
		go func() {
			defer group.Done()
			url := fmt.Sprintf("https://ok.test/%d", i)
			if i%2 == 1 {
				url = fmt.Sprintf("https://ok.test:8411/%d", i)
			}
			response, err := http.Get(url)
			if err != nil {
				results[i] = err.Error()
				return
			}
			defer response.Body.Close()
			body, err := io.ReadAll(response.Body)
			results[i] = fmt.Sprint(string(body), err)
		}()
	}
	group.Wait()
	good := 0
	for i, r := range results {
		want := fmt.Sprintf("HTTP/2.0 /%d<nil>", i)
		if i%2 == 1 {
			want = fmt.Sprintf("HTTP/1.1 /%d<nil>", i)
		}
		if r == want {
			good++
		} else {
			fmt.Printf("parallel %d: %s\n", i, r)
		}
	}
	fmt.Printf("parallel: %d of %d\n", good, len(results))
}

func lookups() {
	addresses, err := net.LookupHost("ok.test")
	fmt.Println("lookup:", addresses, err)
	_, err = net.LookupHost("no-such.test")
	fmt.Println("lookup:", err)
	_, err = net.LookupMX("ok.test")
	fmt.Println("lookup MX:", err)
	port, err := net.LookupPort("tcp", "https")
	fmt.Println("port:", port, err)
}
