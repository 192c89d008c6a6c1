package io.maestro.adapter.storage.azure;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.storage.StorageFixture;
import io.maestro.testing.peers.Azurite;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/** This adapter and Azurite; a new container for each place. */
final class AzuriteFixture implements StorageFixture {
    private final Azurite server;

    AzuriteFixture(Azurite server) {
        this.server = server;
    }

    @Override
    public AdapterFactory factory() {
        return new StorageAzureComponent();
    }

    @Override
    public Map<String, ?> emptyPlace() throws Exception {
        String container = "c-" + UUID.randomUUID();
        server.createContainer(container);
        return Map.of(
                "endpoint",
                server.endpoint().toString(),
                "account",
                Azurite.ACCOUNT,
                "accountKey",
                Azurite.ACCOUNT_KEY,
                "container",
                container,
                "accountInPath",
                true);
    }

    @Override
    public Set<Offer> offers() {
        return Set.of(Offer.SIGNED_URLS, Offer.ATOMIC_CONDITIONS);
    }

    @Override
    public URI system(Map<String, ?> place) {
        return server.endpoint();
    }

    @Override
    public Map<String, ?> elsewhere(Map<String, ?> place, URI address) {
        return with(place, "endpoint", address.toString());
    }

    @Override
    public Map<String, ?> wrongCredentials(Map<String, ?> place) {
        return with(place, "accountKey", Base64.getEncoder().encodeToString(new byte[64]));
    }

    @Override
    public Map<String, ?> containerMissing(Map<String, ?> place) {
        return with(place, "container", "no-such-container");
    }

    /** Other bytes of the same length, under the digest of those that were stored; their MD5 is right. */
    @Override
    public boolean spoil(Map<String, ?> place, Path folder, String key) {
        TestAdapterContext context = new TestAdapterContext(folder, place);
        AzureConfiguration configuration = context.configuration(AzureConfiguration.class);
        Container container = Container.of(configuration);
        Connection connection = new Connection(
                context.http(), container, new SharedKey(container, configuration.accountKey()), context.clock());
        Instant deadline = context.clock().instant().plusSeconds(60);
        String digest = MetadataNames.PREFIX + MetadataNames.encode(AzureStorage.SHA256);
        Connection.Answer head = connection.send(BlobRequest.of("HEAD", container.blob(key)), deadline);
        byte[] other =
                new byte[(int) head.headers().firstValueAsLong("Content-Length").orElseThrow()];
        connection.send(
                BlobRequest.of("PUT", container.blob(key))
                        .header("x-ms-blob-type", "BlockBlob")
                        .header(digest, head.headers().firstValue(digest).orElseThrow()),
                List.of(other),
                other.length,
                deadline);
        context.close();
        return true;
    }

    /** Azure wants to be told what kind of blob it is. */
    @Override
    public Map<String, String> headersOfSignedWrite() {
        return Map.of("x-ms-blob-type", "BlockBlob");
    }

    static Map<String, ?> with(Map<String, ?> place, String name, Object value) {
        Map<String, Object> changed = new HashMap<>(place);
        changed.put(name, value);
        return changed;
    }
}
