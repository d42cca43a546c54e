package rookery.model;

import rookery.oci.Platform;

/// The names of steps: the same in logs, on the wire and on the screen.
public final class StepIds {
    public static final StepId MODULES = new StepId("modules");

    private StepIds() {}

    public static StepId resolve(String chost) {
        return new StepId("resolve/" + chost);
    }

    public static StepId fetch(String distfile) {
        return new StepId("fetch/" + distfile);
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
        return new StepId("assemble/" + repository);
    }

    public static StepId publish(String repository) {
        return new StepId("publish/" + repository);
    }
}
