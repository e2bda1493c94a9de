// Package pass has tests of all kinds that pass.
package pass

func Double(n int) int { return 2 * n }
