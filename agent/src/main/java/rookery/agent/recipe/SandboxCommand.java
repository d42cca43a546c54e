package rookery.agent.recipe;

import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// One command, with everything that it can see: a value that says all there is to say about how a
/// process is started.
///
/// @param argv the program and its arguments, as paths inside
/// @param env the whole environment; nothing is inherited
/// @param directory where it starts, inside
/// @param stdin what it reads; empty closes its input at once
public record SandboxCommand(
        List<String> argv,
        SortedMap<String, String> env,
        List<Mount> mounts,
        String directory,
        boolean network,
        String stdin,
        Duration timeLimit) {
    /// Linux takes no single argument or variable longer than this.
    public static final int ARGUMENT_CHARS = (128 << 10) - 1;

    /// A bound on mounts: each costs system calls, and repositories are what makes them many.
    public static final int MOUNTS = 256;

    public SandboxCommand {
        argv = List.copyOf(argv);
        env = Collections.unmodifiableSortedMap(new TreeMap<>(env));
        mounts = List.copyOf(mounts);
        if (argv.isEmpty()) throw new IllegalArgumentException("a command has a program");
        if (mounts.size() > MOUNTS)
            throw new IllegalArgumentException(
                    mounts.size() + " mounts; a command has at most " + MOUNTS);
        argv.forEach(a -> check("an argument", a));
        env.forEach((name, value) -> check("the variable " + name, name + "=" + value));
    }

    private static void check(String what, String text) {
        // A character may take three bytes; the kernel counts bytes.
        if (text.length() > ARGUMENT_CHARS / 3 && utf8Length(text) > ARGUMENT_CHARS)
            throw new IllegalArgumentException(
                    what + " is longer than the " + ARGUMENT_CHARS + " bytes that Linux takes");
        if (text.indexOf('\0') >= 0) throw new IllegalArgumentException(what + " has a NUL in it");
    }

    private static long utf8Length(String text) {
        return text.codePoints()
                .mapToLong(c -> c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4)
                .sum();
    }
}
