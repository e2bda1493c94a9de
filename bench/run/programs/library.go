package main

import (
	"bytes"
	"compress/flate"
	"encoding/json"
	"fmt"
	"math/big"
	"regexp"
	"slices"
	"strings"
)

func random(seed *uint64) uint64 {
	*seed ^= *seed << 13
	*seed ^= *seed >> 7
	*seed ^= *seed << 17
	return *seed
}

func sortInts() uint64 {
	seed := uint64(1)
	list := make([]int, 1_000_000)
	for i := range list {
		list[i] = int(random(&seed) >> 1)
	}
	slices.Sort(list)
	return uint64(list[0] ^ list[len(list)/2])
}

type record struct {
	name  string
	value int
}

func sortRecords() uint64 {
	seed := uint64(2)
	list := make([]record, 200_000)
	for i := range list {
		list[i] = record{fmt.Sprint(random(&seed) % 1000), i}
	}
	slices.SortFunc(list, func(a, b record) int {
		if c := strings.Compare(a.name, b.name); c != 0 {
			return c
		}
		return a.value - b.value
	})
	return uint64(list[100].value)
}

func buildStrings() uint64 {
	total := 0
	for range 2000 {
		var b strings.Builder
		for i := range 1000 {
			b.WriteString("piece")
			b.WriteByte(byte('a' + i%26))
			b.WriteRune('é')
		}
		total += len(b.String())
	}
	return uint64(total)
}

type person struct {
	Name    string            `json:"name"`
	Age     int               `json:"age"`
	Emails  []string          `json:"emails"`
	Labels  map[string]string `json:"labels,omitempty"`
	Partner *person           `json:"partner,omitempty"`
	Weight  float64           `json:"weight"`
}

func encodeJSON() uint64 {
	p := person{"Ada", 36, []string{"ada@example.org", "a@b.c"}, map[string]string{"x": "y", "k": "v"}, nil, 61.5}
	p.Partner = &person{"Bob \"the\" Builder", 40, nil, nil, nil, 80}
	total := 0
	for range 10000 {
		b, err := json.Marshal(p)
		if err != nil {
			panic(err)
		}
		var q person
		if json.Unmarshal(b, &q) != nil {
			panic("decode")
		}
		total += len(b) + q.Age
	}
	return uint64(total)
}

func matchPatterns() uint64 {
	text := strings.Repeat("some words with numbers 12345 and an address joe@example.org, more ", 200)
	count := 0
	for _, p := range []string{`[a-z]+@[a-z]+\.[a-z]+`, `(\d+) (and|or)`, `w(or|it)[dh]s?`} {
		re := regexp.MustCompile(p)
		for range 5 {
			count += len(re.FindAllString(text, -1))
		}
	}
	return uint64(count)
}

func bigNumbers() uint64 {
	a, b := big.NewInt(0), big.NewInt(1)
	for range 20000 {
		a.Add(a, b)
		a, b = b, a
	}
	return uint64(len(b.String()))
}

func compress() uint64 {
	data := []byte(strings.Repeat("The quick brown fox jumps over the lazy dog. 0123456789 ", 10000))
	seed := uint64(3)
	for i := 0; i < len(data); i += 7 {
		data[i] = byte(random(&seed))
	}
	var out bytes.Buffer
	w, _ := flate.NewWriter(&out, 6)
	w.Write(data)
	w.Close()
	return uint64(out.Len())
}

func formatValues() uint64 {
	total := 0
	for i := range 100_000 {
		total += len(fmt.Sprintf("%d %s %5.2f %v %x", i, "text", float64(i)/3, i%2 == 0, i))
	}
	return uint64(total)
}
