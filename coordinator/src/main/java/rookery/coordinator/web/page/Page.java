package rookery.coordinator.web.page;

import java.util.List;
import java.util.Optional;
import rookery.coordinator.farm.StepRef;

/// A whole page.
///
/// @param tab which entry of the menu it belongs to
/// @param live the path of its stream; empty when it never changes
/// @param log the step whose log it ends with
public record Page(
        String title, Tab tab, String live, List<Section> sections, Optional<StepRef> log) {
    public enum Tab {
        OVERVIEW,
        JOBS,
        AGENTS
    }

    public Page {
        sections = List.copyOf(sections);
    }
}
