package rookery.elf;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import rookery.elf.bytes.Input;
import rookery.elf.bytes.StringTable;
import rookery.elf.bytes.UnreadableException;
import rookery.elf.bytes.View;

/// Reads PT_DYNAMIC and what hangs on it, by addresses as a loader does: section headers are not
/// looked at.
final class DynamicParser {
    /// The longest seen on a whole distribution is 1,168 bytes.
    private static final long MAX_DYNAMIC_BYTES = 1 << 20;

    private static final int MAX_VERSION_FILES = 4096;
    private static final int MAX_VERSIONS_PER_FILE = 4096;

    /// Of a library's buckets, nearly all are filled.
    private static final int MAX_BUCKETS_SEEN = 64;

    private static final int VERSION_IS_WEAK = 2;

    private final Input input;
    private final Layout layout;
    private final List<Segment> segments;
    private final List<Damage> damage;

    DynamicParser(Input input, Layout layout, List<Segment> segments, List<Damage> damage) {
        this.input = input;
        this.layout = layout;
        this.segments = segments;
        this.damage = damage;
    }

    Dynamic parse(Extent extent) {
        List<Dynamic.Entry> entries = entries(extent);
        Dynamic bare =
                new Dynamic(
                        entries,
                        List.of(),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.empty(),
                        List.of(),
                        exports(entries));
        if (!namesAnything(entries)) {
            return bare;
        }
        StringTable strings = strings(bare, extent);
        List<String> needed = new ArrayList<>();
        for (Dynamic.Entry entry : entries) {
            if (entry.tag() == Dynamic.NEEDED) {
                needed.add(strings.at(entry.value()));
            }
        }
        return new Dynamic(
                entries,
                List.copyOf(needed),
                name(bare, Dynamic.SONAME, strings),
                name(bare, Dynamic.RPATH, strings),
                name(bare, Dynamic.RUNPATH, strings),
                versionNeeds(bare, strings),
                bare.exports());
    }

    /// A library's GNU hash table lists what it exports; a program that exports nothing has one
    /// empty bucket or no table.
    private boolean exports(List<Dynamic.Entry> entries) {
        for (Dynamic.Entry entry : entries) {
            if (entry.tag() == Dynamic.GNU_HASH) {
                try {
                    return listsSymbols(Addresses.toOffset(segments, entry.value()));
                } catch (UnreadableException e) {
                    damage.add(Damage.of("hash table", e));
                }
            }
        }
        return false;
    }

    private boolean listsSymbols(long at) {
        View head = input.view(at, 16, layout.order());
        long buckets = Math.min(head.u32(0), MAX_BUCKETS_SEEN);
        View table =
                input.view(at + 16 + head.u32(8) * layout.wordBytes(), buckets * 4, layout.order());
        for (long i = 0; i < buckets; i++) {
            if (table.u32(i * 4) != 0) {
                return true;
            }
        }
        return false;
    }

    private List<Dynamic.Entry> entries(Extent extent) {
        long length = extent.fileBytes();
        if (length > MAX_DYNAMIC_BYTES) {
            throw new UnreadableException(
                    extent.offset(),
                    "a dynamic section of "
                            + length
                            + " bytes is over the limit of "
                            + MAX_DYNAMIC_BYTES);
        }
        View view = input.view(extent.offset(), length, layout.order());
        int word = layout.wordBytes();
        List<Dynamic.Entry> entries = new ArrayList<>();
        for (long at = 0; at + 2L * word <= view.sizeBytes(); at += 2L * word) {
            input.budget().spendEntries(1, view.fileOffset(at));
            long tag = view.word(at, layout.wide());
            if (tag == Dynamic.NULL) {
                break;
            }
            entries.add(new Dynamic.Entry(tag, view.word(at + word, layout.wide())));
        }
        return List.copyOf(entries);
    }

    private static boolean namesAnything(List<Dynamic.Entry> entries) {
        for (Dynamic.Entry entry : entries) {
            long tag = entry.tag();
            if (tag == Dynamic.NEEDED
                    || tag == Dynamic.SONAME
                    || tag == Dynamic.RPATH
                    || tag == Dynamic.RUNPATH) {
                return true;
            }
        }
        return false;
    }

    private StringTable strings(Dynamic bare, Extent extent) {
        OptionalLong address = bare.value(Dynamic.STRTAB);
        if (address.isEmpty()) {
            throw new UnreadableException(
                    extent.offset(), "the dynamic section names libraries but has no string table");
        }
        long offset = Addresses.toOffset(segments, address.getAsLong());
        long size = bare.value(Dynamic.STRSZ).orElse(0);
        return StringTable.sparse(input, offset, size);
    }

    private static Optional<String> name(Dynamic bare, long tag, StringTable strings) {
        OptionalLong index = bare.value(tag);
        return index.isEmpty() ? Optional.empty() : Optional.of(strings.at(index.getAsLong()));
    }

    private List<Dynamic.VersionNeed> versionNeeds(Dynamic bare, StringTable strings) {
        OptionalLong address = bare.value(Dynamic.VERNEED);
        if (address.isEmpty()) {
            return List.of();
        }
        List<Dynamic.VersionNeed> needs = new ArrayList<>();
        try {
            long offset = Addresses.toOffset(segments, address.getAsLong());
            long files = bare.value(Dynamic.VERNEEDNUM).orElse(0);
            for (int i = 0; i < MAX_VERSION_FILES && i < files; i++) {
                View file = input.view(offset, 16, layout.order());
                needsOf(file, offset, strings, needs);
                long next = file.u32(12);
                if (next == 0) {
                    break;
                }
                offset += next;
            }
        } catch (UnreadableException e) {
            damage.add(Damage.of("version needs", e));
        }
        return List.copyOf(needs);
    }

    private void needsOf(
            View file, long offset, StringTable strings, List<Dynamic.VersionNeed> needs) {
        String library = strings.at(file.u32(4));
        int count = Math.min(file.u16(2), MAX_VERSIONS_PER_FILE);
        long at = offset + file.u32(8);
        for (int i = 0; i < count; i++) {
            input.budget().spendEntries(1, at);
            View version = input.view(at, 16, layout.order());
            needs.add(
                    new Dynamic.VersionNeed(
                            library,
                            strings.at(version.u32(8)),
                            version.u16(6) & 0x7fff,
                            (version.u16(4) & VERSION_IS_WEAK) != 0));
            long next = version.u32(12);
            if (next == 0) {
                break;
            }
            at += next;
        }
    }
}
