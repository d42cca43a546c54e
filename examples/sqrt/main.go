// Command sqrt asks the C library's libm for square roots: the smallest program that needs cgo.
package main

/*
#cgo LDFLAGS: -lm
#include <math.h>
*/
import "C"

import (
	"fmt"
	"os"
	"strconv"
)

// version is set by the linker: -X main.version=…
var version = "dev"

func main() {
	args := os.Args[1:]
	if len(args) == 1 && args[0] == "--version" {
		fmt.Println("sqrt", version)
		return
	}
	if len(args) == 0 {
		args = []string{"2", "3", "5"}
	}
	for _, arg := range args {
		x, err := strconv.ParseFloat(arg, 64)
		if err != nil || x < 0 {
			fmt.Fprintf(os.Stderr, "sqrt: %q is not a number of 0 or more\n", arg)
			os.Exit(2)
		}
		fmt.Printf("sqrt(%s) = %v\n", arg, float64(C.sqrt(C.double(x))))
	}
}
