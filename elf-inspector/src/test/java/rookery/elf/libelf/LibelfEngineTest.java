package rookery.elf.libelf;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.elf.Inspection;
import rookery.elf.Tools;
import rookery.elf.bytes.Source;

/// libelf in its own process says the same as we do.
class LibelfEngineTest {
    @TempDir Path dir;

    private static Source bytes(byte[] bytes) {
        return Source.of(MemorySegment.ofArray(bytes));
    }

    @Test
    void bothEnginesReadTheSameFacts() throws IOException {
        Tools tools = new Tools(dir);
        tools.write("hello.c", "#include <stdio.h>\nint main(void) { puts(\"hi\"); return 0; }\n");
        List<Path> files =
                List.of(
                        tools.compile("dynamic", "gcc", "hello.c"),
                        tools.compile("musl", "musl-gcc", "-static", "hello.c"),
                        tools.compile("arm64", "aarch64-linux-gnu-gcc", "hello.c"),
                        tools.compile("object", "gcc", "-g", "-c", "hello.c"));
        try (LibelfEngine engine = LibelfEngine.start()) {
            for (Path file : files) {
                Source source = bytes(Files.readAllBytes(file));
                assertThat(Facts.of(source)).as(file.toString()).isNotEmpty();
                assertThat(engine.facts(source)).as(file.toString()).isEqualTo(Facts.of(source));
            }
        }
    }

    @Test
    void theMembersOfTheCLibraryReadTheSame() throws IOException {
        Tools tools = new Tools(dir);
        String path =
                tools.run(java.util.Map.of(), List.of("gcc", "-print-file-name=libm-2.36.a"))
                        .strip();
        if (!Files.isRegularFile(Path.of(path))) {
            path = tools.run(java.util.Map.of(), List.of("gcc", "-print-file-name=libc.a")).strip();
        }
        Source archive = bytes(Files.readAllBytes(Path.of(path)));
        List<String> different = new ArrayList<>();
        int[] members = {0};
        try (LibelfEngine engine = LibelfEngine.start()) {
            Inspection.members(
                    archive,
                    Inspection.Depth.VERDICT,
                    (member, source, _) -> {
                        members[0]++;
                        if (!engine.facts(source).equals(Facts.of(source))) {
                            different.add(member.name());
                        }
                    });
        }
        assertThat(members[0]).isGreaterThan(100);
        assertThat(different).isEmpty();
    }

    @Test
    void whatIsNoElfFileHasNoFacts() throws IOException {
        try (LibelfEngine engine = LibelfEngine.start()) {
            assertThat(
                            engine.facts(
                                    bytes(
                                            "hello"
                                                    .getBytes(
                                                            java.nio.charset.StandardCharsets
                                                                    .UTF_8))))
                    .isEmpty();
            assertThat(engine.facts(bytes(new byte[0]))).isEmpty();
        }
    }
}
