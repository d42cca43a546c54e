package rookery.agent.recipe;

import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// The environment that steps begin with: from nothing, the same on every machine.
final class Env {
    /// What dates in packages are taken for: 2026-01-01. Any fixed time will do, one after 1980
    /// also fits zip.
    static final long PACKAGE_TIME = 1_767_225_600L;

    private static final String PATH =
            String.join(
                    ":",
                    List.of(
                            "/prefix/usr/bin",
                            "/prefix/bin",
                            "/opt/go/bin",
                            "/usr/bin",
                            "/bin",
                            "/usr/sbin",
                            "/sbin"));

    private Env() {}

    static SortedMap<String, String> base() {
        var env = new TreeMap<String, String>();
        env.put("PATH", PATH);
        env.put("HOME", Place.BUILD.inside());
        env.put("LC_ALL", "C.UTF-8");
        env.put("TZ", "UTC");
        env.put("SYSROOT", Place.SYSROOT.inside());
        env.put("ZIG_GLOBAL_CACHE_DIR", Place.ZIG.inside());
        env.put("ZIG_LOCAL_CACHE_DIR", Place.ZIG.inside());
        env.put("PORTAGE_USERNAME", "root");
        env.put("PORTAGE_GRPNAME", "root");
        return env;
    }
}
