// Panics, fatal errors and their tracebacks: this program runs itself once for each case and prints what the case wrote.
package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"runtime"
	"sort"
	"strings"
	"sync"
)

type myInt int
type myString string
type myFloat float64
type myErr struct{ s string }

func (e myErr) Error() string { return "myErr " + e.s }

type ptrErr struct{ s string }

func (e *ptrErr) Error() string { return "ptrErr " + e.s }

type str struct{ n int }

func (s str) String() string { return fmt.Sprint("str ", s.n) }

type pair struct{ a, b int }

type badErr struct{}

func (badErr) Error() string { panic("in Error") }

type T struct{ x int }

//go:noinline
func (t T) Value(p *int) int { return *p + t.x }
func (t *T) Pointer() int    { return t.x }

type I interface{ Value(p *int) int }

type Embeds struct{ *T }

//go:noinline
func deref(p *int) int { return *p }

//go:noinline
func index(s []int, i int) int { return s[i] }

func inlined(s []int, i int) int { return s[i] + 1 }

func generic[E any](s []E, i int) E { return s[i] }

type G[E any] struct{ s []E }

//go:noinline
func (g *G[E]) At(i int) E { return g.s[i] }

//go:noinline
func recurse(n int) int {
	if n == 0 {
		panic("deep")
	}
	return recurse(n-1) + 1
}

func nested() {
	defer func() {
		func() {
			defer func() {
				f := func() { panic("in closure") }
				sink = f
				f()
			}()
		}()
	}()
}

var iface I
var sink any
var zero int
var nilMap map[string]int

var cases = map[string]func(){
	"error":       func() { panic(errors.New("an error")) },
	"myerr":       func() { panic(myErr{"x"}) },
	"ptrerr":      func() { panic(&ptrErr{"y"}) },
	"nilptrerr":   func() { var e *ptrErr; panic(e) },
	"stringer":    func() { panic(str{3}) },
	"string":      func() { panic("text") },
	"lines":       func() { panic("two\nlines") },
	"mystring":    func() { panic(myString("text\nmore")) },
	"int":         func() { panic(42) },
	"int8":        func() { panic(int8(-42)) },
	"uint64":      func() { panic(uint64(1 << 63)) },
	"uintptr":     func() { panic(uintptr(77)) },
	"myint":       func() { panic(myInt(-7)) },
	"float":       func() { panic(1.5) },
	"myfloat":     func() { panic(myFloat(-2.5)) },
	"float32":     func() { panic(float32(0.1)) },
	"complex":     func() { panic(complex(1, -2)) },
	"bool":        func() { panic(true) },
	"rune":        func() { panic('x') },
	"struct":      func() { panic(pair{1, 2}) },
	"slice":       func() { panic([]int{1}) },
	"nil":         func() { panic(nil) },
	"baderr":      func() { panic(badErr{}) },
	"wrapped":     func() { panic(fmt.Errorf("outer: %w", errors.New("inner"))) },
	"runtimeerr":  func() { deref(nil) },
	"index":       func() { index([]int{1}, 5) },
	"negative":    func() { index([]int{1}, zero-1) },
	"inlined":     func() { println(inlined([]int{1}, 5)) },
	"generic":     func() { println(generic([]string{}, 5)) },
	"genmethod":   func() { println((&G[int]{}).At(1)) },
	"slicebounds": func() { s := make([]int, 2); sink = s[zero+3:] },
	"slice3":      func() { s := make([]int, 2); sink = s[zero+1 : 2 : zero+7] },
	"slicestring": func() { s := "abc"; sink = s[zero+2 : zero+1] },
	"toarray":     func() { s := make([]int, 2); sink = [4]int(s) },
	"divide":      func() { println(1 / zero) },
	"shift":       func() { println(1 << (zero - 1)) },
	"makeslice":   func() { sink = make([]int, zero-1) },
	"makechan":    func() { sink = make(chan int, zero-1) },
	"nilmap":      func() { nilMap["a"] = 1 },
	"nilfunc":     func() { var f func(); f() },
	"nilchan":     func() { var c chan int; close(c) },
	"closed":      func() { c := make(chan int); close(c); close(c) },
	"sendclosed":  func() { c := make(chan int, 1); close(c); c <- 1 },
	"assert":      func() { var x any = 1; println(x.(string)) },
	"assertnil":   func() { var x any; println(x.(string)) },
	"assertI":     func() { var x any = 1; sink = x.(I) },
	"assertptr":   func() { var x any = &T{}; sink = x.(T) },
	"unhashable":  func() { m := map[any]int{}; m[[]int{}] = 1 },
	"compare":     func() { var x, y any = []int{}, []int{}; println(x == y) },
	"nilmethod":   func() { var t *T; println(t.Pointer()) },
	"nilvalue":    func() { var t *T; iface = t; iface.Value(&zero) },
	"nilembed":    func() { var e Embeds; iface = e; iface.Value(&zero) },
	"niliface":    func() { iface.Value(nil) },
	"method":      func() { T{}.Value(nil) },
	"bound":       func() { f := T{}.Value; f(nil) },
	"methodexpr":  func() { f := I.Value; f(T{}, nil) },
	"recurse":     func() { recurse(150) },
	"closure":     nested,
	"deferred":    func() { defer func() { panic("second") }(); panic("first") },
	"deferred3":   func() { defer func() { defer func() { panic("third") }(); panic("second") }(); panic("first") },
	"repanic":     func() { defer func() { panic(recover()) }(); panic("first") },
	"repanicerr":  func() { defer func() { panic(recover()) }(); panic(errors.New("an error")) },
	"replaced":    func() { defer func() { recover(); panic("second") }(); panic("first") },
	"deferend":    func() { defer panic("deferred call") },
	"defernil":    func() { var f func(); defer f(); println("before") },
	"recovered":   func() { func() { defer func() { println("got", recover().(string)) }(); panic("a") }(); panic("b") },
	"goexit":      func() { defer println("deferred"); runtime.Goexit() },
	"goexitpanic": func() { defer func() { panic("after goexit") }(); runtime.Goexit() },
	"goexitrecover": func() {
		done := make(chan int)
		go func() {
			defer close(done)
			defer func() { println("recovered", recover() == nil) }()
			defer func() {
				defer func() { println("inner", recover().(string)) }()
				panic("during goexit")
			}()
			runtime.Goexit()
		}()
		<-done
	},
	"panicgoexit": func() {
		done := make(chan int)
		go func() {
			defer close(done)
			defer func() { runtime.Goexit() }()
			panic("aborted by goexit")
		}()
		<-done
		println("survived")
	},
	"goroutine": func() {
		go func() { panic("in goroutine") }()
		select {}
	},
	"gonamed":    func() { go recurse(0); select {} },
	"gomethod":   func() { var t *T; go t.Pointer(); select {} },
	"gonil":      func() { var f func(); go f(); select {} },
	"deadlock":   func() { <-make(chan int) },
	"deadsend":   func() { make(chan int) <- 1 },
	"deadselect": func() { select {} },
	"deadmutex":  func() { var mu sync.Mutex; mu.Lock(); mu.Lock() },
	"deadwait":   func() { var wg sync.WaitGroup; wg.Add(1); wg.Wait() },
	"deadtwo": func() {
		c := make(chan int)
		go func() { c <- <-c }()
		var mu sync.Mutex
		mu.Lock()
		mu.Lock()
	},
	"deadcase": func() {
		var a, b chan int
		select {
		case <-a:
		case b <- 1:
		}
	},
	"deadnil":   func() { var a chan int; <-a },
	"deadcond":  func() { c := sync.NewCond(&sync.Mutex{}); c.L.Lock(); c.Wait() },
	"unlock":    func() { var mu sync.Mutex; mu.Unlock() },
	"runlock":   func() { var mu sync.RWMutex; mu.RUnlock() },
	"rwunlock":  func() { var mu sync.RWMutex; mu.Unlock() },
	"waitgroup": func() { var wg sync.WaitGroup; wg.Done() },
	"exit":      func() { defer println("not printed"); os.Exit(7) },
}

var (
	offset   = regexp.MustCompile(` \+0x[0-9a-f]+`)
	args     = regexp.MustCompile(`\((0x|\{|\.\.\.|_)[^)]*\)$`)
	folder   = regexp.MustCompile(`\t/.*/`)
	hex      = regexp.MustCompile(`0x[0-9a-f]{4,}|pc=0x[0-9a-f]+`)
	minutes  = regexp.MustCompile(`goroutine \d+`)
	creators = regexp.MustCompile(`in goroutine \d+`)
)

// plain leaves out what may differ: addresses, arguments, offsets, folders, lines of the runtime.
func plain(text string) string {
	var out []string
	for _, line := range strings.Split(text, "\n") {
		line = offset.ReplaceAllString(line, "")
		line = args.ReplaceAllString(line, "()")
		if strings.HasPrefix(line, "\t") {
			line = folder.ReplaceAllString(line, "\t")
			if !strings.HasPrefix(line, "\tpanics.go") && !strings.Contains(line, "panic:") {
				line = line[:strings.LastIndex(line, ":")+1]
			}
		}
		line = hex.ReplaceAllString(line, "HEX")
		if strings.HasPrefix(line, "goroutine ") && !strings.HasPrefix(line, "goroutine 1 ") {
			line = minutes.ReplaceAllString(line, "goroutine N")
		}
		line = creators.ReplaceAllString(line, "in goroutine N")
		out = append(out, line)
	}
	return strings.Join(out, "\n")
}

func main() {
	if len(os.Args) > 1 {
		cases[os.Args[1]]()
		return
	}
	var names []string
	for name := range cases {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		cmd := exec.Command(os.Args[0], name)
		out, err := cmd.CombinedOutput()
		text := plain(string(out))
		if i := strings.Index(text, " gp=HEX"); i >= 0 {
			text = text[:i] // what follows shows the runtime's own frames
		}
		fmt.Printf("== %s: %v\n%s\n", name, err, text)
	}
}
