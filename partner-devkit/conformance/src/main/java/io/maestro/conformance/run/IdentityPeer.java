package io.maestro.conformance.run;

import io.maestro.conformance.identity.IdentityFixture.Offer;
import io.maestro.conformance.identity.Registration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How an adapter of the type {@code identity} is told of the kit's own provider, as a file describes it; see {@code
 * docs/reference/adapter-test.md}.
 *
 * @param name what people call it; goes into the result
 * @param offers what the adapter has of what is optional
 * @param configuration of an instance; {@code {issuer}}, {@code {clientId}}, {@code {clientSecret}} and {@code {audience}} in
 *     its texts are those of the provider
 * @param forPrograms what to replace in it for an instance at which nobody logs in; null when there is no such thing
 */
record IdentityPeer(
        String name,
        Set<Offer> offers,
        Map<String, Object> configuration,
        @Nullable Map<String, Object> forPrograms) {
    @SuppressWarnings("NullAway") // what is left out of a file is null here only
    IdentityPeer {
        name = Objects.requireNonNullElse(name, "the kit's own provider");
        offers = offers == null ? Set.of() : Set.copyOf(offers);
        configuration = configuration == null ? Map.of() : Map.copyOf(configuration);
    }

    /** The configuration of an instance that is registered so. */
    Map<String, ?> of(Registration registration) {
        return PeerFile.changed(
                configuration,
                text -> text.replace("{issuer}", registration.issuer())
                        .replace("{clientId}", registration.clientId())
                        .replace("{clientSecret}", registration.clientSecret())
                        .replace("{audience}", registration.audience()));
    }

    /** The same for programs; null when there is no such thing. */
    @Nullable
    Map<String, ?> forPrograms(Registration registration) {
        if (forPrograms == null) {
            return null;
        }
        Map<String, Object> all = new HashMap<>(of(registration));
        all.putAll(forPrograms);
        return all;
    }
}
