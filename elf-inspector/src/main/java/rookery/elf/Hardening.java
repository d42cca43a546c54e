package rookery.elf;

import java.util.Optional;

/// What the linker and the compiler did against attackers, as checksec reports it.
///
/// @param pie it can be loaded anywhere
/// @param noExecStack PT_GNU_STACK is there and forbids code on the stack
/// @param fortify functions that check their buffers are called
public record Hardening(
        boolean pie,
        Relro relro,
        boolean noExecStack,
        Answer canary,
        Answer fortify,
        boolean cet,
        boolean bti,
        boolean pac,
        Optional<String> runpath) {

    /// How much is read-only once relocated.
    public enum Relro {
        NONE,
        PARTIAL,
        FULL
    }

    /// A question that a stripped or static file may leave open: a static C library brings its own
    /// checks, whether the program has any or not.
    public enum Answer {
        YES,
        NO,
        UNKNOWN
    }

    static Hardening of(ElfFile file, Optional<Contents> contents, Linkage linkage) {
        boolean relro = false;
        boolean noExecStack = false;
        boolean ibt = false;
        boolean shadowStack = false;
        boolean bti = false;
        boolean pac = false;
        for (Segment segment : file.segments()) {
            relro |= segment instanceof Segment.ReadOnlyAfterRelocation;
            noExecStack |= segment instanceof Segment.Stack(Extent stack) && !stack.executable();
        }
        for (Note note : file.notes()) {
            if (note instanceof Note.Properties properties) {
                ibt |= properties.ibt();
                shadowStack |= properties.shadowStack();
                bti |= properties.bti();
                pac |= properties.pac();
            }
        }
        boolean now = file.dynamic().map(Dynamic::bindsNow).orElse(false);
        boolean alone = linkage instanceof Linkage.Static;
        return new Hardening(
                file.header().type() == ElfType.Known.SHARED,
                !relro ? Relro.NONE : now ? Relro.FULL : Relro.PARTIAL,
                noExecStack,
                answer(contents.map(c -> c.symbols().canary()), contents, alone),
                answer(contents.map(c -> !c.symbols().fortified().isEmpty()), contents, alone),
                ibt && shadowStack,
                bti,
                pac,
                file.dynamic().flatMap(d -> d.runpath().or(d::rpath)));
    }

    private static Answer answer(
            Optional<Boolean> seen, Optional<Contents> contents, boolean alone) {
        if (seen.isEmpty()) {
            return Answer.UNKNOWN;
        }
        if (alone) {
            boolean readable = contents.map(c -> c.symbols().present()).orElse(false);
            return seen.get() || !readable ? Answer.UNKNOWN : Answer.NO;
        }
        return seen.get() ? Answer.YES : Answer.NO;
    }
}
