// Old runs a program on a kernel that knows no system call newer than Linux 4.15.
//
//	old PROGRAM [ARGUMENT ...]
package main

import (
	"log"
	"os"
	"syscall"

	"go3s.test/https/oldkernel"
)

func main() {
	if len(os.Args) < 2 {
		log.Fatal("usage: old PROGRAM [ARGUMENT ...]")
	}
	if err := oldkernel.Filter(); err != nil {
		log.Fatal(err)
	}
	log.Fatal(syscall.Exec(os.Args[1], os.Args[1:], os.Environ()))
}
