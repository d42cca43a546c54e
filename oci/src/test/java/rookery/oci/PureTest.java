package rookery.oci;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// `rookery.oci` promises in its package-info to be values only; its compiled classes are asked.
class PureTest {
    private static final List<String> WAYS_OUT =
            List.of(
                    "java/io/",
                    "java/net/",
                    "java/nio/file/",
                    "java/nio/channels/",
                    "java/util/concurrent/",
                    "java/util/HashMap",
                    "java/util/HashSet",
                    "java/util/UUID",
                    "java/util/Random",
                    "java/lang/Thread",
                    "java/lang/Process",
                    "java/time/Clock",
                    "com/",
                    "rookery/oci/json",
                    "rookery/oci/layout",
                    "rookery/oci/archive",
                    "rookery/oci/registry");

    @Test
    void theValuesTouchNothingButTheLanguage() throws IOException, URISyntaxException {
        Path classes =
                Path.of(Digest.class.getProtectionDomain().getCodeSource().getLocation().toURI());
        var found = new TreeSet<String>();
        try (var files = Files.newDirectoryStream(classes.resolve("rookery/oci"), "*.class")) {
            for (Path file : files) {
                for (var entry : ClassFile.of().parse(file).constantPool()) {
                    if (entry instanceof ClassEntry type
                            && WAYS_OUT.stream().anyMatch(type.asInternalName()::startsWith)) {
                        found.add(file.getFileName() + " uses " + type.asInternalName());
                    }
                }
            }
        }
        assertThat(found).isEmpty();
    }
}
