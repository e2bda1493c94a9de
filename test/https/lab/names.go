package main

import (
	"net"
	"strings"
)

// serveNames answers questions about names on UDP port 53: everything below "test" is on 127.0.0.1, save "silent.test", for which no
// answer ever comes, and names that begin with "no-"; nothing else exists.
func serveNames() {
	conn, err := net.ListenPacket("udp", "127.0.0.1:53")
	must(err)
	go func() {
		buffer := make([]byte, 1500)
		for {
			n, from, err := conn.ReadFrom(buffer)
			if err != nil {
				return
			}
			if answer := answerName(buffer[:n]); answer != nil {
				conn.WriteTo(answer, from)
			}
		}
	}()
}

// answerName makes the answer to a query (RFC 1035, section 4) with one question; nil for none.
func answerName(query []byte) []byte {
	const header, typeA, nameError = 12, 1, 3
	var labels []string
	at := header
	for at < len(query) && query[at] != 0 {
		end := at + 1 + int(query[at])
		if end > len(query) {
			return nil
		}
		labels = append(labels, string(query[at+1:end]))
		at = end
	}
	if at+5 > len(query) {
		return nil
	}
	name := strings.ToLower(strings.Join(labels, "."))
	if name == "silent.test" {
		return nil
	}
	exists := strings.HasSuffix(name, ".test") && !strings.HasPrefix(name, "no-")
	question := query[header : at+5]
	answer := []byte{query[0], query[1], 0x85, 0x80, 0, 1, 0, 0, 0, 0, 0, 0}
	answer = append(answer, question...)
	switch {
	case !exists:
		answer[3] |= nameError
	case query[at+2] == typeA:
		answer[7] = 1
		answer = append(answer, 0xc0, header, 0, typeA, 0, 1, 0, 0, 0, 60, 0, 4, 127, 0, 0, 1)
	}
	return answer
}
