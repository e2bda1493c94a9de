// exit 3

// The status of os.Exit, and both outputs in order.
package main

import (
	"fmt"
	"os"
)

func main() {
	defer fmt.Println("not printed")
	fmt.Println("to stdout")
	println("to stderr")
	fmt.Println("to stdout again")
	os.Exit(3)
}
