package main

import (
	"bytes"
	"compress/gzip"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
)

// An object is a JSON object of the vectors.
type object map[string]any

func (o object) has(name string) bool { return o[name] != nil }

// bytes returns a byte string, nil if there is none.
func (o object) bytes(name string) []byte {
	s, _ := o[name].(string)
	b, err := hex.DecodeString(s)
	if err != nil {
		panic(err)
	}
	return b
}

// field returns a number as n bytes: vectors write numbers with leading zeros, but not always all.
func (o object) field(name string, n int) []byte {
	v := new(big.Int).SetBytes(o.bytes(name))
	if v.BitLen() > 8*n {
		panic(fmt.Sprintf("%s has more than %d bytes", name, n))
	}
	return v.FillBytes(make([]byte, n))
}

func (o object) int(name string) int {
	n, ok := o[name].(float64)
	if !ok {
		panic("no number " + name)
	}
	return int(n)
}

func (o object) text(name string) string {
	s, _ := o[name].(string)
	return s
}

func (o object) bool(name string) bool {
	b, _ := o[name].(bool)
	return b
}

func (o object) object(name string) object {
	m, _ := o[name].(map[string]any)
	return m
}

func (o object) list(name string) []object {
	l, _ := o[name].([]any)
	out := make([]object, len(l))
	for i := range l {
		out[i] = l[i].(map[string]any)
	}
	return out
}

type testCase struct {
	// group and prompt hold, beyond the question, what only internalProjection has.
	group, prompt, want object
}

type vectorSet struct {
	algorithm string
	cases     []testCase
}

func load(folder string) vectorSet {
	prompt, answers := read(folder, "prompt"), read(folder, "expectedResults")
	set := vectorSet{algorithm: prompt.text("algorithm")}
	if mode := prompt.text("mode"); mode != "" {
		set.algorithm += "/" + mode
	}
	private := map[any]object{}
	if _, err := os.Stat(filepath.Join(folder, "internalProjection.json.gz")); err == nil {
		for _, g := range read(folder, "internalProjection").list("testGroups") {
			for _, c := range g.list("tests") {
				private[c["tcId"]] = c
				c["group"] = map[string]any(g)
			}
		}
	}
	want := map[any]object{}
	for _, g := range answers.list("testGroups") {
		for _, c := range g.list("tests") {
			want[c["tcId"]] = c
			// Keys of a group are among its answers.
			for k, v := range g {
				if c[k] == nil && k != "tests" {
					c[k] = v
				}
			}
		}
	}
	for _, g := range prompt.list("testGroups") {
		g["algorithm"], g["revision"] = prompt["algorithm"], prompt["revision"]
		for _, c := range g.list("tests") {
			if p := private[c["tcId"]]; p != nil {
				merge(g, p.object("group"))
				merge(c, p)
			}
			w := want[c["tcId"]]
			if w == nil {
				check(fmt.Errorf("%s: no answer to case %v", folder, c["tcId"]))
			}
			set.cases = append(set.cases, testCase{g, c, w})
		}
	}
	return set
}

func merge(to, from object) {
	for k, v := range from {
		if to[k] == nil && k != "tests" && k != "group" {
			to[k] = v
		}
	}
}

func read(folder, name string) object {
	f, err := os.Open(filepath.Join(folder, name+".json.gz"))
	check(err)
	defer f.Close()
	z, err := gzip.NewReader(f)
	check(err)
	var v any
	check(json.NewDecoder(z).Decode(&v))
	if l, ok := v.([]any); ok {
		v = l[len(l)-1]
	}
	return v.(map[string]any)
}

// same compares a result with the answer.
func same(got []byte, want object, name string) string {
	if w := want.bytes(name); !bytes.Equal(got, w) || !want.has(name) {
		return fmt.Sprintf("%s is %X instead of %X", name, got, w)
	}
	return ""
}

// verdict compares an acceptance with the answer.
func verdict(ok bool, want object) string {
	if ok != want.bool("testPassed") {
		return fmt.Sprintf("accepted: %v instead of %v", ok, !ok)
	}
	return ""
}

// first returns the first result that is not a pass.
func first(results ...string) string {
	for _, r := range results {
		if r != "" {
			return r
		}
	}
	return ""
}
