package rookery.agent.recipe;

import java.util.ArrayList;
import java.util.List;

/// What the kinds of steps see, in the order of mounting.
final class Mounts {
    private Mounts() {}

    /// A build's root: the machine's `/usr`, and these places as far as they were staged.
    static List<Mount> build(Staged staged, List<Place> places) {
        var mounts = new ArrayList<Mount>();
        mounts.add(new Mount.HostUsr());
        mounts.add(new Mount.Proc());
        mounts.add(new Mount.Dev());
        mounts.add(new Mount.Tmpfs("/dev/shm"));
        mounts.add(new Mount.Tmpfs("/tmp"));
        mounts.add(new Mount.Tmpfs("/run"));
        for (Place place : places) mounts.add(bind(place, staged));
        staged.repos()
                .forEach((name, path) -> mounts.add(new Mount.Bind(path, "/repos/" + name, false)));
        return mounts;
    }

    static Mount bind(Place place, Staged staged) {
        return new Mount.Bind(staged.at(place), place.inside(), place.isWritable());
    }
}
