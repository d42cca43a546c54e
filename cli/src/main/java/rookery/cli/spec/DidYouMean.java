package rookery.cli.spec;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/// Finds the word that somebody probably meant.
public final class DidYouMean {
    /// Longer words are no slips of a key.
    private static final int LONGEST = 64;

    private DidYouMean() {}

    /// The nearest known word, if it is near enough: a third of its letters may be wrong.
    public static Optional<String> among(Collection<String> known, String found) {
        String lower = found.toLowerCase(Locale.ROOT);
        String best = "";
        int least = Integer.MAX_VALUE;
        for (String word : known) {
            int distance = distance(word.toLowerCase(Locale.ROOT), lower);
            if (distance < least) {
                least = distance;
                best = word;
            }
        }
        boolean near = least <= Math.max(1, best.length() / 3);
        return near && !best.isEmpty() && found.length() <= LONGEST
                ? Optional.of(best)
                : Optional.empty();
    }

    /// The remedy's sentence: the word that was meant, or else all that there are.
    public static String sentence(Collection<String> known, String found, String otherwise) {
        return among(known, found).map(w -> "did you mean '" + w + "'?").orElse(otherwise);
    }

    /// How many letters must be put in, left out, changed or swapped with their neighbour.
    private static int distance(String a, String b) {
        if (a.length() > LONGEST || b.length() > LONGEST) return Integer.MAX_VALUE;
        var d = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) d[i][0] = i;
        for (int j = 0; j <= b.length(); j++) d[0][j] = j;
        for (int i = 1; i <= a.length(); i++) {
            for (int j = 1; j <= b.length(); j++) {
                int change = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                d[i][j] =
                        Math.min(
                                Math.min(d[i - 1][j] + 1, d[i][j - 1] + 1),
                                d[i - 1][j - 1] + change);
                boolean swapped =
                        i > 1
                                && j > 1
                                && a.charAt(i - 1) == b.charAt(j - 2)
                                && a.charAt(i - 2) == b.charAt(j - 1);
                if (swapped) d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
            }
        }
        return d[a.length()][b.length()];
    }
}
