// Goroutines, channels, select, and what synchronises them.

import type { Gen } from "../gen.ts";
import { check } from "../hash.ts";
import { sliceOf } from "../types.ts";
import { lines, small } from "./parts.ts";

export function channels(g: Gen, name: string): void {
  const t = g.type();
  const u = g.scalar();
  const n = g.rng.between(1, 20);
  const room = g.rng.below(4);
  lines(
    g,
    `
    func ${name}() {
    	in := make(chan ${t.text}, ${room})
    	out := make(chan ${u.text})
    	done := make(chan struct{})
    	go func() {
    		defer close(in)
    		for i := range ${n} { _ = i; in <- ${small(g, t)} }
    	}()
    	go func() {
    		defer close(out)
    		n := ${small(g, u)}
    		for v := range in { _ = v; ${u.isNumber ? "n += 3" : "_ = n"}; out <- n }
    	}()
    	go func() {
    		for v := range out { ${check(g, u, "v")} }
    		close(done)
    	}()
    	select {
    	case <-done: chk(1)
    	}
    	v, ok := <-in
    	chkBool(ok); ${check(g, t, "v")}
    	chk(uint64(len(in)*10 + cap(in)))
    	catch(func() { close(in) })
    	var never chan ${t.text}
    	one := make(chan int, 1)
    	for i := range ${g.rng.between(2, 6)} {
    		select {
    		case x := <-never: ${check(g, t, "x")}
    		case x := <-one: chk(uint64(x))
    		case one <- i * ${g.rng.between(1, 9)}: chk(21)
    		}
    	}
    	select {
    	case never <- *new(${t.text}): chk(30)
    	default: chk(31)
    	}
    }`,
  );
}

export function goroutines(g: Gen, name: string): void {
  const t = g.integer();
  g.needs("sync");
  g.needs("runtime");
  const n = g.rng.between(2, 8);
  lines(
    g,
    `
    func ${name}() {
    	var wg sync.WaitGroup
    	var mu sync.Mutex
    	sums := make([]${t.text}, ${n})
    	total := ${t.text}(0)
    	for i := range sums {
    		wg.Add(1)
    		go func() {
    			defer wg.Done()
    			for j := range ${g.rng.between(1, 50)} { sums[i] += ${t.text}(i*j); if j%8 == 3 { runtime.Gosched() } }
    			mu.Lock(); defer mu.Unlock()
    			total += sums[i]
    		}()
    	}
    	wg.Wait()
    	${check(g, sliceOf(t), "sums")}; chk(uint64(total))
    	// A ring: each adds and hands on.
    	first := make(chan ${t.text})
    	in := first
    	for i := range ${n} { out := make(chan ${t.text}); go func(in, out chan ${t.text}) { for v := range in { out <- v*3 + ${t.text}(i) }; close(out) }(in, out); in = out }
    	go func() { for i := range 5 { first <- ${t.text}(i) }; close(first) }()
    	for v := range in { chk(uint64(v)) }
    	var once sync.Once
    	for range 3 { once.Do(func() { chk(41) }) }
    	done := make(chan int)
    	go func() { defer close(done); defer func() { chkPanic(recover()) }(); defer chk(42); runtime.Goexit(); chk(43) }()
    	<-done
    	res := make(chan any)
    	go func() { defer func() { res <- recover() }(); var p *struct{ a [100]int }; p.a[${g.rng.below(100)}]++ }()
    	chkPanic(<-res)
    	c := sync.NewCond(&mu); ready := false
    	go func() { mu.Lock(); ready = true; mu.Unlock(); c.Broadcast() }()
    	mu.Lock(); for !ready { c.Wait() }; mu.Unlock(); chk(44)
    	runtime.GC()
    }`,
  );
}
