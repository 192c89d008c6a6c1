package io.maestro.identity;

import io.maestro.api.identity.Access.Origin;
import io.maestro.api.identity.Principal;
import io.maestro.model.Digest;
import io.maestro.model.ProblemException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Tells who presents a token that an identity provider signed. Its unchecked claims only tell whom to ask. Where several
 * trust the same issuer for the same audience, the installation counts first, then the tenant whose path is asked for, then
 * the one that did so first: nobody can take over the people of others by naming their provider too.
 */
final class ProviderTokens {
    private static final Pattern OF_TENANT = Pattern.compile("/api/tenants/([a-z0-9-]{1,63})(?:/.*)?");

    private final ProviderIndex index;

    ProviderTokens(ProviderIndex index) {
        this.index = index;
    }

    /**
     * Empty when no provider vouches for the token.
     *
     * @throws ProblemException when none does, and one of those that might cannot be asked now; or when the installation's
     *     cannot
     */
    Optional<Principal> authenticate(JwtHead head, String token, Origin origin) {
        String asked = tenant(origin.resource());
        List<ProviderDesk> candidates = index.ofIssuer(head.issuer()).stream()
                .filter(desk -> desk.concerns(head))
                .sorted(Comparator.comparing((ProviderDesk desk) -> tenant(desk) != null)
                        .thenComparing(desk -> !Objects.equals(asked, tenant(desk))))
                .toList();
        if (candidates.isEmpty()) {
            return Optional.empty();
        }
        String hash = Digest.sha256(token).hex();
        ProblemException unavailable = null;
        for (ProviderDesk desk : candidates) {
            try {
                Optional<Principal> principal = desk.authenticate(head, hash, token, origin.correlationId());
                if (principal.isPresent()) {
                    return principal;
                }
            } catch (ProblemException e) {
                // it counts first, also while it cannot say who somebody is: no tenant may say so in its stead
                if (desk.provider().tenant() == null) {
                    throw e;
                }
                unavailable = e;
            }
        }
        if (unavailable != null) {
            throw unavailable;
        }
        return Optional.empty();
    }

    private static @Nullable String tenant(ProviderDesk desk) {
        return desk.provider().tenant() == null
                ? null
                : desk.provider().tenant().value();
    }

    private static @Nullable String tenant(String path) {
        Matcher matcher = OF_TENANT.matcher(path);
        return matcher.matches() ? matcher.group(1) : null;
    }
}
