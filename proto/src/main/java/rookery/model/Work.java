package rookery.model;

import java.util.List;
import java.util.Optional;
import rookery.oci.Blob;
import rookery.oci.Platform;

/// What one step is to do, with everything that does not come from the steps it needs.
///
/// The first kinds are done by agents, the later ones by the coordinator. Results of needed steps
/// are handed over beside the work ([Order#inputs]).
public sealed interface Work {

    /// The word for people, logs and keys.
    String kind();

    /// Work that an agent does.
    sealed interface OnAgent extends Work {}

    /// Work that the coordinator does itself, because an agent's word is no evidence and agents
    /// hold no secrets.
    sealed interface InCoordinator extends Work {}

    /// Go modules, from a module proxy. Makes `modules`: the part of a module proxy that the
    /// program needs, as a tar.
    record Modules(Blob goModAndSum) implements OnAgent {
        @Override
        public String kind() {
            return "modules";
        }
    }

    /// Portage's own dependency graph for one CHOST. Makes `graph`.
    record Resolve(Target target, Toolchain toolchain, JobSpec.Portage portage) implements OnAgent {
        @Override
        public String kind() {
            return "resolve";
        }
    }

    /// One source archive. Makes `distfile`.
    record Fetch(Distfile distfile) implements OnAgent {
        @Override
        public String kind() {
            return "fetch";
        }
    }

    /// One package for one CHOST. Makes `gpkg`.
    ///
    /// @param closure the packages to be installed before, in merge order
    /// @param portage for its repositories and config
    record PackageBuild(
            Target target,
            Toolchain toolchain,
            JobSpec.Portage portage,
            MergeGraph.Node node,
            List<String> closure)
            implements OnAgent {
        public PackageBuild {
            closure = List.copyOf(closure);
        }

        @Override
        public String kind() {
            return "package";
        }
    }

    /// One Go program for one platform. Makes `binary`.
    ///
    /// @param build already merged for the platform
    /// @param closure the packages of its sysroot, in merge order
    record GoBuild(
            JobSpec.Build build,
            JobSpec.Wanted wanted,
            Toolchain toolchain,
            JobSpec.Portage portage,
            JobSpec.Source source,
            List<String> closure)
            implements OnAgent {
        public GoBuild {
            closure = List.copyOf(closure);
        }

        @Override
        public String kind() {
            return "go-build";
        }
    }

    /// Starts a verified binary in an empty root. Notes `stdout` of the first command.
    record Run(JobSpec.Wanted wanted, String binaryName, List<JobSpec.RunCheck> checks)
            implements OnAgent {
        public Run {
            checks = List.copyOf(checks);
        }

        @Override
        public String kind() {
            return "run";
        }
    }

    /// The ELF gate. Notes `verdict`, `linkage`, `libc`, `summary`; passes `binary` on.
    record Verify(JobSpec.Wanted wanted, String policy) implements InCoordinator {
        @Override
        public String kind() {
            return "verify";
        }
    }

    /// One image out of verified binaries. Makes `index`, and keeps everything below it.
    ///
    /// @param platforms whose verify steps are needed; one that is not there was optional and
    ///   failed
    record Assemble(
            JobSpec.Image image,
            String binaryName,
            JobSpec.Source source,
            List<Platform> platforms,
            boolean runs)
            implements InCoordinator {
        public Assemble {
            platforms = List.copyOf(platforms);
        }

        @Override
        public String kind() {
            return "assemble";
        }
    }

    /// Pushes one image. Never recalled: a registry may have forgotten.
    record Publish(JobSpec.Image image, boolean allowDrop) implements InCoordinator {
        @Override
        public String kind() {
            return "publish";
        }
    }

    /// The platform that a matrix shows the step under; empty for what is shared by several.
    default Optional<Platform> platform() {
        return switch (this) {
            case GoBuild w -> Optional.of(w.wanted.platform());
            case Run w -> Optional.of(w.wanted.platform());
            case Verify w -> Optional.of(w.wanted.platform());
            case Resolve w -> Optional.of(w.target.platform());
            case PackageBuild w -> Optional.of(w.target.platform());
            case Modules _, Fetch _, Assemble _, Publish _ -> Optional.empty();
        };
    }
}
