package rookery.cli.inspect;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import rookery.cli.view.Harmless;
import rookery.elf.libelf.Facts;
import rookery.elf.libelf.LibelfEngine;

/// Prints the facts of ELF files by one engine, or compares both.
public final class CrossCheck implements AutoCloseable {
    private static final int MAX_SHOWN = 10;

    /// Who reads the file.
    public enum Engine {
        JAVA,
        LIBELF
    }

    private final Engine engine;
    private final boolean compare;
    private final Consumer<String> out;
    private final Optional<LibelfEngine> libelf;
    private int compared;
    private int different;

    /// @throws IOException when libelf is wanted and not there
    public CrossCheck(Engine engine, boolean compare, Consumer<String> out) throws IOException {
        this.engine = engine;
        this.compare = compare;
        this.out = line -> out.accept(Harmless.line(line));
        this.libelf =
                compare || engine == Engine.LIBELF
                        ? Optional.of(LibelfEngine.start())
                        : Optional.empty();
    }

    /// True when the engines differ on this file.
    public boolean on(Item item) throws IOException {
        List<String> ours = compare || engine == Engine.JAVA ? item.read(Facts::of) : List.of();
        List<String> theirs = List.of();
        if (libelf.isPresent()) {
            // Its process sees the bytes only as a file or through the pipe: both as a copy.
            theirs = item.read(libelf.get()::facts);
        }
        if (!compare) {
            out.accept(item.name());
            (engine == Engine.JAVA ? ours : theirs).forEach(line -> out.accept("  " + line));
            return false;
        }
        if (ours.isEmpty() && theirs.isEmpty()) {
            return false;
        }
        compared++;
        if (ours.equals(theirs)) {
            return false;
        }
        different++;
        out.accept(item.name() + ": the engines differ");
        shown("ours", minus(ours, theirs));
        shown("libelf's", minus(theirs, ours));
        return true;
    }

    private void shown(String whose, List<String> lines) {
        lines.stream().limit(MAX_SHOWN).forEach(line -> out.accept("    " + whose + ": " + line));
        if (lines.size() > MAX_SHOWN) {
            out.accept("    and " + (lines.size() - MAX_SHOWN) + " more of " + whose);
        }
    }

    private static List<String> minus(List<String> all, List<String> others) {
        var known = new java.util.TreeSet<>(others);
        List<String> rest = new ArrayList<>();
        for (String line : all) {
            if (!known.contains(line)) {
                rest.add(line);
            }
        }
        return rest;
    }

    /// "120 ELF files compared, 0 differ".
    public String summary() {
        return compared + " ELF files compared, " + different + " differ";
    }

    @Override
    public void close() {
        libelf.ifPresent(LibelfEngine::close);
    }
}
