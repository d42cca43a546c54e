package rookery.elf;

/// Where a segment lies in the file and in memory. All numbers are unsigned and as the file gives
/// them.
///
/// @param flags `p_flags`
public record Extent(
        long offset,
        long address,
        long physicalAddress,
        long fileBytes,
        long memoryBytes,
        int flags,
        long align) {
    private static final int EXECUTE = 1;
    private static final int WRITE = 2;
    private static final int READ = 4;

    public boolean executable() {
        return (flags & EXECUTE) != 0;
    }

    public boolean writable() {
        return (flags & WRITE) != 0;
    }

    public boolean readable() {
        return (flags & READ) != 0;
    }

    /// True when the file is too short for this segment.
    public boolean isCutIn(long fileSizeBytes) {
        return offset < 0
                || fileBytes < 0
                || offset > fileSizeBytes
                || fileBytes > fileSizeBytes - offset;
    }

    /// True when the file's bytes for this address are in this segment.
    public boolean holds(long memoryAddress) {
        long into = memoryAddress - address;
        return Long.compareUnsigned(memoryAddress, address) >= 0
                && Long.compareUnsigned(into, fileBytes) < 0;
    }
}
