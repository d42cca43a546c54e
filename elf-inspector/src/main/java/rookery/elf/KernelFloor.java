package rookery.elf;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import rookery.elf.golang.GoBuildInfo;

/// From which Linux on a program starts.
final class KernelFloor {
    private static final Pattern GO = Pattern.compile("1\\.(\\d{1,3})\\b.*");

    /// Go 1.24 is the first that wants Linux 3.2; those before want 2.6.32.
    private static final int GO_FOR_LINUX_3_2 = 24;

    private KernelFloor() {}

    static Optional<Kernel> of(Report report) {
        if (!(report.facts() instanceof Report.Elf(ElfFile file, _))) {
            return Optional.empty();
        }
        Optional<Kernel> floor = report.go().flatMap(KernelFloor::ofGo);
        for (Note note : file.notes()) {
            if (note instanceof Note.AbiTag tag && tag.isLinux()) {
                Kernel ofLibc = new Kernel(tag.major(), tag.minor());
                floor = Optional.of(floor.filter(k -> k.compareTo(ofLibc) > 0).orElse(ofLibc));
            }
        }
        return floor;
    }

    private static Optional<Kernel> ofGo(GoBuildInfo go) {
        Matcher version = GO.matcher(go.version());
        if (!version.matches()) {
            return Optional.empty();
        }
        return Optional.of(
                Integer.parseInt(version.group(1)) >= GO_FOR_LINUX_3_2
                        ? new Kernel(3, 2)
                        : new Kernel(2, 6));
    }
}
