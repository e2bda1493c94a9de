package pass

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var custom = flag.String("custom", "none", "a flag of the test's own")

func TestMain(m *testing.M) {
	flag.Parse()
	m.Run()
}

func TestDouble(t *testing.T) {
	if Double(2) != 4 {
		t.Fatal("Double(2) is not 4")
	}
	if !testing.Testing() {
		t.Fatal("this is no test")
	}
}

func TestArguments(t *testing.T) {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	t.Log(*custom, flag.Args(), filepath.Base(dir), os.Getenv("PWD") == dir)
}

func TestShort(t *testing.T) {
	if testing.Short() {
		t.Skip("short")
	}
	t.Attr("key", "value of <key>")
}

func TestSub(t *testing.T) {
	for _, name := range []string{"a", "b c"} {
		t.Run(name, func(t *testing.T) {
			t.Run("inner", func(t *testing.T) { t.Log("from", t.Name()) })
		})
	}
	fmt.Println("plain output")
}

func TestParallel(t *testing.T) {
	t.Run("one", func(t *testing.T) { t.Parallel(); fmt.Print("no newline") })
	t.Run("long", func(t *testing.T) { fmt.Println(strings.Repeat("é", 700)) })
}

func FuzzDouble(f *testing.F) {
	f.Add(1)
	f.Fuzz(func(t *testing.T, n int) {
		if Double(n)-n != n {
			t.Error(n)
		}
	})
}

func BenchmarkDouble(b *testing.B) {
	for b.Loop() {
		Double(b.N)
	}
}

func BenchmarkSub(b *testing.B) {
	b.Run("bytes", func(b *testing.B) { b.SetBytes(8); b.ReportAllocs() })
}
