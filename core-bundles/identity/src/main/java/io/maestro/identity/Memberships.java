package io.maestro.identity;

import io.maestro.api.identity.Role;
import io.maestro.api.tenancy.Members;
import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a tenant says itself of somebody, whatever the identity provider says. Blocks on the database. */
@FunctionalInterface
interface Memberships {
    /** What the principal is within the tenant; empty when it is no member. */
    Optional<Membership> of(TenantId tenant, String principal);

    /** As the tenancy knows them. */
    static Memberships from(Members members) {
        return (tenant, principal) -> members.member(tenant, principal)
                .map(member ->
                        new Membership(member.grant().roles(), member.grant().environment()));
    }

    /**
     * What a member is.
     *
     * @param roles within the tenant
     * @param environment the one environment that it is confined to; null for all
     */
    record Membership(Set<Role> roles, @Nullable Environment environment) {}
}
