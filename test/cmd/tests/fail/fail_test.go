package fail

import (
	"fmt"
	"testing"
)

func TestError(t *testing.T) {
	t.Log("before")
	t.Error("wrong")
	t.Errorf("wrong\nagain")
}

func TestSub(t *testing.T) {
	t.Run("good", func(t *testing.T) {})
	t.Run("bad", func(t *testing.T) { t.FailNow() })
}

func TestGood(t *testing.T) {}

func Example() {
	fmt.Println("something else")
	// Output: something
}
