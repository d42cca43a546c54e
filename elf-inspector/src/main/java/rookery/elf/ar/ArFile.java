package rookery.elf.ar;

import java.util.List;
import java.util.Optional;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.UnreadableException;

/// An archive's members and its index of symbols.
///
/// @param thin the members' bytes are in other files
/// @param index the table by which linkers find members; BSD, GNU and 64-bit forms
/// @param members in file order, without index and name table
/// @param damage why the rest could not be read, with the byte offset; what comes before is good
public record ArFile(
        boolean thin, Optional<Index> index, List<Member> members, Optional<Damage> damage) {

    /// How the symbol table is written.
    public enum IndexKind {
        GNU_32,
        GNU_64,
        BSD_32,
        BSD_64
    }

    /// The symbol table: how many names it lists.
    public record Index(IndexKind kind, long symbols) {}

    /// One member.
    ///
    /// @param headerAt the file offset of its header
    /// @param offset the file offset of its bytes; in a thin archive there are none
    public record Member(String name, long headerAt, long offset, long sizeBytes) {}

    /// Where reading stopped.
    public record Damage(long offsetBytes, String reason) {}

    /// Reads the headers of all members.
    ///
    /// @throws UnreadableException when it is no archive at all
    public static ArFile parse(Input input) {
        return new ArParser(input).parse();
    }
}
