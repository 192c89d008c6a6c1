package io.maestro.conformance.run;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.conformance.storage.StorageFixture;
import java.net.URI;
import java.net.URL;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A packed adapter and the storage that a file describes. */
final class DescribedStorage implements StorageFixture {
    private final PackedAdapter adapter;
    private final StoragePeer peer;

    DescribedStorage(PackedAdapter adapter, StoragePeer peer) {
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
    public Map<String, ?> emptyPlace() {
        return peer.emptyPlace("kit-" + UUID.randomUUID());
    }

    @Override
    public Set<Offer> offers() {
        return peer.offers();
    }

    @Override
    public @Nullable Map<String, ?> elsewhere(Map<String, ?> place, URI address) {
        return peer.address() == null ? null : with(place, Map.of(peer.address(), address.toString()));
    }

    /** Null when it speaks TLS: then faults on the way cannot be made. */
    @Override
    public @Nullable URI system(Map<String, ?> place) {
        if (peer.address() == null) {
            return null;
        }
        URI system = URI.create(String.valueOf(place.get(peer.address())));
        return "http".equals(system.getScheme()) && system.getPort() > 0 ? system : null;
    }

    @Override
    public @Nullable Map<String, ?> wrongCredentials(Map<String, ?> place) {
        return peer.wrongCredentials() == null ? null : with(place, peer.wrongCredentials());
    }

    @Override
    public @Nullable Map<String, ?> containerMissing(Map<String, ?> place) {
        return peer.containerMissing() == null ? null : with(place, peer.containerMissing());
    }

    @Override
    public Map<String, String> headersOfSignedWrite() {
        return peer.headersOfSignedWrite();
    }

    private static Map<String, ?> with(Map<String, ?> place, Map<String, ?> other) {
        Map<String, Object> changed = new HashMap<>(place);
        changed.putAll(other);
        return changed;
    }
}
