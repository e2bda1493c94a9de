// Types so large that the mask of their pointers is made when it is first needed: the collector needs it first.

package main

import "runtime"

type record struct {
	p *int
	n [5]int
}

type large struct {
	records [5000]record
	last    *int
}

var kept []**int

func main() {
	v := new(large)
	for i := range v.records {
		v.records[i].p = new(int)
		*v.records[i].p = i
	}
	v.last = v.records[4999].p
	for range 3 {
		runtime.GC()
		for i := range 3000 {
			q := new(*int)
			*q = v.records[i].p
			kept = append(kept, q)
		}
	}
	sum := 0
	for i := range v.records {
		sum += *v.records[i].p
	}
	for _, q := range kept {
		sum += **q
	}
	println(sum, *v.last)
}
