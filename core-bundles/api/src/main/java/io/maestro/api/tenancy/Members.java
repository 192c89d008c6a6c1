package io.maestro.api.tenancy;

import io.maestro.api.identity.Role;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Who belongs to a tenant, and as what. Blocks on the database; any thread. */
@ProviderType
public interface Members {
    /**
     * What the principal is within the tenant; empty when it is no member, or the tenant is leaving. One look-up by key, not
     * cached: a member that was removed is none from the next call on.
     */
    Optional<Member> member(TenantId tenant, String principal);

    /** The members by principal, or {@link TenancyProblem#TENANT_UNKNOWN}. */
    Page<Member> members(TenantId tenant, PageRequest page);

    /**
     * Makes the principal a member, or changes what it is.
     *
     * @param expected what must be so for the change to happen, else {@code revision-changed}
     * @throws io.maestro.model.ProblemException {@code invalid-request} when the grant breaks a rule, {@link
     *     TenancyProblem#TENANT_UNKNOWN}, {@link TenancyProblem#ENVIRONMENT_UNKNOWN}, {@link TenancyProblem#TENANT_LEAVING}
     */
    Member put(TenantId tenant, String principal, Grant grant, Expected expected, Actor actor);

    /** Ends the membership; {@link TenancyProblem#MEMBER_UNKNOWN}. */
    void remove(TenantId tenant, String principal, @Nullable Long revision, Actor actor);

    /**
     * What a change would change; writes nothing, and fails as the change would.
     *
     * @param grant what the principal would be; null when its membership would end
     * @return what it is now; empty when it is no member
     */
    Optional<Member> before(TenantId tenant, String principal, @Nullable Grant grant, Expected expected);

    /** What must be so for a change to happen. */
    sealed interface Expected {
        /** Nothing in particular. */
        record Anything() implements Expected {}

        /** The principal is no member yet. */
        record Absence() implements Expected {}

        /** The membership has this revision. */
        record Revision(long value) implements Expected {}
    }

    /**
     * What a member is.
     *
     * @param displayName what people call it
     * @param roles those that there are within a tenant, in the order of {@link Role}
     * @param environment the one environment that it is confined to; null for all
     */
    record Grant(
            String displayName, Set<Role> roles, @Nullable Environment environment) {
        /** Copies the set. */
        public Grant {
            roles = roles.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(roles));
        }
    }

    /**
     * A member.
     *
     * @param principal its id, as the identity engine makes it
     * @param revision goes up with each change
     */
    record Member(
            TenantId tenant, String principal, Grant grant, long revision, Instant createdAt, Instant updatedAt) {}
}
