package rookery.agent.recipe;

/// One command of a step, in order; a later one runs only if the earlier ones ended well.
///
/// @param phase what people read while it runs
public record Stage(String phase, SandboxCommand command) {}
