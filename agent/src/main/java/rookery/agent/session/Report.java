package rookery.agent.session;

import java.util.List;
import rookery.model.Doing;

/// The whole of what an agent says of itself, apart from what never changes.
///
/// @param number rises with every report of one incarnation, over all its streams
/// @param doing one entry per lease that the agent holds, by lease
/// @param draining whether it wants nothing new and leaves once it is done
public record Report(long number, List<Doing> doing, boolean draining) {
    public Report {
        doing = List.copyOf(doing);
    }
}
