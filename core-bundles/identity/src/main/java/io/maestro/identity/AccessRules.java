package io.maestro.identity;

import io.maestro.api.identity.Action;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Who may do what. Pure: the same question has the same answer, and nothing is looked up. */
final class AccessRules {
    private AccessRules() {}

    /** The rule that stands against it; empty when the principal may. */
    static Optional<Rule> against(
            Principal principal, Action action, @Nullable TenantId tenant, @Nullable Environment environment) {
        boolean platformAdmin = principal.role() == Role.PLATFORM_ADMIN && principal.tenant() == null;
        return switch (action) {
            case PLATFORM_READ -> Optional.empty();
            case PLATFORM_WRITE, PLATFORM_AUDIT -> platformAdmin ? Optional.empty() : Optional.of(Rule.ROLE);
            case TENANT_READ, TENANT_CALL ->
                platformAdmin ? Optional.empty() : boundary(principal, tenant, environment);
            case TENANT_WRITE ->
                platformAdmin
                        ? Optional.empty()
                        : boundary(principal, tenant, environment).or(() -> adminOnly(principal));
        };
    }

    /** The rule that stands against making such a token: nobody hands out more than they have. */
    static Optional<Rule> againstToken(
            Principal creator, Role role, @Nullable TenantId tenant, @Nullable Environment environment) {
        return against(creator, Action.TENANT_WRITE, tenant, environment)
                .or(() -> role.compareTo(creator.role()) < 0 ? Optional.of(Rule.ROLE) : Optional.empty());
    }

    private static Optional<Rule> boundary(
            Principal principal, @Nullable TenantId tenant, @Nullable Environment environment) {
        TenantId home = principal.tenant();
        if (home == null || !home.equals(tenant)) {
            return Optional.of(Rule.TENANT_BOUNDARY);
        }
        Environment stage = principal.environment();
        return stage == null || stage.equals(environment) ? Optional.empty() : Optional.of(Rule.ENVIRONMENT_BOUNDARY);
    }

    private static Optional<Rule> adminOnly(Principal principal) {
        return principal.role() == Role.TENANT_DEVELOPER ? Optional.of(Rule.ROLE) : Optional.empty();
    }
}
