package rookery.model;

import java.util.regex.Pattern;
import rookery.oci.Platform;

/// The names of steps: the same in logs, on the wire and on the screen.
public final class StepIds {
    private static final Pattern UNSAFE = Pattern.compile("[^A-Za-z0-9._+@-]");

    public static final StepId MODULES = new StepId("modules");

    private StepIds() {}

    public static StepId resolve(String chost) {
        return new StepId("resolve/" + chost);
    }

    public static StepId fetch(String distfile) {
        return new StepId("fetch/" + UNSAFE.matcher(distfile).replaceAll("_"));
    }

    public static StepId packageBuild(String chost, String cpv) {
        return new StepId("package/" + chost + "/" + cpv);
    }

    public static StepId goBuild(String build, Platform platform) {
        return new StepId("go-build/" + build + "/" + platform);
    }

    public static StepId verify(String build, Platform platform) {
        return new StepId("verify/" + build + "/" + platform);
    }

    public static StepId run(String build, Platform platform) {
        return new StepId("run/" + build + "/" + platform);
    }

    public static StepId assemble(String repository) {
        return new StepId("assemble/" + UNSAFE.matcher(repository).replaceAll("_"));
    }

    public static StepId publish(String repository) {
        return new StepId("publish/" + UNSAFE.matcher(repository).replaceAll("_"));
    }
}
