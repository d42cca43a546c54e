package rookery.coordinator.web;

import gg.jte.Content;
import gg.jte.html.OwaspHtmlTemplateOutput;
import gg.jte.output.StringOutput;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import rookery.coordinator.web.page.Facts;
import rookery.coordinator.web.page.Fleet;
import rookery.coordinator.web.page.Images;
import rookery.coordinator.web.page.JobHead;
import rookery.coordinator.web.page.JobList;
import rookery.coordinator.web.page.Links;
import rookery.coordinator.web.page.LogLine;
import rookery.coordinator.web.page.LogTail;
import rookery.coordinator.web.page.Matrix;
import rookery.coordinator.web.page.Packages;
import rookery.coordinator.web.page.Page;
import rookery.coordinator.web.page.Panel;
import rookery.coordinator.web.page.Section;
import rookery.coordinator.web.page.StepHead;
import rookery.coordinator.web.page.Totals;
import rookery.coordinator.web.page.Troubles;
import rookery.coordinator.web.page.Waits;
import rookery.coordinator.web.templates.JtefactsGenerated;
import rookery.coordinator.web.templates.JtefleetGenerated;
import rookery.coordinator.web.templates.JteimagesGenerated;
import rookery.coordinator.web.templates.JtejobheadGenerated;
import rookery.coordinator.web.templates.JtejoblistGenerated;
import rookery.coordinator.web.templates.JtelayoutGenerated;
import rookery.coordinator.web.templates.JtelinesGenerated;
import rookery.coordinator.web.templates.JtematrixGenerated;
import rookery.coordinator.web.templates.JtepackagesGenerated;
import rookery.coordinator.web.templates.JteplainGenerated;
import rookery.coordinator.web.templates.JtestepheadGenerated;
import rookery.coordinator.web.templates.JtetailGenerated;
import rookery.coordinator.web.templates.JtetotalsGenerated;
import rookery.coordinator.web.templates.JtetroublesGenerated;
import rookery.coordinator.web.templates.JtewaitsGenerated;

/// Draws pages. The templates' generated methods are called as they are, so that a parameter of the
/// wrong type is the compiler's to find; every value in them is escaped for where it stands.
final class Templates {
    private final Assets assets;

    Templates(Assets assets) {
        this.assets = assets;
    }

    /// @param tail the end of the log, for a page that has one
    /// @param mayLeave whether there is a way to log out
    String page(Page page, Optional<LogTail> tail, boolean mayLeave, Instant now) {
        Map<String, Content> sections = new TreeMap<>();
        for (Section section : page.sections()) {
            String html = section(section.panel(), now);
            sections.put(section.id(), out -> out.writeContent(html));
        }
        @Nullable LogTail shown = tail.orElse(null);
        String log = page.log().map(Links::log).orElse("");
        return draw(out ->
                JtelayoutGenerated.render(
                        out, null, page, sections, shown, log, assets, mayLeave, now));
    }

    String section(Panel panel, Instant now) {
        return draw(out -> {
            switch (panel) {
                case Totals p -> JtetotalsGenerated.render(out, null, p);
                case JobList p -> JtejoblistGenerated.render(out, null, p, now);
                case Waits p -> JtewaitsGenerated.render(out, null, p);
                case Fleet p -> JtefleetGenerated.render(out, null, p, now);
                case JobHead p -> JtejobheadGenerated.render(out, null, p, now);
                case Matrix p -> JtematrixGenerated.render(out, null, p, now);
                case Troubles p -> JtetroublesGenerated.render(out, null, p);
                case Packages p -> JtepackagesGenerated.render(out, null, p, now);
                case Images p -> JteimagesGenerated.render(out, null, p, now);
                case StepHead p -> JtestepheadGenerated.render(out, null, p, now);
                case Facts p -> JtefactsGenerated.render(out, null, p, now);
            }
        });
    }

    String tail(LogTail tail) {
        return draw(out -> JtetailGenerated.render(out, null, tail));
    }

    String lines(List<LogLine> lines) {
        return draw(out -> JtelinesGenerated.render(out, null, lines));
    }

    /// A page without a farm: what went wrong, or the question for a token.
    String plain(int status, String title, String message, boolean asks) {
        return draw(
                out -> JteplainGenerated.render(out, null, assets, status, title, message, asks));
    }

    private static String draw(Consumer<OwaspHtmlTemplateOutput> template) {
        var text = new StringOutput();
        template.accept(new OwaspHtmlTemplateOutput(text));
        return text.toString();
    }
}
