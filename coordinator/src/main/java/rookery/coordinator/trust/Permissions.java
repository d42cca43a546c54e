package rookery.coordinator.trust;

import io.grpc.MethodDescriptor;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import rookery.access.Role;
import rookery.v1.AdminGrpc;
import rookery.v1.AgentsGrpc;
import rookery.v1.EnrolmentGrpc;
import rookery.v1.JobsGrpc;
import rookery.v1.TokensGrpc;

/// Which role may call what. A method that has no row is nobody's. The table in docs/trust.md is
/// held against this one, and both against every method that there is.
final class Permissions {
    /// @param anybody whether no certificate is needed
    record Rule(boolean anybody, Set<Role> roles) {}

    private static final Role[] NOBODY = {};
    private static final Role[] PEOPLE = {Role.SUBMITTER, Role.VIEWER, Role.ADMIN};
    private static final Role[] BUILDERS = {Role.SUBMITTER, Role.ADMIN};
    private static final Role[] EVERY_ROLE = Role.values();

    private static final Map<String, Rule> TABLE = table();

    private Permissions() {}

    private static Map<String, Rule> table() {
        var rows = new TreeMap<String, Rule>();
        anybody(rows, EnrolmentGrpc.getJoinMethod());
        anybody(rows, HealthGrpc.getCheckMethod());
        anybody(rows, HealthGrpc.getWatchMethod());
        roles(rows, EVERY_ROLE, ServerReflectionGrpc.getServerReflectionInfoMethod());
        roles(rows, EVERY_ROLE, EnrolmentGrpc.getRenewMethod());
        roles(rows, EVERY_ROLE, AdminGrpc.getWhoAmIMethod());

        roles(rows, new Role[] {Role.AGENT}, AgentsGrpc.getSyncMethod());
        roles(rows, new Role[] {Role.AGENT}, AgentsGrpc.getAppendLogMethod());

        roles(rows, PEOPLE, JobsGrpc.getValidateMethod());
        roles(rows, PEOPLE, JobsGrpc.getGetMethod());
        roles(rows, PEOPLE, JobsGrpc.getListMethod());
        roles(rows, PEOPLE, JobsGrpc.getWatchMethod());
        roles(rows, PEOPLE, JobsGrpc.getReadLogMethod());
        roles(rows, PEOPLE, JobsGrpc.getWhyMethod());
        roles(rows, BUILDERS, JobsGrpc.getSubmitMethod());
        roles(rows, BUILDERS, JobsGrpc.getCancelMethod());
        roles(rows, BUILDERS, JobsGrpc.getRetryMethod());

        roles(rows, PEOPLE, AdminGrpc.getListAgentsMethod());
        roles(rows, new Role[] {Role.ADMIN}, AdminGrpc.getRuleMethod());
        for (var method :
                List.<MethodDescriptor<?, ?>>of(
                        TokensGrpc.getCreateMethod(),
                        TokensGrpc.getListMethod(),
                        TokensGrpc.getListCertificatesMethod(),
                        TokensGrpc.getRevokeMethod())) {
            roles(rows, new Role[] {Role.ADMIN}, method);
        }
        return Collections.unmodifiableMap(rows);
    }

    private static void anybody(Map<String, Rule> rows, MethodDescriptor<?, ?> method) {
        put(rows, method, new Rule(true, roles(NOBODY)));
    }

    private static void roles(Map<String, Rule> rows, Role[] roles, MethodDescriptor<?, ?> method) {
        put(rows, method, new Rule(false, roles(roles)));
    }

    private static Set<Role> roles(Role... roles) {
        var set = EnumSet.noneOf(Role.class);
        Collections.addAll(set, roles);
        return Collections.unmodifiableSet(set);
    }

    private static void put(Map<String, Rule> rows, MethodDescriptor<?, ?> method, Rule rule) {
        if (rows.put(method.getFullMethodName(), rule) != null)
            throw new IllegalStateException(method.getFullMethodName() + " has two rows");
    }

    /// Empty for a method that nobody may call.
    static Optional<Rule> of(String fullMethodName) {
        return Optional.ofNullable(TABLE.get(fullMethodName));
    }

    static Set<String> methods() {
        return TABLE.keySet();
    }
}
