// Deadlines of connections: the poller finds its descriptor through an interface that holds a pointer to memory outside the heap.
package main

import (
	"errors"
	"fmt"
	"net"
	"os"
	"time"
)

func main() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fmt.Println(err)
		return
	}
	l.(*net.TCPListener).SetDeadline(time.Now().Add(30 * time.Millisecond))
	_, err = l.Accept()
	fmt.Println("accept:", errors.Is(err, os.ErrDeadlineExceeded))

	server, _ := net.ListenPacket("udp", "127.0.0.1:0")
	client, _ := net.Dial("udp", server.LocalAddr().String())
	client.SetReadDeadline(time.Now().Add(30 * time.Millisecond))
	_, err = client.Read(make([]byte, 8))
	fmt.Println("read:", errors.Is(err, os.ErrDeadlineExceeded))
	client.SetReadDeadline(time.Time{})
	server.WriteTo([]byte("late"), client.LocalAddr())
	n, err := client.Read(make([]byte, 8))
	fmt.Println("read again:", n, err)
}
