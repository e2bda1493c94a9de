package pass_test

import (
	"fmt"

	"example.com/tests/pass"
)

func ExampleDouble() {
	fmt.Println(pass.Double(21))
	// Output: 42
}

func ExampleDouble_unordered() {
	for n := range map[int]bool{1: true, 2: true} {
		fmt.Println(pass.Double(n))
	}
	// Unordered output:
	// 4
	// 2
}
