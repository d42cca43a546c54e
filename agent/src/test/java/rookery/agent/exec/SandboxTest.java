package rookery.agent.exec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import rookery.agent.recipe.Mount;
import rookery.agent.recipe.SandboxCommand;
import rookery.model.RookeryException;

/// Real bubblewrap, real processes.
class SandboxTest {
    @TempDir static Path directory;

    private static Sandbox sandbox;
    private static Path out;
    private static Path etc;

    @BeforeAll
    static void open() throws Exception {
        // As caches are: closed to everybody else.
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwx------"));
        sandbox = Sandbox.open(directory.resolve("sandbox"));
        out = Files.createDirectory(directory.resolve("out"));
        etc = Files.createDirectory(directory.resolve("etc"));
        Files.writeString(etc.resolve("passwd"), "root:x:0:0::/build:/bin/sh\n");
    }

    @AfterAll
    static void close() {
        sandbox.close();
    }

    private static List<Mount> mounts() {
        return new ArrayList<>(
                List.of(
                        new Mount.HostUsr(),
                        new Mount.Proc(),
                        new Mount.Dev(),
                        new Mount.Tmpfs("/tmp"),
                        new Mount.Bind(etc.toString(), "/etc", false),
                        new Mount.Bind(out.toString(), "/out", true)));
    }

    private static SandboxCommand shell(String script) {
        return shell(script, Duration.ofSeconds(60));
    }

    private static SandboxCommand shell(String script, Duration limit) {
        SortedMap<String, String> env = new TreeMap<>();
        env.put("PATH", "/usr/bin:/bin");
        return new SandboxCommand(
                List.of("/bin/sh", "-c", script), env, mounts(), "/out", false, "words in", limit);
    }

    private static Ended.Exited run(String script) throws Exception {
        return (Ended.Exited) sandbox.run(shell(script), LogSink.none());
    }

    @Test
    void aCommandReadsItsInputAndItsStatusAndWordsComeBack() throws Exception {
        var sink = new Words();
        var ended = (Ended.Exited) sandbox.run(shell("cat; echo bad >&2; exit 7"), sink);
        assertThat(ended.status()).isEqualTo(7);
        assertThat(ended.text()).isEqualTo("words in");
        assertThat(ended.errors()).containsExactly("bad");
        assertThat(sink.toString()).contains("words in").contains("bad");
    }

    @Test
    void writingOutsideIsRefused() throws Exception {
        for (String path :
                List.of("/usr/x", "/etc/x", "/x", "/proc/sys/kernel/hostname", "/dev/x/y"))
            assertThat(run("echo x > " + path).status()).as(path).isNotZero();
        assertThat(run("echo x > /out/fine && echo x > /tmp/fine").status()).isZero();
    }

    @Test
    void theMachinesOwnFilesAreNotInSight() throws Exception {
        assertThat(run("ls /").text().lines().toList())
                .doesNotContain("root", "home", "var", "work", "sys");
        assertThat(run("ls /etc").text().lines().toList()).containsExactly("passwd");
        assertThat(run("test -e " + directory).status()).isNotZero();
    }

    @Test
    void thereIsNoNetworkButALoopback() throws Exception {
        assertThat(run("tail -n +3 /proc/net/dev | cut -d: -f1 | tr -d ' '").text().strip())
                .isEqualTo("lo");
    }

    @Test
    void theEnvironmentIsExactlyTheCommands() throws Exception {
        assertThat(run("/usr/bin/env").text().lines().toList())
                .containsExactlyInAnyOrder("PATH=/usr/bin:/bin", "PWD=/out");
    }

    @Test
    void insideItIsRootOfOneUidWithoutRights() throws Exception {
        assertThat(run("id -u; id -g").text()).isEqualTo("0\n0\n");
        assertThat(run("cat /proc/self/uid_map").text().strip().split(" +"))
                .hasSize(3)
                .startsWith("0")
                .endsWith("1");
        assertThat(run("grep CapEff /proc/self/status").text()).contains("0000000000000000");
        assertThat(run("cat /proc/1/environ").text()).doesNotContain("JAVA");
        assertThat(run("hostname || cat /proc/sys/kernel/hostname").text()).contains("rookery");
    }

    @Test
    void outsideItsUidIsNeitherRootNorAnyDaemons() throws Exception {
        assertThat(run("echo x > /out/owned").status()).isZero();
        Object uid = Files.getAttribute(out.resolve("owned"), "unix:uid");
        Object mine = Files.getAttribute(Path.of("/proc/self"), "unix:uid");
        assertThat(uid).isEqualTo(mine.equals(0) ? Bwrap.UID : mine);
    }

    @Test
    void aSandboxHasNoWayToTheStatusFileOrOtherDescriptors() throws Exception {
        assertThat(run("ls /proc/self/fd").text().lines().toList())
                .isSubsetOf("0", "1", "2", "3"); // 3 is ls's own look at the directory
    }

    @Test
    void atItsTimeLimitEverythingIsKilledEvenWhatForkedTwice() throws Exception {
        String marker = "4242" + ProcessHandle.current().pid();
        var ended =
                sandbox.run(
                        shell(
                                "(setsid sh -c 'exec >/dev/null 2>&1 </dev/null; sleep "
                                        + marker
                                        + "' &) ; sleep "
                                        + marker,
                                Duration.ofSeconds(2)),
                        LogSink.none());
        assertThat(ended).isEqualTo(new Ended.TimedOut());
        assertThat(alive(marker)).isEmpty();
    }

    @Test
    void whatIsLeftBehindAtTheEndIsKilledBeforeResultsAreLookedAt() throws Exception {
        String marker = "4343" + ProcessHandle.current().pid();
        Ended.Exited ended =
                run(
                        "(setsid sh -c 'exec >/dev/null 2>&1 </dev/null; sleep "
                                + marker
                                + "' &) ; exit 3");
        assertThat(ended.status()).isEqualTo(3);
        assertThat(alive(marker)).isEmpty();
    }

    @Test
    void anInterruptEndsTheCommand() throws Exception {
        var began = new CountDownLatch(1);
        var seen = new AtomicReference<Ended>();
        LogSink sink = (_, _, _) -> began.countDown();
        Thread thread =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                seen.set(sandbox.run(shell("echo begun; sleep 1000"), sink));
                            } catch (IOException | InterruptedException e) {
                                throw new AssertionError(e);
                            }
                        });
        began.await();
        thread.interrupt();
        thread.join();
        assertThat(seen.get()).isEqualTo(new Ended.Killed());
    }

    @Test
    void aProgramThatIsNotThereFailsByItself() throws Exception {
        var nothing =
                new SandboxCommand(
                        List.of("/no/such"),
                        new TreeMap<>(),
                        mounts(),
                        "/",
                        false,
                        "",
                        Duration.ofSeconds(9));
        var ended = (Ended.Exited) sandbox.run(nothing, LogSink.none());
        assertThat(ended.status()).isEqualTo(Ended.NOT_STARTED);
        assertThat(ended.errors()).singleElement().asString().contains("/no/such");
    }

    @Test
    void aSourceThatIsNotThereIsTheHostsFault() {
        var mounts = mounts();
        mounts.add(new Mount.Bind(directory.resolve("gone").toString(), "/gone", false));
        var command =
                new SandboxCommand(
                        List.of("/bin/true"),
                        new TreeMap<>(),
                        mounts,
                        "/",
                        false,
                        "",
                        Duration.ofSeconds(9));
        assertThatThrownBy(() -> sandbox.run(command, LogSink.none()))
                .isInstanceOf(RookeryException.class)
                .hasMessageContaining("the sandbox could not be raised");
    }

    @Test
    void aFloodOfWordsIsCutLoudlyAndTheStepGoesOn() throws Exception {
        var bytes = new Words();
        var log = new BoundedLog(bytes, 1000);
        var ended =
                (Ended.Exited) sandbox.run(shell("yes | head -c 3000000; echo; echo the end"), log);
        log.finish();
        assertThat(ended.status()).isZero();
        assertThat(ended.isCut()).isTrue();
        assertThat(bytes.toString()).hasSizeLessThan(1200);
        assertThat(bytes.toString())
                .contains("the log is cut here")
                .contains("bytes of log were left out");
        assertThat(log.lastLines()).endsWith("the end");
    }

    private static List<String> alive(String marker) {
        return ProcessHandle.allProcesses()
                .map(p -> p.info().commandLine().orElse(""))
                .filter(line -> line.contains("sleep " + marker))
                .toList();
    }
}
