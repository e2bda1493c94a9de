// Lab runs a program in a small world of its own: a network namespace with nothing but loopback, a DNS server and HTTPS servers with
// certificates of a test authority, and a root folder that holds just the program, etc/resolv.conf and the authority's certificate.
//
//	lab [-old] [-roots file|folder|variable|none] PROGRAM [ARGUMENT ...]
//
// With -old, system calls that are newer than Linux 4.15 answer ENOSYS. -roots says how the program gets the authority's certificate: SSL_CERT_FILE
// names it, SSL_CERT_DIR names its folder, it is in LAB_ROOTS itself, or not at all. The exit status is the program's.
package main

import (
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"unsafe"

	"go3s.test/https/oldkernel"
)

func main() {
	log.SetFlags(0)
	log.SetPrefix("lab: ")
	args := os.Args[1:]
	if len(args) == 0 {
		log.Fatal("usage: lab [-old] [-roots file|folder|variable|none] PROGRAM [ARGUMENT ...]")
	}
	switch args[0] {
	case "inside":
		os.Exit(inside(args[1:]))
	case "enter":
		enter(args[1:])
	default:
		os.Exit(outside(args))
	}
}

// outside starts this program again in new namespaces.
func outside(args []string) int {
	cmd := self(append([]string{"inside"}, args...))
	flags := syscall.CLONE_NEWNET | syscall.CLONE_NEWNS
	if os.Getuid() != 0 {
		flags |= syscall.CLONE_NEWUSER
		cmd.SysProcAttr.UidMappings = []syscall.SysProcIDMap{{HostID: os.Getuid(), Size: 1}}
		cmd.SysProcAttr.GidMappings = []syscall.SysProcIDMap{{HostID: os.Getgid(), Size: 1}}
	}
	cmd.SysProcAttr.Cloneflags = uintptr(flags)
	return status(cmd.Run())
}

// inside is the world: servers here, the program as a child in its own root folder.
func inside(args []string) int {
	flags := flag.NewFlagSet("lab", flag.ExitOnError)
	old := flags.Bool("old", false, "")
	roots := flags.String("roots", "file", "")
	must(flags.Parse(args))
	args = flags.Args()
	must(loopbackUp())
	root, err := os.MkdirTemp("", "lab-")
	must(err)
	defer os.RemoveAll(root)
	authority := newAuthority("Lab Root")
	must(os.Mkdir(filepath.Join(root, "etc"), 0o755))
	must(os.WriteFile(filepath.Join(root, "etc/resolv.conf"), []byte("nameserver 127.0.0.1\noptions timeout:1 attempts:1\n"), 0o644))
	var env []string
	switch *roots {
	case "file":
		must(os.WriteFile(filepath.Join(root, "ca.pem"), authority.pem(), 0o644))
		env = []string{"SSL_CERT_FILE=/ca.pem"}
	case "folder":
		must(os.Mkdir(filepath.Join(root, "roots"), 0o755))
		must(os.WriteFile(filepath.Join(root, "roots/lab.crt"), authority.pem(), 0o644))
		env = []string{"SSL_CERT_DIR=/none:/roots"}
	case "variable":
		env = []string{"LAB_ROOTS=" + string(authority.pem())}
	case "none":
		env = []string{}
	default:
		log.Fatal("no such way to roots: ", *roots)
	}
	program, err := os.ReadFile(args[0])
	must(err)
	must(os.WriteFile(filepath.Join(root, "program"), program, 0o755))
	serveNames()
	serveWeb(authority)
	mode := "new"
	if *old {
		mode = "old"
	}
	cmd := self(append([]string{"enter", root, mode}, args[1:]...))
	cmd.Env = env
	return status(cmd.Run())
}

// enter becomes the program: new root folder, filter of system calls, exec.
func enter(args []string) {
	must(syscall.Chroot(args[0]))
	must(syscall.Chdir("/"))
	if args[1] == "old" {
		must(oldkernel.Filter())
	}
	must(syscall.Exec("/program", append([]string{"program"}, args[2:]...), os.Environ()))
}

func self(args []string) *exec.Cmd {
	cmd := exec.Command("/proc/self/exe", args...)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = os.Stdin, os.Stdout, os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	return cmd
}

func status(err error) int {
	if exit, ok := err.(*exec.ExitError); ok {
		if exit.ExitCode() < 0 {
			fmt.Fprintln(os.Stderr, exit)
			return 128
		}
		return exit.ExitCode()
	}
	must(err)
	return 0
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func loopbackUp() error {
	fd, err := syscall.Socket(syscall.AF_INET, syscall.SOCK_DGRAM, 0)
	if err != nil {
		return err
	}
	defer syscall.Close(fd)
	request := struct {
		name  [syscall.IFNAMSIZ]byte
		flags uint16
		_     [22]byte
	}{flags: syscall.IFF_UP | syscall.IFF_RUNNING}
	copy(request.name[:], "lo")
	if _, _, errno := syscall.Syscall(syscall.SYS_IOCTL, uintptr(fd), syscall.SIOCSIFFLAGS, uintptr(unsafe.Pointer(&request))); errno != 0 {
		return os.NewSyscallError("ioctl", errno)
	}
	_, err = net.InterfaceByName("lo")
	return err
}
