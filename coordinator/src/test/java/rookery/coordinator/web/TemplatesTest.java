package rookery.coordinator.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import rookery.coordinator.farm.Farm;
import rookery.coordinator.farm.Job;
import rookery.coordinator.web.page.LogTail;
import rookery.coordinator.web.page.Page;
import rookery.coordinator.web.page.Pages;
import rookery.model.Failure;
import rookery.model.JobId;
import rookery.model.StepId;

class TemplatesTest {
    private static final Pattern TAG = Pattern.compile("<(/?)([a-zA-Z!][^\\s>]*)([^>]*)>");
    private static final Pattern ATTRIBUTE = Pattern.compile("\\s+([^\\s=]+)(=\"[^\"]*\")?");

    /// Everything that a page of ours is made of.
    private static final List<String> TAGS =
            List.of(
                    "!doctype",
                    "html",
                    "head",
                    "meta",
                    "title",
                    "link",
                    "noscript",
                    "script",
                    "body",
                    "a",
                    "header",
                    "img",
                    "nav",
                    "span",
                    "time",
                    "form",
                    "button",
                    "main",
                    "h1",
                    "h2",
                    "h3",
                    "section",
                    "p",
                    "small",
                    "b",
                    "code",
                    "pre",
                    "dl",
                    "div",
                    "dt",
                    "dd",
                    "table",
                    "thead",
                    "tbody",
                    "tr",
                    "th",
                    "td",
                    "progress",
                    "ul",
                    "li",
                    "article",
                    "label",
                    "input");

    private final Templates templates = new Templates(new Assets());

    @Test
    void hostileTextAddsNoTagAndNoHandlerToAnyPage() {
        for (String hostile : Hostile.strings()) {
            for (String html : pages(hostile)) {
                var tags = TAG.matcher(html);
                while (tags.find()) {
                    assertThat(TAGS).as(html).contains(tags.group(2).toLowerCase(Locale.ROOT));
                    var attributes = ATTRIBUTE.matcher(tags.group(3));
                    while (attributes.find()) {
                        assertThat(attributes.group(1))
                                .as(tags.group())
                                .doesNotStartWith("on")
                                .isNotEqualTo("style");
                        if (attributes.group(1).matches("href|src|action"))
                            assertThat(attributes.group(2)).matches("=\"[/#].*");
                    }
                }
                assertThat(Pattern.compile("<script").matcher(html).results().count())
                        .isEqualTo(
                                Pattern.compile("<script src=\"/static/")
                                        .matcher(html)
                                        .results()
                                        .count());
            }
        }
    }

    @Test
    void noTemplateWritesAnythingUnescaped() throws IOException {
        try (var files = Files.list(Path.of("src/main/jte"))) {
            for (Path file : files.toList())
                assertThat(Files.readString(file)).as(file.toString()).doesNotContain("$unsafe");
        }
    }

    @Test
    void aCellOfTheMatrixSaysItsStateInAWordAndLeadsToItsStep() {
        PlayedFarm played = Scenes.busy();
        Job job = played.farm().job(new JobId("j81d20e44"));
        String html = draw(Pages.job(played.farm(), job), played);
        assertThat(html)
                .contains(
                        "<a class=\"cell leased\" id=\"c-go-build/app/linux/amd64\""
                                + " href=\"/jobs/j81d20e44/steps/go-build/app/linux/amd64\"")
                .contains("<span class=\"mark\" aria-hidden=\"true\">●</span> leased</span>")
                .contains("<span class=\"note\">on forge-1: net/http</span>")
                .contains("<section id=\"matrix\" sse-swap=\"matrix\">");
    }

    @Test
    void everyPageIsWholeWithoutScripts() {
        PlayedFarm played = Scenes.busy();
        assertThat(draw(Pages.overview(played.farm()), played))
                .contains("<noscript><meta http-equiv=\"refresh\"")
                .contains("<html lang=\"en\">")
                .contains("<a class=\"skip\" href=\"#main\">")
                .contains("aria-current=\"page\"")
                .contains("curl-static");
    }

    private List<String> pages(String hostile) {
        var played = new PlayedFarm();
        played.agent("a1", Scenes.facts(hostile, 2, 4, hostile));
        played.refuse(
                "verify/app/linux/amd64",
                new Failure(Failure.Kind.NOT_STATIC, "x" + hostile, List.of(hostile)));
        played.submit("j1", Scenes.named(hostile, hostile), true);
        played.finishAllBut("go-build/app/linux/arm64");
        if (played.isLent("go-build/app/linux/arm64"))
            played.phase("go-build/app/linux/arm64", hostile);
        Farm farm = played.farm();
        Job job = farm.jobs().firstEntry().getValue();
        var html = new ArrayList<String>();
        html.add(draw(Pages.overview(farm), played));
        html.add(draw(Pages.agents(farm), played));
        html.add(draw(Pages.job(farm, job), played));
        html.add(
                draw(Pages.step(farm, job, job.row(new StepId("verify/app/linux/amd64"))), played));
        html.add(templates.tail(LogTail.of(hostile.getBytes(UTF_8), 0, true)));
        html.add(templates.plain(500, hostile, hostile, true));
        return html;
    }

    private String draw(Page page, PlayedFarm played) {
        return templates.page(page, Optional.empty(), true, played.now());
    }
}
