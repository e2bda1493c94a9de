// Variables whose contents only assembly gives, in a package with no function in assembly.
package main

import "unsafe"

const answer = 42

var fromAssembly int64

var target = [2]int64{7, 8}

// The address of the second element of target.
var address uintptr

func main() {
	println(fromAssembly, *(*int64)(unsafe.Pointer(address)))
}
