package rookery.elf.files;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The names that readelf and eu-readelf print for numbers.
final class Tags {
    private static final Map<String, Long> DYNAMIC =
            table(
                    """
                    NULL 0 NEEDED 1 PLTRELSZ 2 PLTGOT 3 HASH 4 STRTAB 5 SYMTAB 6 RELA 7 RELASZ 8
                    RELAENT 9 STRSZ a SYMENT b INIT c FINI d SONAME e RPATH f SYMBOLIC 10 REL 11
                    RELSZ 12 RELENT 13 PLTREL 14 DEBUG 15 TEXTREL 16 JMPREL 17 BIND_NOW 18
                    INIT_ARRAY 19 FINI_ARRAY 1a INIT_ARRAYSZ 1b FINI_ARRAYSZ 1c RUNPATH 1d FLAGS 1e
                    PREINIT_ARRAY 20 PREINIT_ARRAYSZ 21 SYMTAB_SHNDX 22 RELRSZ 23 RELR 24 RELRENT 25
                    GNU_HASH 6ffffef5 TLSDESC_PLT 6ffffef6 TLSDESC_GOT 6ffffef7 VERSYM 6ffffff0
                    RELACOUNT 6ffffff9 RELCOUNT 6ffffffa FLAGS_1 6ffffffb VERDEF 6ffffffc
                    VERDEFNUM 6ffffffd VERNEED 6ffffffe VERNEEDNUM 6fffffff\
                    """);
    private static final Map<String, Long> SECTIONS =
            table(
                    """
                    NULL 0 PROGBITS 1 SYMTAB 2 STRTAB 3 RELA 4 HASH 5 DYNAMIC 6 NOTE 7 NOBITS 8 REL 9
                    SHLIB a DYNSYM b INIT_ARRAY e FINI_ARRAY f PREINIT_ARRAY 10 GROUP 11
                    SYMTAB_SECTION_INDICES 12 SYMTAB_SHNDX 12 RELR 13 GNU_ATTRIBUTES 6ffffff5
                    GNU_HASH 6ffffff6 VERDEF 6ffffffd GNU_VERDEF 6ffffffd VERNEED 6ffffffe
                    GNU_VERNEED 6ffffffe VERSYM 6fffffff GNU_VERSYM 6fffffff X86_64_UNWIND 70000001
                    ARM_EXIDX 70000001 ARM_ATTRIBUTES 70000003 RISCV_ATTRIBUTES 70000003\
                    """);
    private static final Map<String, Long> SEGMENTS =
            table(
                    """
                    NULL 0 LOAD 1 DYNAMIC 2 INTERP 3 NOTE 4 SHLIB 5 PHDR 6 TLS 7 GNU_EH_FRAME 6474e550
                    GNU_STACK 6474e551 GNU_RELRO 6474e552 GNU_PROPERTY 6474e553\
                    """);
    private static final Map<String, Long> SYMBOL_KINDS =
            table(
                    """
                    NOTYPE 0 OBJECT 1 FUNC 2 SECTION 3 FILE 4 COMMON 5 TLS 6 IFUNC a GNU_IFUNC a\
                    """);
    private static final Map<String, Long> BINDINGS =
            table("LOCAL 0 GLOBAL 1 WEAK 2 UNIQUE a GNU_UNIQUE a");
    private static final Map<String, Long> SYMBOL_SECTIONS =
            table("UND 0 UNDEF 0 ABS fff1 COM fff2 COMMON fff2");

    /// Names of machines as both tools have them; blanks are `_`.
    private static final Map<String, Long> MACHINES =
            table(
                    """
                    ADVANCED_MICRO_DEVICES_X86-64 3e AMD_X86-64 3e AARCH64 b7 ARM 28 INTEL_80386 3
                    RISC-V f3 IBM_S/390 16 LOONGARCH 102 MIPS_R3000 8 POWERPC 14 POWERPC64 15
                    SPARC_V9 2b SPARC 2\
                    """);

    private static final long OS_SPECIFIC_TYPE = 0x60000000L;
    private static final int OS_SPECIFIC_SYMBOL = 10;

    private Tags() {}

    private static Map<String, Long> table(String text) {
        Map<String, Long> table = new HashMap<>();
        String[] words = text.split("\\s+", -1);
        for (int i = 0; i + 1 < words.length; i += 2) {
            table.put(words[i], Long.parseLong(words[i + 1], 16));
        }
        return table;
    }

    /// The name of a tag of the dynamic section; empty for one that is not in the table.
    static String name(long tag) {
        for (var entry : DYNAMIC.entrySet()) {
            if (entry.getValue() == tag) {
                return entry.getKey();
            }
        }
        return "";
    }

    static String dynamic(String name) {
        return hex(DYNAMIC, name);
    }

    static String section(String name) {
        return hex(SECTIONS, name);
    }

    static String segment(String name) {
        return hex(SEGMENTS, name);
    }

    static String machine(String name) {
        Long number = MACHINES.get(key(name));
        return number == null ? Facts.UNKNOWN : number.toString();
    }

    static String symbolKind(String name) {
        return decimal(SYMBOL_KINDS, name);
    }

    static String binding(String name) {
        return decimal(BINDINGS, name);
    }

    /// The section of a symbol, whose number both tools put into other words where it is not one of
    /// the file's.
    static String symbolSection(String text) {
        String number = text.replaceAll(".*[\\[:] *(?:0x)?", "").replace("]", "").strip();
        Long special = SYMBOL_SECTIONS.get(number);
        if (special != null) {
            return special.toString();
        }
        boolean hex = text.contains("[0x");
        return Integer.toString(Integer.parseInt(number, hex ? 16 : 10));
    }

    private static String hex(Map<String, Long> table, String name) {
        Long number = table.get(key(name));
        if (number == null && name.startsWith("LOOS+0x")) {
            number = OS_SPECIFIC_TYPE + Long.parseLong(name.substring("LOOS+0x".length()), 16);
        }
        return number == null ? Facts.UNKNOWN : Long.toHexString(number);
    }

    private static String decimal(Map<String, Long> table, String name) {
        Long number = table.get(name);
        if (number != null) {
            return number.toString();
        }
        // "<OS specific>: 10" and "LOOS+0" are what they say of GNU's own kinds in files that do
        // not name GNU in EI_OSABI.
        if (name.contains(": ")) {
            return name.substring(name.indexOf(": ") + 2);
        }
        if (name.startsWith("LOOS+")) {
            return Integer.toString(
                    OS_SPECIFIC_SYMBOL + Integer.parseInt(name.substring("LOOS+".length())));
        }
        return Facts.UNKNOWN;
    }

    private static String key(String name) {
        return name.strip().replace(' ', '_').toUpperCase(Locale.ROOT);
    }
}
