package rookery.agent.session;

import java.util.List;
import rookery.model.Doing;

/// The whole of what an agent says of itself, apart from what never changes.
///
/// @param number rises with every report of one incarnation, over all its streams
/// @param doing one entry per lease that the agent holds, by lease
public record Report(long number, List<Doing> doing) {
    public Report {
        doing = List.copyOf(doing);
    }
}
