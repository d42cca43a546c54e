// Classifies the ELF files of a list with Go's own debug/elf, with as many threads as the machine
// has: a peer in `rookery bench elf`.
package main

import (
	"bufio"
	"debug/elf"
	"fmt"
	"os"
	"runtime"
	"sync"
)

func classify(path string) string {
	file, err := elf.Open(path)
	if err != nil {
		return "unreadable"
	}
	defer file.Close()
	loader := false
	for _, segment := range file.Progs {
		if segment.Type == elf.PT_INTERP {
			loader = true
		}
	}
	needed, _ := file.ImportedLibraries()
	return fmt.Sprint(file.Type, " ", file.Machine, " loader ", loader, " needs ", needed)
}

// symbols counts all symbols of one file.
func symbols(path string) int {
	file, err := elf.Open(path)
	if err != nil {
		return 0
	}
	defer file.Close()
	static, _ := file.Symbols()
	dynamic, _ := file.DynamicSymbols()
	return len(static) + len(dynamic)
}

func main() {
	if os.Args[1] == "symbols" {
		fmt.Println(symbols(os.Args[2]))
		return
	}
	list, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	var paths []string
	for lines := bufio.NewScanner(list); lines.Scan(); {
		paths = append(paths, lines.Text())
	}
	answers := make([]string, len(paths))
	threads := runtime.NumCPU()
	var done sync.WaitGroup
	for t := 0; t < threads; t++ {
		done.Add(1)
		go func() {
			defer done.Done()
			for i := t; i < len(paths); i += threads {
				answers[i] = classify(paths[i])
			}
		}()
	}
	done.Wait()
	out := bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for i, path := range paths {
		fmt.Fprintln(out, path, answers[i])
	}
}
