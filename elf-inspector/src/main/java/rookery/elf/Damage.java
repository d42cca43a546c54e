package rookery.elf;

import rookery.elf.bytes.UnreadableException;

/// A part of the file that could not be read, though neither kernel nor loader needs it.
public record Damage(String part, long offsetBytes, String reason) {
    static Damage of(String part, UnreadableException e) {
        return new Damage(part, e.offsetBytes(), e.reason());
    }
}
