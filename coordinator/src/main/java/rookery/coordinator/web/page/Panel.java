package rookery.coordinator.web.page;

/// One part of a page, drawn by the template of its name. Browsers are sent those parts that are no
/// longer equal to what they have.
public sealed interface Panel
        permits Totals,
                JobList,
                Waits,
                Fleet,
                JobHead,
                Matrix,
                Troubles,
                Packages,
                Images,
                StepHead,
                Facts {}
