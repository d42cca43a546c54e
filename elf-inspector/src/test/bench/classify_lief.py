"""Classifies the ELF files of a list with LIEF: a peer in `rookery bench elf`."""

import sys

import lief

lief.logging.disable()
config = lief.ELF.ParserConfig()
config.parse_relocations = False
config.parse_symtab_symbols = False
config.parse_dyn_symbols = False
config.parse_symbol_versions = False
config.parse_notes = False
config.parse_overlay = False

for path in open(sys.argv[1]).read().splitlines():
    file = lief.ELF.parse(path, config)
    if file is None:
        print(path, "unreadable")
    else:
        print(path, file.header.file_type, file.has_interpreter, file.libraries)
