"""Classifies the ELF files of a list with pyelftools: a peer in `rookery bench elf`."""

import sys

from elftools.common.exceptions import ELFError
from elftools.elf.elffile import ELFFile

for path in open(sys.argv[1]).read().splitlines():
    try:
        with open(path, "rb") as stream:
            file = ELFFile(stream)
            loader, needed = False, []
            for segment in file.iter_segments():
                if segment["p_type"] == "PT_INTERP":
                    loader = True
                elif segment["p_type"] == "PT_DYNAMIC":
                    needed = [t.needed for t in segment.iter_tags("DT_NEEDED")]
            print(path, file["e_type"], loader, needed)
    except (ELFError, ValueError, AssertionError, TypeError) as e:
        print(path, "unreadable", e)
