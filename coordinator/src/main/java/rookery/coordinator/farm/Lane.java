package rookery.coordinator.farm;

/// Ready steps that compete with others in the same way: one priority, one project, one demand.
///
/// @param priority higher goes first
record Lane(int priority, String project, Demand demand) implements Comparable<Lane> {
    @Override
    public int compareTo(Lane other) {
        int highestFirst = Integer.compare(other.priority, priority);
        if (highestFirst != 0) return highestFirst;
        int byProject = project.compareTo(other.project);
        return byProject != 0 ? byProject : demand.compareTo(other.demand);
    }
}
