// Features uses what of the standard library has more than one way to the kernel: the newest call there is, and what stands in for it.
package main

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"os/user"
	"path/filepath"
	"runtime"
	"sort"
	"strings"
	"sync"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) > 1 {
		child(os.Args[1])
		return
	}
	dir, err := os.MkdirTemp("", "features-")
	check(err)
	defer os.RemoveAll(dir)
	check(os.Chdir(dir))
	for _, f := range []struct {
		name string
		run  func() string
	}{
		{"files", files}, {"copy", copies}, {"root", root}, {"walk", walk}, {"times", times}, {"pipes", pipes},
		{"processes", processes}, {"kill", kill}, {"look up programs", lookPath}, {"fork attributes", attributes}, {"signals", signals},
		{"tcp", tcp}, {"udp", udp}, {"unix", unix}, {"interfaces", interfaces}, {"deadlines", deadlines}, {"user", users},
		{"random", random}, {"threads", threads}, {"memory", memory}, {"sleep", sleep},
	} {
		fmt.Printf("%s: %s\n", f.name, f.run())
	}
}

func child(what string) {
	switch what {
	case "echo":
		io.Copy(os.Stdout, os.Stdin)
	case "sleep":
		fmt.Println("asleep")
		time.Sleep(time.Minute)
	case "exit":
		os.Exit(7)
	case "folder":
		d, _ := os.Getwd()
		fmt.Print(filepath.Base(d))
	}
}

func check(err error) {
	if err != nil {
		panic(err)
	}
}

func files() string {
	check(os.WriteFile("a", []byte("hello"), 0o600))
	f, err := os.OpenFile("a", os.O_RDWR|os.O_APPEND, 0)
	check(err)
	defer f.Close()
	_, err = f.WriteString(", world")
	check(err)
	check(f.Sync())
	b := make([]byte, 5)
	_, err = f.ReadAt(b, 7)
	check(err)
	check(f.Truncate(5))
	check(f.Chmod(0o640))
	info, err := f.Stat()
	check(err)
	check(os.Link("a", "b"))
	check(os.Symlink("b", "c"))
	to, err := os.Readlink("c")
	check(err)
	check(os.Rename("b", "d"))
	_, err = os.Stat("c")
	_, none := os.ReadFile("none")
	return fmt.Sprint(string(b), " ", info.Size(), " ", info.Mode(), " ", to, " ", errors.Is(err, fs.ErrNotExist), " ", none)
}

func copies() string {
	check(os.WriteFile("from", bytes.Repeat([]byte("0123456789"), 50000), 0o600))
	in, err := os.Open("from")
	check(err)
	defer in.Close()
	out, err := os.Create("to")
	check(err)
	n, err := io.Copy(out, in)
	check(err)
	check(out.Close())
	check(os.MkdirAll("branch/twig", 0o755))
	check(os.WriteFile("branch/twig/leaf", []byte("green"), 0o644))
	check(os.CopyFS("tree", os.DirFS("branch")))
	entries, err := os.ReadDir("tree")
	return fmt.Sprint(n, " ", len(entries), " ", err)
}

func root() string {
	check(os.MkdirAll("jail/deep", 0o755))
	check(os.Symlink("../../a", "jail/deep/out"))
	r, err := os.OpenRoot("jail")
	check(err)
	defer r.Close()
	check(r.WriteFile("deep/x", []byte("inside"), 0o600))
	b, err := r.ReadFile("deep/x")
	check(err)
	_, escape := r.Open("deep/out")
	check(r.Rename("deep/x", "y"))
	check(r.Chmod("y", 0o644))
	info, err := r.Lstat("y")
	check(err)
	return fmt.Sprint(string(b), " ", escape, " ", info.Mode(), " ", r.RemoveAll("deep"))
}

func walk() string {
	var names []string
	check(filepath.WalkDir("jail", func(path string, d fs.DirEntry, err error) error {
		names = append(names, path)
		return err
	}))
	check(os.RemoveAll("jail"))
	_, err := os.Stat("jail")
	return fmt.Sprint(names, " ", err)
}

func times() string {
	when := time.Unix(1234567890, 123456789)
	check(os.Chtimes("a", time.Time{}, when))
	info, err := os.Stat("a")
	check(err)
	return fmt.Sprint(info.ModTime().Equal(when))
}

func pipes() string {
	r, w, err := os.Pipe()
	check(err)
	check(r.SetReadDeadline(time.Now().Add(10 * time.Millisecond)))
	_, timeout := r.Read(make([]byte, 1))
	check(r.SetReadDeadline(time.Time{}))
	go func() {
		w.WriteString("through")
		w.Close()
	}()
	b, err := io.ReadAll(r)
	return fmt.Sprint(errors.Is(timeout, os.ErrDeadlineExceeded), " ", string(b), " ", err)
}

func processes() string {
	self, err := os.Executable()
	check(err)
	cmd := exec.Command(self, "echo")
	cmd.Stdin = strings.NewReader("echoed")
	out, err := cmd.Output()
	check(err)
	failed := exec.Command(self, "exit").Run()
	_, missing := os.StartProcess("/no/such/program", nil, &os.ProcAttr{})
	p, err := os.FindProcess(os.Getpid())
	check(err)
	return fmt.Sprint(string(out), " ", failed, " ", missing, " ", p.Signal(syscall.Signal(0)))
}

func kill() string {
	ctx, cancel := context.WithCancel(context.Background())
	self, _ := os.Executable()
	cmd := exec.CommandContext(ctx, self, "sleep")
	out, err := cmd.StdoutPipe()
	check(err)
	check(cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	check(err)
	cancel()
	err = cmd.Wait()
	return fmt.Sprint(strings.TrimSpace(line), " ", err, " ", cmd.Process.Signal(syscall.SIGTERM))
}

func lookPath() string {
	check(os.WriteFile("tool", []byte("#!/bin/true\n"), 0o755))
	check(os.WriteFile("text", nil, 0o644))
	dir, _ := os.Getwd()
	os.Setenv("PATH", dir)
	found, err := exec.LookPath("tool")
	_, not := exec.LookPath("text")
	return fmt.Sprint(filepath.Base(found), " ", err, " ", not)
}

func attributes() string {
	self, _ := os.Executable()
	check(os.MkdirAll("folder", 0o755))
	cmd := exec.Command(self, "folder")
	cmd.Dir = "folder"
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
	out, err := cmd.Output()
	return fmt.Sprint(string(out), " ", err, " ", cmd.ProcessState)
}

func signals() string {
	c := make(chan os.Signal, 1)
	signal.Notify(c, syscall.SIGUSR1)
	defer signal.Stop(c)
	check(syscall.Kill(os.Getpid(), syscall.SIGUSR1))
	return fmt.Sprint(<-c)
}

func tcp() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	defer l.Close()
	go func() {
		c, err := l.Accept()
		check(err)
		f, err := os.Open("from")
		check(err)
		io.Copy(c, f) // sendfile
		c.(*net.TCPConn).CloseWrite()
		io.Copy(c, c) // splice
		c.Close()
	}()
	c, err := net.Dial("tcp", l.Addr().String())
	check(err)
	check(c.(*net.TCPConn).SetKeepAlivePeriod(time.Minute))
	n, err := io.Copy(io.Discard, c)
	check(err)
	check(c.Close())
	_, refused := net.Dial("tcp", "127.0.0.1:1")
	return fmt.Sprint(n, " ", errors.Is(refused, syscall.ECONNREFUSED))
}

func udp() string {
	a, err := net.ListenUDP("udp", &net.UDPAddr{IP: net.IPv4(127, 0, 0, 1)})
	check(err)
	defer a.Close()
	b, err := net.DialUDP("udp", nil, a.LocalAddr().(*net.UDPAddr))
	check(err)
	defer b.Close()
	_, err = b.Write([]byte("datagram"))
	check(err)
	buf := make([]byte, 100)
	n, _, err := a.ReadFromUDPAddrPort(buf)
	return fmt.Sprint(string(buf[:n]), " ", err)
}

func unix() string {
	l, err := net.Listen("unix", "socket")
	check(err)
	defer l.Close()
	go func() {
		c, err := l.Accept()
		check(err)
		io.Copy(c, c)
		c.Close()
	}()
	c, err := net.Dial("unix", "socket")
	check(err)
	c.Write([]byte("local"))
	c.(*net.UnixConn).CloseWrite()
	b, err := io.ReadAll(c)
	return fmt.Sprint(string(b), " ", err)
}

func interfaces() string {
	lo, err := net.InterfaceByName("lo")
	check(err)
	addresses, err := lo.Addrs()
	check(err)
	return fmt.Sprint(lo.Index, " ", len(addresses) > 0)
}

func deadlines() string {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	check(err)
	defer l.Close()
	check(l.(*net.TCPListener).SetDeadline(time.Now().Add(5 * time.Millisecond)))
	_, err = l.Accept()
	return fmt.Sprint(errors.Is(err, os.ErrDeadlineExceeded))
}

func users() string {
	u, err := user.LookupId("0")
	check(err)
	return u.Username
}

func random() string {
	b := make([]byte, 64)
	n, err := rand.Read(b)
	return fmt.Sprint(n, " ", err, " ", bytes.Equal(b, make([]byte, 64)))
}

func threads() string {
	var group sync.WaitGroup
	sum := make(chan int, 64)
	for i := range 64 {
		group.Go(func() {
			runtime.LockOSThread()
			defer runtime.UnlockOSThread()
			time.Sleep(time.Millisecond)
			sum <- i
		})
	}
	group.Wait()
	close(sum)
	var all []int
	for i := range sum {
		all = append(all, i)
	}
	sort.Ints(all)
	return fmt.Sprint(len(all), " ", all[63])
}

func memory() string {
	var keep [][]byte
	for range 64 {
		keep = append(keep, make([]byte, 1<<20))
	}
	runtime.GC()
	total := 0
	for _, b := range keep {
		total += len(b)
	}
	return fmt.Sprint(total)
}

func sleep() string {
	start := time.Now()
	time.Sleep(20 * time.Millisecond)
	return fmt.Sprint(time.Since(start) >= 20*time.Millisecond)
}
