package rookery.elf.samples;

import rookery.elf.Tools;

/// What the samples are compiled from: each file is there for one trap.
final class Sources {
    private Sources() {}

    static void write(Tools tools) {
        tools.write("hello.c", "#include <stdio.h>\nint main(void) { puts(\"hi\"); return 0; }\n");
        tools.write(
                "lookup.c",
                "#include <netdb.h>\nint main(void) { struct addrinfo *a; return getaddrinfo(\"h\", 0, 0, &a); }\n");
        tools.write(
                "user.c", "#include <pwd.h>\nint main(void) { return getpwnam(\"x\") != 0; }\n");
        tools.write(
                "plugin.c",
                "#include <dlfcn.h>\nint main(int n, char **v) { return dlopen(v[n - 1], 2) == 0; }\n");
        tools.write(
                "charset.c",
                "#include <iconv.h>\nint main(int n, char **v) { return iconv_open(v[0], v[n - 1]) == (iconv_t) -1; }\n");
        tools.write(
                "locale.c",
                "#include <locale.h>\nint main(void) { return setlocale(LC_ALL, \"\") == 0; }\n");
        tools.write(
                "clock.c",
                "#include <time.h>\nint main(void) { time_t t = 0; return localtime(&t)->tm_hour; }\n");
        tools.write(
                "shell.c",
                "#include <stdlib.h>\nint main(int n, char **v) { return system(v[n - 1]); }\n");
        tools.write(
                "ifunc.c",
                "static int one(void) { return 7; }\nstatic void *choose(void) { return (void *) one; }\nint f(void) __attribute__((ifunc(\"choose\")));\nint main(void) { return f(); }\n");
        tools.write(
                "leak.c",
                "#include <stdio.h>\nint main(void) { puts(\"/home/ann/src/secret/main.c\"); return 0; }\n");
        tools.write("missing.c", "int absent(void);\nint main(void) { return absent(); }\n");
        tools.write(
                "weak.c",
                "__attribute__((weak)) int absent(void);\nint main(void) { return absent ? absent() : 0; }\n");
        tools.write("start.c", "void _start(void) { for (;;) ; }\n");
        tools.write("data.c", "int x; int *p = &x; void _start(void) { for (;;) *p = 1; }\n");
        tools.write(
                "textrel.s",
                ".text\n.globl _start\n_start: jmp _start\n.balign 8\n.quad _start\n.section .note.GNU-stack,\"\"\n");
        tools.write(
                "windows.c",
                "__declspec(dllimport) void ExitProcess(unsigned);\nvoid wWinMainCRTStartup(void) { ExitProcess(0); }\n");
        tools.write("pure/go.mod", "module example.test/pure\n\ngo 1.24\n");
        tools.write("pure/main.go", "package main\n\nfunc main() { println(\"hi\") }\n");
        tools.write("web/go.mod", "module example.test/web\n\ngo 1.24\n");
        tools.write(
                "web/main.go",
                """
                package main

                import (
                	"crypto/tls"
                	"time"
                )

                func main() {
                	_, err := tls.Dial("tcp", "localhost:1", nil)
                	zone, _ := time.LoadLocation("Europe/Vienna")
                	println(err, zone)
                }
                """);
        tools.write("cgo/go.mod", "module example.test/cgo\n\ngo 1.24\n");
        tools.write(
                "cgo/main.go",
                "package main\n\n// #include <stdlib.h>\nimport \"C\"\n\nfunc main() { println(int(C.abs(-1))) }\n");
    }
}
