package rookery.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.ClassEntry;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.classfile.constantpool.PoolEntry;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Deciding is pure: classes of the packages below reach no socket, disk, clock, thread or
/// unordered collection. Read from the class files, so no import can hide it.
class LayeringTest {
    /// Packages end in a slash; a class stands for its nested ones too.
    private static final List<String> BANNED_TYPES =
            List.of(
                    "java/io/",
                    "java/net/",
                    "java/nio/file/",
                    "java/nio/channels/",
                    "java/lang/Thread",
                    "java/lang/ThreadLocal",
                    "java/lang/Process",
                    "java/lang/ProcessBuilder",
                    "java/lang/ProcessHandle",
                    "java/lang/Runtime",
                    "java/util/concurrent/",
                    "java/util/UUID",
                    "java/security/SecureRandom",
                    "java/time/Clock",
                    "java/sql/",
                    "io/grpc/",
                    "io/vertx/",
                    "com/sun/jna/");

    private static final List<String> BANNED_CALLS =
            List.of(
                    "java/time/Instant.now",
                    "java/time/InstantSource.system",
                    "java/lang/System.currentTimeMillis",
                    "java/lang/System.nanoTime",
                    "java/lang/System.getenv",
                    "java/lang/System.getProperty",
                    "java/lang/System.identityHashCode",
                    "java/util/Map.of",
                    "java/util/Map.ofEntries",
                    "java/util/Map.copyOf",
                    "java/util/Set.of",
                    "java/util/Set.copyOf",
                    "java/util/HashMap.<init>",
                    "java/util/HashSet.<init>",
                    "java/util/Random.<init>",
                    "java/lang/Math.random",
                    "java/util/stream/Collectors.toSet",
                    "java/util/stream/Collectors.toMap",
                    "java/util/stream/Collectors.groupingBy");

    @ParameterizedTest
    @ValueSource(
            strings = {
                "rookery.oci",
                "rookery.elf",
                "rookery.elf.ar",
                "rookery.elf.bytes",
                "rookery.elf.golang",
                "rookery.elf.pe",
                "rookery.model",
                "rookery.wire",
                "rookery.coordinator.plan",
                "rookery.coordinator.farm",
                "rookery.coordinator.image",
                "rookery.coordinator.web.page",
                "rookery.agent.session",
                "rookery.agent.recipe",
                "rookery.cli.view"
            })
    void aPurePackageTouchesNothingOfTheWorld(String name) throws Exception {
        SortedSet<String> ways = new TreeSet<>();
        int classes = waysOut(name, ways);
        assertThat(classes).as("classes of %s", name).isPositive();
        assertThat(ways).isEmpty();
    }

    @Test
    void theCheckItselfSeesAWayOut() throws Exception {
        SortedSet<String> ways = new TreeSet<>();
        waysOut("rookery.coordinator.loop", ways);
        assertThat(ways)
                .anyMatch(w -> w.contains("java/util/concurrent/"))
                .anyMatch(w -> w.contains("java/lang/Thread"));
    }

    private static int waysOut(String name, SortedSet<String> ways) throws Exception {
        String folder = name.replace('.', '/');
        var url = LayeringTest.class.getClassLoader().getResource(folder + "/package-info.class");
        assertThat(url).as("the package %s on the class path", name).isNotNull();
        if (url == null) return 0;
        if (url.getProtocol().equals("file"))
            return read(Path.of(url.toURI()).resolveSibling(""), ways);
        String jar = url.getPath().substring("file:".length(), url.getPath().indexOf('!'));
        try (FileSystem inside = FileSystems.newFileSystem(Path.of(jar))) {
            return read(inside.getPath("/" + folder), ways);
        }
    }

    private static int read(Path folder, SortedSet<String> ways) throws IOException {
        int classes = 0;
        try (var files = Files.list(folder)) {
            for (Path file : files.filter(p -> p.toString().endsWith(".class")).toList()) {
                classes++;
                var model = ClassFile.of().parse(Files.readAllBytes(file));
                String self = model.thisClass().asInternalName();
                for (PoolEntry entry : model.constantPool()) {
                    switch (entry) {
                        case ClassEntry c when banned(c.asInternalName()) ->
                                ways.add(self + " uses " + c.asInternalName());
                        case MemberRefEntry m when BANNED_CALLS.contains(call(m)) ->
                                ways.add(self + " calls " + call(m));
                        default -> {}
                    }
                }
            }
        }
        return classes;
    }

    private static boolean banned(String type) {
        return BANNED_TYPES.stream()
                .anyMatch(b ->
                        b.endsWith("/")
                                ? type.startsWith(b)
                                : type.equals(b) || type.startsWith(b + "$"));
    }

    private static String call(MemberRefEntry member) {
        return member.owner().asInternalName() + "." + member.name().stringValue();
    }
}
