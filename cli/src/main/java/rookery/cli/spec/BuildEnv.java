package rookery.cli.spec;

import static rookery.cli.spec.Grammar.quoted;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Which variables of Go's environment a spec may set.
final class BuildEnv {
    static final List<String> ALLOWED =
            List.of(
                    "CGO_CFLAGS",
                    "CGO_CPPFLAGS",
                    "CGO_CXXFLAGS",
                    "CGO_FFLAGS",
                    "CGO_LDFLAGS",
                    "GOEXPERIMENT",
                    "GODEBUG",
                    "GOFIPS140");

    private static final Map<String, String> REASONS = new TreeMap<>();

    static {
        for (String name : List.of("GOOS", "GOARCH", "GOAMD64", "GOARM64", "GORISCV64"))
            REASONS.put(name, "the platform and its level decide it; see platforms:");
        for (String name : List.of("CC", "CXX", "AR", "LD", "PKG_CONFIG", "FC"))
            REASONS.put(name, "the toolchain decides it; see toolchain:");
        for (String name : List.of("GOPROXY", "GOSUMDB", "GOPRIVATE", "GONOSUMDB", "GONOPROXY"))
            REASONS.put(name, "modules are fetched before anything is built, by the farm");
        REASONS.put("CGO_ENABLED", "the farm always sets it to 1");
        REASONS.put("GOFLAGS", "use flags:");
        REASONS.put("GOTOOLCHAIN", "the farm brings Go; go.mod says which is needed");
    }

    static final Grammar GRAMMAR =
            new Grammar("variables", "^(" + String.join("|", ALLOWED) + ")$", BuildEnv::check);

    private BuildEnv() {}

    private static Optional<Complaint> check(String name) {
        if (ALLOWED.contains(name)) return Optional.empty();
        String reason = REASONS.get(name);
        return Optional.of(
                new Complaint(
                        "the variable " + quoted(name) + " may not be set",
                        reason != null
                                ? reason
                                : DidYouMean.sentence(
                                        ALLOWED,
                                        name,
                                        "allowed are " + String.join(", ", ALLOWED))));
    }
}
