package io.maestro.identity;

import io.maestro.api.identity.IdentityProviders.IdentityProvider;
import io.maestro.api.identity.Principal;
import io.maestro.api.identity.Role;
import io.maestro.identity.Memberships.Membership;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.ProviderName;
import io.maestro.model.TenantId;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes a principal of somebody whom a provider vouches for, with no more than the provider may grant. */
final class Vouching {
    private static final int LONGEST_ID = 200;
    private static final String HASHED = "sha256:";

    private final Memberships memberships;

    Vouching(Memberships memberships) {
        this.memberships = memberships;
    }

    /** The id of somebody: readable when the subject is, and always bounded. */
    static String id(ProviderName provider, String subject) {
        String prefix = "user:" + provider + "/";
        boolean readable = prefix.length() + subject.length() <= LONGEST_ID
                && !subject.startsWith(HASHED)
                && subject.chars().allMatch(c -> c > ' ' && c < 127);
        return prefix + (readable ? subject : HASHED + Digest.sha256(subject).hex());
    }

    /** The roles among those words that the provider may grant. */
    static Set<Role> granted(IdentityProvider provider, Collection<String> words) {
        Set<Role> granted = EnumSet.noneOf(Role.class);
        Arrays.stream(Role.values())
                .filter(role -> words.contains(role.name().toLowerCase(Locale.ROOT)))
                .filter(role -> provider.settings().roles().contains(role))
                .filter(role -> provider.tenant() == null ? role.ofInstallation() : role.withinTenant())
                .forEach(granted::add);
        return granted;
    }

    /**
     * The principal, with what its tenant says of it as of now.
     *
     * @param granted what the provider grants; if that is nothing, a membership of one environment confines the principal
     */
    Principal principal(
            @Nullable TenantId tenant,
            String id,
            String name,
            Set<Role> granted,
            Map<String, List<String>> attributes,
            Instant expiresAt) {
        Set<Role> roles = EnumSet.noneOf(Role.class);
        roles.addAll(granted);
        Environment environment = null;
        Optional<Membership> member = tenant == null ? Optional.empty() : memberships.of(tenant, id);
        if (member.isPresent()) {
            Membership membership = member.get();
            boolean everywhere = membership.environment() == null;
            if (everywhere || granted.isEmpty()) {
                membership.roles().stream().filter(Role::withinTenant).forEach(roles::add);
                environment = membership.environment();
            }
        }
        return new Principal(id, name, roles, attributes, tenant, environment, expiresAt);
    }
}
