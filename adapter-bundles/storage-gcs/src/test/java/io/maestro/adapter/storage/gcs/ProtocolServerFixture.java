package io.maestro.adapter.storage.gcs;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.storage.StorageFixture;
import io.maestro.testing.peers.GcsProtocolServer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** This adapter and the protocol server; a new bucket and a new account for each place. */
final class ProtocolServerFixture implements StorageFixture {
    private final GcsProtocolServer server;

    ProtocolServerFixture(GcsProtocolServer server) {
        this.server = server;
    }

    @Override
    public AdapterFactory factory() {
        return new StorageGcsComponent();
    }

    @Override
    public Map<String, ?> emptyPlace() throws Exception {
        String bucket = "b-" + UUID.randomUUID();
        server.createBucket(bucket);
        return Map.of(
                "endpoint",
                server.endpoint().toString(),
                "tokenEndpoint",
                server.tokenEndpoint().toString(),
                "bucket",
                bucket,
                "serviceAccountKey",
                server.account());
    }

    @Override
    public Set<Offer> offers() {
        return Set.of(Offer.SIGNED_URLS, Offer.ATOMIC_CONDITIONS, Offer.BACKSLASHES);
    }

    @Override
    public URI system(Map<String, ?> place) {
        return server.endpoint();
    }

    @Override
    public Map<String, ?> elsewhere(Map<String, ?> place, URI address) {
        return with(with(place, "endpoint", address.toString()), "tokenEndpoint", address + "/token");
    }

    /** Tokens come by the straight way: what is signed for them names the address that they are asked of. */
    @Override
    public Map<String, ?> by(Map<String, ?> place, URI way) {
        return with(place, "endpoint", way.toString());
    }

    @Override
    public Map<String, ?> wrongCredentials(Map<String, ?> place) {
        return with(place, "serviceAccountKey", account("unknown"));
    }

    @Override
    public Map<String, ?> containerMissing(Map<String, ?> place) {
        return with(place, "bucket", "no-such-bucket");
    }

    /** Another digest than that of the bytes, which stay; so their checksums are right. */
    @Override
    public boolean spoil(Map<String, ?> place, Path folder, String key) {
        TestAdapterContext context = new TestAdapterContext(folder, place);
        GcsConfiguration configuration = context.configuration(GcsConfiguration.class);
        Bucket bucket = Bucket.of(configuration);
        Account account = new Account(ServiceAccountKey.parse(configuration.serviceAccountKey()));
        Transport transport = new Transport(context.http(), context.clock());
        AccessTokens tokens =
                new AccessTokens(transport, account, AccessTokens.endpoint(configuration), context.clock());
        new Connection(transport, tokens)
                .send(
                        GcsRequest.of(
                                        "PATCH",
                                        bucket.endpoint() + bucket.objectPath(bucket.object(key)),
                                        GcsRequest.Subject.OBJECT)
                                .header("Content-Type", "application/json; charset=UTF-8")
                                .body(List.of(JsonObject.write(
                                        Map.of("metadata", Map.of(GcsObject.SHA256, "0".repeat(64)))))),
                        context.clock().instant().plusSeconds(60));
        context.close();
        return true;
    }

    /** The key file of a new account with this role. */
    String account(String role) {
        try {
            return server.account(role);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    static Map<String, ?> with(Map<String, ?> place, String name, Object value) {
        Map<String, Object> changed = new HashMap<>(place);
        changed.put(name, value);
        return changed;
    }
}
