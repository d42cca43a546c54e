package rookery.elf;

import java.util.List;
import java.util.Locale;
import rookery.elf.pe.PeFile;

/// Does a Windows program need nothing but Windows?
final class PeRules {
    /// DLLs that every Windows since version 7 has. What is not here is a compiler's, a toolkit's
    /// or the program's own.
    private static final List<String> SYSTEM =
            List.of(
                    "advapi32.dll",
                    "avrt.dll",
                    "bcrypt.dll",
                    "bcryptprimitives.dll",
                    "cfgmgr32.dll",
                    "comctl32.dll",
                    "comdlg32.dll",
                    "crypt32.dll",
                    "cryptbase.dll",
                    "d3d11.dll",
                    "d3d9.dll",
                    "dbghelp.dll",
                    "dnsapi.dll",
                    "dwmapi.dll",
                    "dxgi.dll",
                    "fwpuclnt.dll",
                    "gdi32.dll",
                    "gdiplus.dll",
                    "hid.dll",
                    "imm32.dll",
                    "iphlpapi.dll",
                    "kernel32.dll",
                    "kernelbase.dll",
                    "mpr.dll",
                    "msimg32.dll",
                    "msvcrt.dll",
                    "mswsock.dll",
                    "ncrypt.dll",
                    "netapi32.dll",
                    "normaliz.dll",
                    "ntdll.dll",
                    "ole32.dll",
                    "oleaut32.dll",
                    "opengl32.dll",
                    "pdh.dll",
                    "powrprof.dll",
                    "propsys.dll",
                    "psapi.dll",
                    "rpcrt4.dll",
                    "secur32.dll",
                    "setupapi.dll",
                    "shell32.dll",
                    "shlwapi.dll",
                    "user32.dll",
                    "userenv.dll",
                    "uxtheme.dll",
                    "version.dll",
                    "winhttp.dll",
                    "wininet.dll",
                    "winmm.dll",
                    "winspool.drv",
                    "wintrust.dll",
                    "wldap32.dll",
                    "ws2_32.dll",
                    "wsock32.dll",
                    "wtsapi32.dll");

    /// The universal C runtime and the API sets: part of Windows since version 10.
    private static final String API_SET = "api-ms-win-";

    private static final String UNIVERSAL_CRT = "ucrtbase.dll";

    private PeRules() {}

    static boolean isCRuntime(String dll) {
        String name = dll.toLowerCase(Locale.ROOT);
        return name.equals("msvcrt.dll")
                || name.equals(UNIVERSAL_CRT)
                || name.startsWith("api-ms-win-crt-")
                || name.startsWith("vcruntime")
                || name.startsWith("msvcr");
    }

    static boolean isSystem(String dll) {
        String name = dll.toLowerCase(Locale.ROOT);
        return SYSTEM.contains(name) || name.equals(UNIVERSAL_CRT) || name.startsWith(API_SET);
    }

    static void judge(PeFile file, List<Finding> findings) {
        foreign(file.imports(), "imports", findings);
        foreign(file.delayedImports(), "loads on first use", findings);
        if (file.truncated()) {
            findings.add(
                    Finding.fail(
                            "truncated",
                            "a section does not fit into the file",
                            "copy the file again: it was cut"));
        }
    }

    static void harden(PeFile file, List<Finding> findings) {
        if (!file.dynamicBase()) {
            findings.add(
                    Finding.fail(
                            "no-pie",
                            "loaded at the same address every time (no DYNAMIC_BASE)",
                            "link with --dynamicbase, Go with -buildmode=pie"));
        }
        if (!file.noExecData()) {
            findings.add(
                    Finding.fail(
                            "no-nx",
                            "data may be run as code (no NX_COMPAT)",
                            "link with --nxcompat"));
        }
    }

    /// True when no DLL brings the C runtime: it is linked in, or there is no C code.
    static boolean hasStaticRuntime(PeFile file) {
        return file.imports().stream().noneMatch(PeRules::isCRuntime);
    }

    private static void foreign(List<String> dlls, String how, List<Finding> findings) {
        for (String dll : dlls) {
            if (!isSystem(dll)) {
                findings.add(
                        Finding.fail(
                                "foreign-dll",
                                how + " " + dll + ", which is no part of Windows",
                                "link it statically: -extldflags -static, and the library's .a file"));
            }
        }
    }
}
