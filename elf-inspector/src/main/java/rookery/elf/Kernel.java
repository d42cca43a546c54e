package rookery.elf;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A version of Linux.
public record Kernel(int major, int minor) implements Comparable<Kernel> {
    private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})(\\..*)?");

    /// @throws IllegalArgumentException when the text is no version like `5.10`
    public static Kernel parse(String text) {
        Matcher matcher = VERSION.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException(
                    "'" + text + "' is no kernel version; write it like 5.10");
        }
        return new Kernel(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
    }

    @Override
    public int compareTo(Kernel other) {
        return major != other.major
                ? Integer.compare(major, other.major)
                : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
