package rookery.elf;

import java.util.List;
import rookery.elf.bytes.UnreadableException;

/// From memory addresses to file offsets, through PT_LOAD.
final class Addresses {
    private Addresses() {}

    /// The offset in the file of the byte that will be at `address`.
    static long toOffset(List<Segment> segments, long address) {
        for (Segment segment : segments) {
            if (segment instanceof Segment.Load(Extent extent) && extent.holds(address)) {
                return extent.offset() + (address - extent.address());
            }
        }
        throw new UnreadableException(
                0, "no loaded segment holds the address 0x" + Long.toHexString(address));
    }
}
