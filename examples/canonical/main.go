// Command curl-version prints the version of the libcurl it is linked with.
package main

/*
#cgo pkg-config: libcurl
#include <curl/curl.h>
*/
import "C"

import (
	"fmt"
	"os"
)

// version is set by the linker: -X main.version=…
var version = "dev"

func main() {
	if len(os.Args) == 2 && os.Args[1] == "--version" {
		fmt.Println("curl-version", version)
		return
	}
	fmt.Println(C.GoString(C.curl_version()))
}
