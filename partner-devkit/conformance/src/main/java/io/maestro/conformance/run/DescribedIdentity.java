package io.maestro.conformance.run;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.conformance.identity.IdentityFixture;
import io.maestro.conformance.identity.Registration;
import java.net.URL;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A packed adapter over the kit's own provider, told of it as a file describes. */
final class DescribedIdentity implements IdentityFixture {
    private final PackedAdapter adapter;
    private final IdentityPeer peer;

    DescribedIdentity(PackedAdapter adapter, IdentityPeer peer) {
        this.adapter = adapter;
        this.peer = peer;
    }

    @Override
    public AdapterFactory factory() {
        return adapter.factory();
    }

    @Override
    public URL manifest() {
        return adapter.manifestAddress();
    }

    @Override
    public Map<String, ?> configuration(Registration registration) {
        return peer.of(registration);
    }

    @Override
    public Set<Offer> offers() {
        return peer.offers();
    }

    @Override
    public @Nullable Map<String, ?> forPrograms(Registration registration) {
        return peer.forPrograms(registration);
    }
}
