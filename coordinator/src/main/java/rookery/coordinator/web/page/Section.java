package rookery.coordinator.web.page;

/// A panel and its name on the page.
///
/// @param id a word: the element's id and the name of the event that replaces its content
public record Section(String id, Panel panel) {}
