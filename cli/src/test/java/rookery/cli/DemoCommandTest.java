package rookery.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.cli.CommandLine.Ran;
import rookery.model.Failure;
import rookery.v1.CancelRequest;

class DemoCommandTest {
    @TempDir private Path directory;
    private FakeFarm farm;
    private CommandLine line;

    @BeforeEach
    void aCheckoutAndAFarm() throws IOException {
        farm = new FakeFarm(directory.resolve("farm"));
        line = new CommandLine(directory.resolve("work"), farm::start);
        Path home = directory.resolve("checkout");
        line.env.put("ROOKERY_HOME", home.toString());
        for (String name : new String[] {"sqrt", "sqlite", "curl"}) {
            var example = new CommandLine(home.resolve("examples").resolve(name), farm::start);
            example.project(
                    "version: 1\nproject: " + name + "\nbuilds: [{}]\nplatforms: [linux/amd64]\n");
        }
    }

    @AfterEach
    void shutDown() {
        farm.shutDown();
    }

    @Test
    void theDemoBuildsThreeExamplesInOneFarmAndSaysWhatItTook() {
        Ran ran = line.run("demo");
        assertThat(ran.code()).isZero();
        assertThat(farm.started).hasValue(1);
        assertThat(farm.closed).hasValue(1);
        assertThat(farm.submitted)
                .extracting(r -> r.getSpec().getProject())
                .containsExactly("sqrt", "sqlite", "curl");
        assertThat(ran.out())
                .contains("== sqrt\nlinux/amd64 says:\n    hello from linux/amd64\n    ?[31mred\n")
                .contains("dist/demo/curl/curl_linux_amd64/curl\n")
                .contains("example   platform               ")
                .contains("curl      linux/amd64     ok")
                .contains("was the farm's own time");
        assertThat(line.directory.resolve("dist/demo/sqrt/sqrt_linux_amd64/sqrt")).exists();
    }

    @Test
    void oneFailedExampleDoesNotKeepTheOthersFromBeingBuilt() {
        farm.fail("go-build/sqlite/linux/amd64", Failure.Kind.BUILD, "it does not compile");
        Ran ran = line.run("demo", directory.resolve("out").toString());
        assertThat(ran.code()).isEqualTo(10);
        assertThat(ran.out())
                .contains("sqlite    linux/amd64     FAILED")
                .contains("curl      linux");
        assertThat(directory.resolve("out/curl/artifacts.json")).exists();
        assertThat(directory.resolve("out/sqlite")).doesNotExist();
    }

    @Test
    void aCancelledExampleIsTheLast() throws Exception {
        farm.hangs = true;
        var _ = farm.jobs().cancel(CancelRequest.newBuilder().setJob("j1").build());
        Ran ran = line.run("demo");
        assertThat(ran.code()).isEqualTo(30);
        assertThat(farm.submitted).hasSize(1);
        assertThat(farm.closed).hasValue(1);
    }

    @Test
    void jsonHoldsAllBuilds() {
        Ran ran = line.run("demo", "--output=json", "--progress=quiet");
        assertThat(ran.out()).startsWith("{\n  \"wall_ms\": ").contains("\"project\": \"curl\"");
    }

    @Test
    void withoutACheckoutThereIsNoDemo() {
        line.env.remove("ROOKERY_HOME");
        assertThat(line.run("demo").code()).isEqualTo(2);
    }
}
