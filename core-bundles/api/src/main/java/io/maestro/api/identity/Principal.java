package io.maestro.api.identity;

import io.maestro.model.Environment;
import io.maestro.model.TenantId;
import java.time.Instant;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * An authenticated person or program.
 *
 * @param id stable and unique, for logs and receipts; for a token {@code token:ID}, for somebody whom an identity provider
 *     knows {@code user:PROVIDER/SUBJECT}
 * @param name what people call it
 * @param roles what it may do; in the order of {@link Role}; without any it may only ask who it is
 * @param attributes for decisions by attributes; bounded by who gives them
 * @param tenant the one tenant it is confined to; null only for roles of the installation
 * @param environment the one environment it is confined to; null for all of the tenant
 * @param expiresAt until when this holds; null when nobody said
 */
public record Principal(
        String id,
        String name,
        Set<Role> roles,
        Map<String, List<String>> attributes,
        @Nullable TenantId tenant,
        @Nullable Environment environment,
        @Nullable Instant expiresAt) {
    /** A role within a tenant needs the tenant, and one of the installation has none; an environment needs a tenant too. */
    public Principal {
        for (Role role : roles) {
            if (tenant == null ? !role.ofInstallation() : !role.withinTenant()) {
                throw new IllegalArgumentException("the role " + role + " does not fit the tenant " + tenant);
            }
        }
        if (environment != null && tenant == null) {
            throw new IllegalArgumentException("an environment is one of a tenant");
        }
        roles = ordered(roles);
        attributes = attributes.entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
    }

    /** A principal with one role and no attributes. */
    public static Principal of(
            String id, String name, Role role, @Nullable TenantId tenant, @Nullable Environment environment) {
        return new Principal(id, name, Set.of(role), Map.of(), tenant, environment, null);
    }

    /** The same roles, in the order in which they are declared, unchangeable. */
    static Set<Role> ordered(Set<Role> roles) {
        return roles.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(roles));
    }
}
