package rookery.deploy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.openqa.selenium.By;
import org.openqa.selenium.Dimension;
import org.openqa.selenium.Keys;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import rookery.coordinator.farm.StepRef;
import rookery.coordinator.web.Config;
import rookery.coordinator.web.DashboardMain;
import rookery.coordinator.web.Hostile;
import rookery.coordinator.web.LogSource;
import rookery.coordinator.web.Meters;
import rookery.coordinator.web.PlayedFarm;
import rookery.coordinator.web.Scenes;
import rookery.coordinator.web.WebServer;

/// The dashboard in a browser, over a farm that changes under it.
class DashboardTest {
    private static final String GO = "go-build/app/linux/amd64";
    private static final String JOB = "/jobs/j81d20e44";
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Dimension DESK = new Dimension(1280, 900);
    private static final Dimension PHONE = new Dimension(390, 844);

    private static final Vertx VERTX = Vertx.vertx();
    private static ChromeDriver browser;

    private final PlayedFarm farm = Scenes.busy();
    private final GrowingLog log = new GrowingLog();
    private final WebServer server =
            new WebServer(
                            VERTX,
                            Config.local(0),
                            farm::farm,
                            DashboardMain.memoryOnly(farm.farm()),
                            log,
                            new Meters(),
                            farm::now)
                    .start();

    @BeforeAll
    static void open() {
        var said = new LoggingPreferences();
        said.enable(LogType.BROWSER, Level.ALL);
        var options = new ChromeOptions();
        options.setBinary("/usr/bin/chromium");
        // Chromium's own sandbox refuses root; nothing but our pages is opened.
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-proxy-server");
        options.setCapability("goog:loggingPrefs", said);
        var service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(Path.of("/usr/bin/chromedriver").toFile())
                        .build();
        browser = new ChromeDriver(service, options);
        browser.manage().timeouts().scriptTimeout(PATIENCE);
    }

    @AfterAll
    static void close() {
        browser.quit();
        VERTX.close().await();
    }

    @AfterEach
    void leave() {
        try {
            assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
                    .as("what the browser complains about")
                    .isEmpty();
        } finally {
            browser.get("about:blank");
            server.close();
        }
    }

    @Test
    void theMatrixChangesWhileItIsLookedAt() {
        show(JOB);
        await("cell('" + GO + "').textContent.includes('net/http')");
        farm.phase(GO, "crypto/tls");
        await("cell('" + GO + "').textContent.includes('crypto/tls')");
        farm.finish(GO);
        await("cell('" + GO + "').textContent.includes('done')");
        await("cell('verify/app/linux/amd64').textContent.includes('static, no interpreter')");
        await("document.getElementById('troubles').textContent.includes('To blame: the project')");
    }

    @Test
    void linesOfALogArriveAndItsEndStaysInSight() {
        log.add("\u001b[32m>>>\u001b[0m begun\n");
        show(JOB + "/steps/" + Scenes.OPENSSL);
        await("document.querySelector('#lines .f2').textContent === '>>>'");
        for (int i = 0; i < 300; i++) log.add("cc -c file" + i + ".c\n");
        await("document.getElementById('lines').textContent.includes('file299.c')");
        await("atEnd(document.querySelector('.log.tail'))");
        assertThat(count("#lines > .l")).isEqualTo(301);
    }

    @Test
    void hostileTextIsTextAndNothingElse() {
        show(JOB + "/steps/" + Scenes.OPENSSL);
        long scripts = count("script");
        Hostile.strings().forEach(hostile -> log.add(hostile + "\n"));
        log.add("the end\n");
        await("document.getElementById('lines').textContent.includes('the end')");
        assertThat(browser.findElement(By.id("lines")).getText())
                .contains("<script>window.hit=1</script>")
                .contains("U+202E");
        assertThat(count("script")).isEqualTo(scripts);
        assertThat(count("#lines :not(div):not(span)")).isZero();
        String name = "<img src=x onerror=window.hit=1>\u202E";
        farm.submit("jhostile", Scenes.named(name, "\"><script>window.hit=1</script>"), false);
        show("/jobs/jhostile");
        await(
                "document.querySelector('h1').textContent.includes('<img src=x onerror=window.hit=1>?')");
        show("/");
        await("document.getElementById('running').textContent.includes('<img src=x')");
        assertThat(browser.executeScript("return window.hit === undefined")).isEqualTo(true);
        assertThat(count("img")).isEqualTo(1);
    }

    @Test
    void theKeyboardReachesEverythingAndAChangeDoesNotTakeItAway() {
        show(JOB);
        browser.findElement(By.tagName("body")).sendKeys(Keys.TAB);
        assertThat(focused("className")).isEqualTo("skip");
        browser.executeScript("document.getElementById('c-" + GO + "').focus()");
        farm.phase(GO, "runtime/cgo");
        await("cell('" + GO + "').textContent.includes('runtime/cgo')");
        assertThat(focused("id")).isEqualTo("c-" + GO);
        browser.switchTo().activeElement().sendKeys(Keys.ENTER);
        await("location.pathname === '" + JOB + "/steps/" + GO + "'");
    }

    @Test
    void noPageIsWiderThanAPhone() {
        browser.manage().window().setSize(PHONE);
        try {
            for (String path :
                    new String[] {"/", "/jobs", "/agents", JOB, JOB + "/steps/" + Scenes.OPENSSL}) {
                show(path);
                assertThat(
                                browser.executeScript(
                                        "return document.documentElement.scrollWidth <= window.innerWidth"))
                        .as(path)
                        .isEqualTo(true);
            }
        } finally {
            browser.manage().window().setSize(DESK);
        }
    }

    private void show(String path) {
        browser.get(server.address() + path);
        await("document.getElementById('live').dataset.state === 'live'");
    }

    /// Waits in the page until something holds there.
    private static void await(String condition) {
        browser.executeAsyncScript(
                """
                const done = arguments[arguments.length - 1];
                const cell = (name) => document.getElementById("c-" + name);
                const atEnd = (e) => e.scrollHeight - e.scrollTop - e.clientHeight < 40;
                const look = () => {
                  let holds = false;
                  try { holds = %s; } catch (e) { if (!(e instanceof TypeError)) throw e; }
                  if (holds) done(); else setTimeout(look, 20);
                };
                look();
                """
                        .formatted(condition));
    }

    private static long count(String selector) {
        return browser.findElements(By.cssSelector(selector)).size();
    }

    private static String focused(String property) {
        return String.valueOf(browser.executeScript("return document.activeElement." + property));
    }

    /// One log that grows, whichever step is asked for.
    private static final class GrowingLog implements LogSource {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        synchronized void add(String text) {
            bytes.writeBytes(text.getBytes(UTF_8));
        }

        @Override
        public synchronized long size(StepRef step) {
            return bytes.size();
        }

        @Override
        public synchronized byte[] read(StepRef step, long offset, int limit) {
            byte[] all = bytes.toByteArray();
            int from = (int) Math.min(offset, all.length);
            return Arrays.copyOfRange(all, from, Math.min(all.length, from + limit));
        }
    }
}
