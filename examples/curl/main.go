// Command curl prints the version of the libcurl it is linked with and of every library below it.
// Given an https URL, it fetches it with libcurl and prints the answer's status and body.
package main

/*
#cgo pkg-config: libcurl
#include <stdlib.h>
#include <curl/curl.h>
#include "fetch.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"unsafe"
)

// version is set by the linker: -X main.version=…
var version = "dev"

func main() {
	switch {
	case len(os.Args) == 1:
		fmt.Println(C.GoString(C.curl_version()))
	case len(os.Args) == 2 && os.Args[1] == "--version":
		fmt.Println("curl-version", version)
	case len(os.Args) == 2 && strings.HasPrefix(os.Args[1], "https://"):
		status, body, err := fetch(os.Args[1])
		if err != nil {
			fmt.Fprintln(os.Stderr, "curl-version:", err)
			os.Exit(1)
		}
		fmt.Println("status", status)
		os.Stdout.Write(body)
	default:
		fmt.Fprintln(os.Stderr, "usage: curl-version [--version | https://…]")
		os.Exit(2)
	}
}

// fetch asks once and follows no redirect. SSL_CERT_FILE names a bundle of certificate authorities to
// trust instead of the one that libcurl was built to use.
func fetch(url string) (status int, body []byte, err error) {
	if code := C.curl_global_init(C.CURL_GLOBAL_DEFAULT); code != C.CURLE_OK {
		return 0, nil, errors.New(C.GoString(C.curl_easy_strerror(code)))
	}
	defer C.curl_global_cleanup()
	address := C.CString(url)
	defer C.free(unsafe.Pointer(address))
	var bundle *C.char
	if file := os.Getenv("SSL_CERT_FILE"); file != "" {
		bundle = C.CString(file)
		defer C.free(unsafe.Pointer(bundle))
	}
	answer := C.fetch(address, bundle)
	if answer == nil {
		return 0, nil, errors.New("out of memory")
	}
	defer C.fetch_free(answer)
	if answer.too_long != 0 {
		return 0, nil, fmt.Errorf("%s: the body is longer than %d bytes", url, C.BODY_MAX_BYTES)
	}
	if answer.code != C.CURLE_OK {
		why := C.GoString(C.curl_easy_strerror(answer.code))
		if detail := C.GoString(&answer.error[0]); detail != "" && detail != why {
			why += ": " + detail
		}
		return 0, nil, fmt.Errorf("%s: libcurl error %d: %s", url, int(answer.code), why)
	}
	return int(answer.status), C.GoBytes(unsafe.Pointer(answer.body), C.int(answer.size)), nil
}
