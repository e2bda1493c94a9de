// Pipeline squares numbers in stages that run concurrently: a source, workers, a collector, with cancellation and timeouts.
package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

type result struct {
	n, square int
}

// source sends 1..n until the context ends.
func source(ctx context.Context, n int) <-chan int {
	out := make(chan int)
	go func() {
		defer close(out)
		for i := 1; i <= n; i++ {
			select {
			case out <- i:
			case <-ctx.Done():
				return
			}
		}
	}()
	return out
}

// squares starts workers; the channel closes when the last one is done.
func squares(ctx context.Context, workers int, in <-chan int, done *atomic.Int64) <-chan result {
	out := make(chan result, workers)
	var group sync.WaitGroup
	for range workers {
		group.Go(func() {
			for n := range in {
				select {
				case out <- result{n, n * n}:
					done.Add(1)
				case <-ctx.Done():
					return
				}
			}
		})
	}
	go func() {
		group.Wait()
		close(out)
	}()
	return out
}

func total(ctx context.Context, n, workers int) (sum int, count int64) {
	var done atomic.Int64
	for r := range squares(ctx, workers, source(ctx, n), &done) {
		sum += r.square
	}
	return sum, done.Load()
}

// ticks counts what a ticker delivers until a timer fires.
func ticks() bool {
	ticker := time.NewTicker(2 * time.Millisecond)
	defer ticker.Stop()
	deadline := time.After(60 * time.Millisecond)
	n := 0
	for {
		select {
		case <-ticker.C:
			n++
		case <-deadline:
			return n > 5
		}
	}
}

// fair lets goroutines take turns at a mutex and a condition variable.
func fair(n int) []int {
	var mu sync.Mutex
	cond := sync.NewCond(&mu)
	var order []int
	var group sync.WaitGroup
	for i := range n {
		group.Add(1)
		go func() {
			defer group.Done()
			mu.Lock()
			defer mu.Unlock()
			for len(order) != i {
				cond.Wait()
			}
			order = append(order, i)
			cond.Broadcast()
		}()
	}
	group.Wait()
	return order
}

func main() {
	sum, count := total(context.Background(), 1000, 8)
	fmt.Println("sum of squares:", sum, "items:", count)

	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
	defer cancel()
	blocked := make(chan int)
	select {
	case <-blocked:
		fmt.Println("impossible")
	case <-ctx.Done():
		fmt.Println("stopped:", ctx.Err(), errors.Is(ctx.Err(), context.DeadlineExceeded))
	}

	fmt.Println("ticker works:", ticks())
	fmt.Println("in turn:", fair(10))

	var once sync.Once
	for range 3 {
		once.Do(func() { fmt.Println("once") })
	}
	results := make(chan string, 1)
	go func() {
		defer func() { results <- fmt.Sprint("recovered: ", recover()) }()
		var list []int
		_ = list[len(list)]
	}()
	fmt.Println(<-results)

	// Many goroutines at once, each with a stack of its own.
	var wide sync.WaitGroup
	var reached atomic.Int64
	for i := range 10000 {
		wide.Go(func() { reached.Add(int64(depth(i % 50))) })
	}
	wide.Wait()
	fmt.Println("reached:", reached.Load())
}

func depth(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + depth(n-1)
}
