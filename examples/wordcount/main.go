// Wordcount counts the words of its input and prints the most frequent ones. Without a file it makes up a large text.
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"
	"sort"
	"strings"
	"unicode"
)

type entry struct {
	word  string
	count int
}

// count reads words from r; letters and digits make a word, case does not matter.
func count(r io.Reader) (map[string]int, int, error) {
	counts := make(map[string]int)
	total := 0
	scanner := bufio.NewScanner(r)
	scanner.Buffer(make([]byte, 64*1024), 1<<20)
	for scanner.Scan() {
		words := strings.FieldsFunc(scanner.Text(), func(c rune) bool {
			return !unicode.IsLetter(c) && !unicode.IsDigit(c)
		})
		for _, word := range words {
			counts[strings.ToLower(word)]++
			total++
		}
	}
	return counts, total, scanner.Err()
}

// text makes a reproducible text of n lines, with some words much more frequent than others.
func text(n int) io.Reader {
	stems := []string{"static", "linker", "Compiler", "go", "binary", "über", "naïve", "stack", "heap", "λ"}
	var b strings.Builder
	seed := uint32(2463534242)
	for i := 0; i < n; i++ {
		for j := 0; j < 12; j++ {
			seed ^= seed << 13
			seed ^= seed >> 17
			seed ^= seed << 5
			k := int(seed % 1000)
			fmt.Fprintf(&b, "%s%d ", stems[k%len(stems)], k*k/5000)
		}
		b.WriteString("end.\n")
	}
	return strings.NewReader(b.String())
}

func main() {
	top := flag.Int("n", 10, "how many words to print")
	lines := flag.Int("lines", 20000, "lines of the made-up text")
	flag.Parse()

	var in io.Reader = text(*lines)
	if flag.NArg() > 0 {
		file, err := os.Open(flag.Arg(0))
		if err != nil {
			fmt.Fprintln(os.Stderr, "wordcount:", err)
			os.Exit(1)
		}
		defer file.Close()
		in = file
	}
	counts, total, err := count(in)
	if err != nil {
		fmt.Fprintln(os.Stderr, "wordcount:", err)
		os.Exit(1)
	}
	entries := make([]entry, 0, len(counts))
	for word, n := range counts {
		entries = append(entries, entry{word, n})
	}
	sort.Slice(entries, func(i, j int) bool {
		if entries[i].count != entries[j].count {
			return entries[i].count > entries[j].count
		}
		return entries[i].word < entries[j].word
	})
	fmt.Printf("%d words, %d different\n", total, len(entries))
	for i := 0; i < *top && i < len(entries); i++ {
		fmt.Printf("%8d  %s\n", entries[i].count, entries[i].word)
	}
}
