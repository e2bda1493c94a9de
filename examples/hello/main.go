// Hello is the smallest useful program: it shows that the road from source to a static executable is whole.
package main

import "fmt"

func main() {
	fmt.Println("Hello from Go3s")
}
