// Types declared in functions: their identity in instances of generic functions, and their names.
package main

import (
	"fmt"
	"reflect"
)

type Pair[K comparable, V any] struct {
	Key K
	Val V
}

type I interface{ M() }

func of[T any]() any {
	type Box struct {
		V    T
		Next *Box
	}
	return Box{}
}

func generic[A any]() []any {
	type Int int
	type T[B any] struct {
		a A
		b B
	}
	type L[B any] struct {
		item B
		next *L[B]
	}
	return []any{Int(0), T[int]{}, T[A]{}, T[Int]{}, L[A]{}, L[Int]{}, Pair[Int, A]{}, []T[A]{}}
}

type G[T any] struct{}

func (G[T]) local() any {
	type inner struct{ v T }
	return inner{}
}

func (*G[T]) closure() any {
	f := func() any {
		type inner [2]T
		return inner{}
	}
	return f()
}

func first() any {
	type T int
	return T(1)
}

func second() any {
	type T int
	return T(1)
}

func alias() any {
	type A = []Pair[string, int]
	return A{}
}

func scopes() []any {
	type T int
	var list []any
	list = append(list, T(0))
	{
		type T string
		list = append(list, T(""))
	}
	for range 2 {
		type T struct{ x int }
		list = append(list, T{}, Pair[T, string]{})
	}
	return list
}

var literal = func() any {
	type V struct{}
	return V{}
}()

func main() {
	fmt.Printf("%T %T %v\n", of[int](), of[string](), of[int]() == of[int]())
	fmt.Println(reflect.TypeOf(of[int]()) == reflect.TypeOf(of[string]()))
	for _, list := range [][]any{generic[int](), generic[string](), generic[[]int]()} {
		for _, x := range list {
			fmt.Printf("%T, ", x)
		}
		fmt.Println()
	}
	fmt.Printf("%T %T %T\n", G[int]{}.local(), G[string]{}.local(), new(G[int]).closure())
	fmt.Printf("%T %T %v\n", first(), second(), first() == second())
	fmt.Printf("%T\n", alias())
	for _, x := range scopes() {
		fmt.Printf("%T, ", x)
	}
	fmt.Println()
	fmt.Printf("%T %s %s\n", literal, reflect.TypeOf(literal).Name(), reflect.TypeOf(of[int]()).Name())
	type local struct{ I }
	type local2[T any] struct {
		T local
		v T
	}
	fmt.Printf("%T %T %T %+v\n", local{}, Pair[local, *local]{}, local2[local2[int]]{}, local2[int]{})
	fmt.Println(reflect.TypeOf(Pair[local, local2[string]]{}).Field(1).Type.Field(0).Type)
}
