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

    /// GNU properties: what of the CPU the code needs, and what protection it was built for.
    ///
    /// @param x86Needed the x86 levels that the code needs: bit 0 baseline, 1 v2, 2 v3, 3 v4
    /// @param x86Features bit 0 IBT, bit 1 shadow stack
    /// @param arm64Features bit 0 BTI, bit 1 PAC
    record Properties(int x86Needed, int x86Features, int arm64Features) implements Note {
        private static final int FIRST = 1;
        private static final int SECOND = 2;

        /// 1 to 4; 0 where the linker was told nothing.
        public int x86Level() {
            int levels = x86Needed & 0xf;
            return levels == 0 ? 0 : Integer.SIZE - Integer.numberOfLeadingZeros(levels);
        }

        /// Indirect branch tracking.
        public boolean ibt() {
            return (x86Features & FIRST) != 0;
        }

        public boolean shadowStack() {
            return (x86Features & SECOND) != 0;
        }

        /// Branch target identification.
        public boolean bti() {
            return (arm64Features & FIRST) != 0;
        }

        /// Signed return addresses.
        public boolean pac() {
            return (arm64Features & SECOND) != 0;
        }
    }

    /// A note by which a BSD or Android marks its programs.
    record ForeignSystem(String goos) implements Note {}

    record Unknown(String owner, int type, long descriptionBytes) implements Note {}
}
