package io.maestro.api.identity;

import static io.maestro.api.identity.Role.AUDITOR;
import static io.maestro.api.identity.Role.PLATFORM_ADMIN;
import static io.maestro.api.identity.Role.PUBLISHER;
import static io.maestro.api.identity.Role.REVIEWER;
import static io.maestro.api.identity.Role.SERVICE;
import static io.maestro.api.identity.Role.TENANT_ADMIN;
import static io.maestro.api.identity.Role.TENANT_DEVELOPER;

import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who may do what. Pure: the same question has the same answer, and nothing is looked up. {@link Access} asks it for every
 * request; it stands here so that what is shown of rights, in documents and to people, is read from the same table.
 */
public final class AccessRules {
    private AccessRules() {}

    /** The table: which roles may. */
    public static Set<Role> mayDo(Action action) {
        return switch (action) {
            case SELF, PLATFORM_READ, LIVE_READ -> EnumSet.allOf(Role.class);
            case PLATFORM_WRITE -> EnumSet.of(PLATFORM_ADMIN);
            case PLATFORM_AUDIT -> EnumSet.of(PLATFORM_ADMIN, AUDITOR);
            case TENANT_LIST -> EnumSet.of(PLATFORM_ADMIN, TENANT_ADMIN, TENANT_DEVELOPER, AUDITOR, SERVICE);
            case ARTIFACT_SUBMIT -> EnumSet.of(PLATFORM_ADMIN, PUBLISHER);
            case QUARANTINE_READ -> EnumSet.of(PLATFORM_ADMIN, PUBLISHER, REVIEWER, AUDITOR);
            case TENANT_READ -> EnumSet.of(PLATFORM_ADMIN, TENANT_ADMIN, TENANT_DEVELOPER, AUDITOR, SERVICE);
            case TENANT_CALL -> EnumSet.of(PLATFORM_ADMIN, TENANT_ADMIN, TENANT_DEVELOPER, SERVICE);
            case TENANT_WRITE -> EnumSet.of(PLATFORM_ADMIN, TENANT_ADMIN);
            case TENANT_AUDIT -> EnumSet.of(PLATFORM_ADMIN, TENANT_ADMIN, AUDITOR);
            case APPROVAL_READ -> EnumSet.of(PLATFORM_ADMIN, TENANT_ADMIN, REVIEWER, AUDITOR);
            case APPROVAL_DECIDE -> EnumSet.of(PLATFORM_ADMIN, TENANT_ADMIN, REVIEWER);
        };
    }

    /** How far the rights of a role go. */
    private enum Reach {
        /** Whoever has the role, wherever it is confined to. */
        ANYBODY,
        /** Nobody who is confined to a tenant. */
        INSTALLATION,
        /** Everywhere for a principal of the installation; for others only their tenant, or their environment of it. */
        HOME
    }

    private static Reach reach(Action action) {
        return switch (action) {
            case SELF, PLATFORM_READ, LIVE_READ, TENANT_LIST, APPROVAL_READ, APPROVAL_DECIDE -> Reach.ANYBODY;
            case PLATFORM_WRITE, PLATFORM_AUDIT, ARTIFACT_SUBMIT, QUARANTINE_READ -> Reach.INSTALLATION;
            case TENANT_READ, TENANT_CALL, TENANT_WRITE, TENANT_AUDIT -> Reach.HOME;
        };
    }

    /** The rule that stands against it; empty when the principal may. */
    public static Optional<Rule> against(
            Principal principal, Action action, @Nullable TenantId tenant, @Nullable Environment environment) {
        TenantId home = principal.tenant();
        Optional<Rule> boundary = switch (reach(action)) {
            case ANYBODY -> Optional.empty();
            case INSTALLATION -> home == null ? Optional.empty() : Optional.of(Rule.ROLE);
            case HOME -> home == null ? Optional.empty() : boundary(home, principal.environment(), tenant, environment);
        };
        boolean able = action == Action.SELF || !Collections.disjoint(principal.roles(), mayDo(action));
        return boundary.or(() -> able ? Optional.empty() : Optional.of(Rule.ROLE));
    }

    /** The rule that stands against giving these roles there: nobody hands out more than they have. */
    public static Optional<Rule> againstGrant(
            Principal creator, Set<Role> roles, @Nullable TenantId tenant, @Nullable Environment environment) {
        return against(creator, Action.TENANT_WRITE, tenant, environment)
                .or(() -> roles.stream().allMatch(role -> covers(creator, role, tenant, environment))
                        ? Optional.empty()
                        : Optional.of(Rule.ROLE));
    }

    /** Whether the creator may all that the role may, where it would. */
    private static boolean covers(
            Principal creator, Role role, @Nullable TenantId tenant, @Nullable Environment environment) {
        for (Action action : Action.values()) {
            boolean lost = tenant != null && role.withinTenant() && reach(action) == Reach.INSTALLATION;
            if (!lost
                    && mayDo(action).contains(role)
                    && against(creator, action, tenant, environment).isPresent()) {
                return false;
            }
        }
        return true;
    }

    private static Optional<Rule> boundary(
            TenantId home, @Nullable Environment stage, @Nullable TenantId tenant, @Nullable Environment environment) {
        if (!home.equals(tenant)) {
            return Optional.of(Rule.TENANT_BOUNDARY);
        }
        return stage == null || stage.equals(environment) ? Optional.empty() : Optional.of(Rule.ENVIRONMENT_BOUNDARY);
    }
}
