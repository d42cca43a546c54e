package rookery.elf;

/// Compares versions number by number: 3.0.9 is older than 3.0.10, 1.1.1k older than 1.1.1w.
final class Versions {
    private static final int MAX_PARTS = 16;
    private static final int MAX_DIGITS = 9;

    private Versions() {}

    static int compare(String a, String b) {
        String[] left = a.split("\\.", MAX_PARTS);
        String[] right = b.split("\\.", MAX_PARTS);
        for (int i = 0; i < Math.max(left.length, right.length); i++) {
            String one = i < left.length ? left[i] : "0";
            String two = i < right.length ? right[i] : "0";
            int order = Integer.compare(number(one), number(two));
            if (order == 0) {
                order = letters(one).compareTo(letters(two));
            }
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    private static int number(String part) {
        int end = 0;
        while (end < part.length()
                && end < MAX_DIGITS
                && part.charAt(end) >= '0'
                && part.charAt(end) <= '9') {
            end++;
        }
        return end == 0 ? 0 : Integer.parseInt(part.substring(0, end));
    }

    private static String letters(String part) {
        int start = 0;
        while (start < part.length() && part.charAt(start) >= '0' && part.charAt(start) <= '9') {
            start++;
        }
        return part.substring(start);
    }
}
