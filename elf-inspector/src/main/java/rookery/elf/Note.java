package rookery.elf;

/// A note that the linker left.
public sealed interface Note {
    /// The linker's name for exactly this link, in hexadecimal.
    record BuildId(String hex) implements Note {}

    /// The oldest kernel that glibc says it runs on. Linux does not look at it.
    record AbiTag(int os, int major, int minor, int patch) implements Note {
        public boolean isLinux() {
            return os == 0;
        }
    }

    /// `go tool buildid`; its presence says that Go's linker wrote the file or a part of it.
    record GoBuildId(String id) implements Note {}

    /// The x86 levels that the code needs: bit 0 baseline, 1 v2, 2 v3, 3 v4.
    record X86Needs(int levels) implements Note {
        /// 1 to 4.
        public int highestLevel() {
            return Math.max(1, 32 - Integer.numberOfLeadingZeros(levels & 0xf));
        }
    }

    /// A note by which a BSD or Android marks its programs.
    record ForeignSystem(String goos) implements Note {}

    record Unknown(String owner, int type, long descriptionBytes) implements Note {}
}
