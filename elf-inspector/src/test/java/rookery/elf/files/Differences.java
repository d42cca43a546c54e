package rookery.elf.files;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Collects where a tool says something else than we do, apart from what [Explanation] explains.
final class Differences {
    private static final int MAX_SHOWN = 6;

    private long files;
    private long members;
    private long facts;
    private final List<String> unexplained = new ArrayList<>();
    private final Map<Explanation, long[]> explained = new EnumMap<>(Explanation.class);
    private final Map<Explanation, String> example = new EnumMap<>(Explanation.class);

    void add(Differences other) {
        files += other.files;
        members += other.members;
        facts += other.facts;
        unexplained.addAll(other.unexplained);
        other.explained.forEach(
                (why, count) -> explained.computeIfAbsent(why, _ -> new long[1])[0] += count[0]);
        other.example.forEach(example::putIfAbsent);
    }

    void countFile() {
        files++;
    }

    void compare(Tool tool, String file, Facts ours, Facts theirs) {
        var text = new StringBuilder();
        for (Facts.Kind kind : Facts.Kind.values()) {
            compare(tool, file, kind, ours, theirs, text);
        }
        if (!text.isEmpty()) {
            unexplained.add(tool.word() + " " + file + text);
        }
    }

    void compareMembers(
            Tool tool, String archive, Corpus.Members members, List<Corpus.Printed> theirs) {
        List<Corpus.Printed> ours = members.elf();
        this.members += ours.stream().filter(p -> !p.member().isEmpty()).count();
        if (ours.size() != theirs.size()) {
            Optional<Explanation> why = Explanation.ofMembers(tool, members, theirs);
            if (why.isPresent()) {
                explain(why.get(), archive);
            } else {
                unexplained.add(
                        "%s %s%n  ours   %s%n  theirs %s"
                                .formatted(tool.word(), archive, names(ours), names(theirs)));
                return;
            }
        }
        for (int i = 0; i < theirs.size(); i++) {
            String our = ours.get(i).member();
            String their = theirs.get(i).member();
            String name = our.isEmpty() ? archive : archive + "(" + our + ")";
            if (!our.equals(their)) {
                Optional<Explanation> why = Explanation.ofName(tool, our, their);
                if (why.isPresent()) {
                    explain(why.get(), name);
                } else {
                    unexplained.add(
                            "%s %s: our member %s is their %s"
                                    .formatted(tool.word(), archive, our, their));
                    return;
                }
            }
            compare(tool, name, ours.get(i).facts(), theirs.get(i).facts());
        }
    }

    private static List<String> names(List<Corpus.Printed> printed) {
        return printed.stream().map(Corpus.Printed::member).toList();
    }

    private void compare(
            Tool tool, String file, Facts.Kind kind, Facts ours, Facts theirs, StringBuilder text) {
        List<String> our = ours.of(kind);
        List<String> their = theirs.of(kind);
        int shown = 0;
        for (int i = 0; i < Math.max(our.size(), their.size()); i++) {
            facts++;
            String a = i < our.size() ? our.get(i) : "nothing";
            String b = i < their.size() ? their.get(i) : "nothing";
            if (Facts.agree(a, b)) {
                continue;
            }
            Optional<Explanation> why = Explanation.of(tool, kind, a, b);
            if (why.isPresent()) {
                explain(why.get(), file);
            } else if (shown++ < MAX_SHOWN) {
                text.append("\n  ours   ").append(a).append("\n  theirs ").append(b);
            }
        }
    }

    private void explain(Explanation why, String file) {
        explained.computeIfAbsent(why, _ -> new long[1])[0]++;
        example.putIfAbsent(why, file);
    }

    List<String> unexplained() {
        return unexplained;
    }

    /// A line for each reason why we differ and are right.
    List<String> explained() {
        List<String> lines = new ArrayList<>();
        explained.forEach((why, count) ->
                lines.add(
                        "%,d times explained: %s (such as %s)"
                                .formatted(count[0], why.reason(), example.get(why))));
        return lines;
    }

    String summary(Tool tool) {
        return "%s: %,d files, %,d members of archives, %,d facts compared, %,d disagreements"
                .formatted(tool.word(), files, members, facts, unexplained.size());
    }
}
