// Inspect puts much of the standard library to work: reflection, JSON, templates, regular expressions, compression, hashes and
// big numbers.
package main

import (
	"bytes"
	"compress/gzip"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"io"
	"math/big"
	"os"
	"reflect"
	"regexp"
	"strings"
	"text/template"
)

type address struct {
	Street string `json:"street"`
	Zip    int    `json:"zip,omitempty"`
}

type person struct {
	Name    string             `json:"name"`
	Age     int                `json:"age"`
	Email   *string            `json:"email"`
	Tags    []string           `json:"tags"`
	Home    address            `json:"home"`
	Scores  map[string]float64 `json:"scores"`
	private int
}

// Greeting is found by name through reflection and by the template.
func (p person) Greeting() string { return "Hello, " + p.Name }

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "inspect:", err)
		os.Exit(1)
	}
}

const document = `{"name":"Ada","age":36,"email":null,"tags":["math","poetry"],
 "home":{"street":"St James's Square","zip":1843},"scores":{"b":2.5,"a":1e3}}`

const page = `{{.Greeting}}! {{range $i, $t := .Tags}}{{if $i}}, {{end}}{{$t | printf "%q"}}{{end}}
{{with .Home}}{{.Street}} ({{.Zip}}){{end}}
`

func fields(v any) {
	t := reflect.TypeOf(v)
	for i := 0; i < t.NumField(); i++ {
		f := t.Field(i)
		fmt.Printf("%-8s %-20s %q exported=%t\n", f.Name, f.Type, f.Tag.Get("json"), f.IsExported())
	}
	for i := 0; i < t.NumMethod(); i++ {
		out := reflect.ValueOf(v).Method(i).Call(nil)
		fmt.Println(t.Method(i).Name, "->", out[0])
	}
}

func main() {
	var p person
	check(json.Unmarshal([]byte(document), &p))
	fields(p)
	out, err := json.MarshalIndent(p, "", "  ")
	check(err)
	fmt.Println(string(out))
	var bad struct{ Age string }
	fmt.Println(json.Unmarshal([]byte(document), &bad))

	check(template.Must(template.New("page").Parse(page)).Execute(os.Stdout, p))

	words := regexp.MustCompile(`(?i)\b([a-z]+)(\d*)\b`)
	fmt.Println(words.FindAllStringSubmatch("abc12 Def x9", -1))
	fmt.Println(words.ReplaceAllString("abc12 Def x9", "<$2|$1>"))

	var packed bytes.Buffer
	zip := gzip.NewWriter(&packed)
	text := strings.Repeat("all work and no play\n", 1000)
	_, err = io.WriteString(zip, text)
	check(err)
	check(zip.Close())
	unzip, err := gzip.NewReader(&packed)
	check(err)
	back, err := io.ReadAll(unzip)
	check(err)
	fmt.Println("gzip:", string(back) == text, len(back))
	fmt.Printf("sha256: %x\n", sha256.Sum256(back))

	n := new(big.Int).MulRange(1, 60)
	n.Exp(n, big.NewInt(3), nil)
	fmt.Println("60!^3 =", n)
	q, r := new(big.Int).QuoRem(n, big.NewInt(1_000_000_007), new(big.Int))
	fmt.Println(q.BitLen(), r)
	fmt.Println(new(big.Rat).SetFrac64(355, 113).FloatString(30))
}
