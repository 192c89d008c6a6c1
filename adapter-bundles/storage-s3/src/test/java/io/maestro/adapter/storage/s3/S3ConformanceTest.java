package io.maestro.adapter.storage.s3;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.Content;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.conformance.storage.StorageFixture;
import io.maestro.conformance.storage.StorageKit;
import io.maestro.testing.peers.S3Proxy;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** The kit, against S3Proxy. */
final class S3ConformanceTest extends StorageKit {
    private static S3Proxy server;
    private static int buckets;

    @BeforeAll
    static void startServer(@TempDir Path folder) throws Exception {
        server = S3Proxy.start(folder);
    }

    @AfterAll
    static void stopServer() {
        server.close();
    }

    @Override
    protected StorageFixture fixture() {
        return new S3ProxyFixture();
    }

    private static final class S3ProxyFixture implements StorageFixture {
        @Override
        public AdapterFactory factory() {
            return new StorageS3Component();
        }

        @Override
        public Map<String, ?> emptyPlace() throws IOException {
            String bucket = "bucket-" + buckets++;
            server.createBucket(bucket);
            return Map.of(
                    "endpoint",
                    server.endpoint().toString(),
                    "bucket",
                    bucket,
                    "accessKeyId",
                    S3Proxy.ACCESS_KEY_ID,
                    "secretAccessKey",
                    S3Proxy.SECRET_ACCESS_KEY);
        }

        /** Without atomic conditions: S3 has them, but S3Proxy looks first and stores then, and several puts may win. */
        @Override
        public Set<Offer> offers() {
            return Set.of(Offer.SIGNED_URLS, Offer.BACKSLASHES);
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
            return with(place, "secretAccessKey", "a-wrong-secret-of-tests");
        }

        @Override
        public Map<String, ?> containerMissing(Map<String, ?> place) {
            return with(place, "bucket", "no-such-bucket");
        }

        /** Other bytes of the same length, under the digest of those that were stored. */
        @Override
        public boolean spoil(Map<String, ?> place, Path folder, String key) {
            TestAdapterContext context = new TestAdapterContext(folder, place);
            Bucket bucket = Bucket.of(context.configuration(S3Configuration.class));
            Connection connection =
                    new Connection(context.http(), new Signer(bucket, context.clock()), context.clock());
            Instant deadline = context.clock().instant().plusSeconds(60);
            String digest = S3Storage.METADATA + S3Storage.SHA256;
            Connection.Answer head = connection.head(S3Request.of("HEAD", bucket.full(key)), deadline);
            byte[] other = new byte
                    [(int) head.headers().firstValueAsLong("Content-Length").orElseThrow()];
            connection.upload(
                    S3Request.of("PUT", bucket.full(key))
                            .header("Content-Type", "text/plain")
                            .header(digest, head.headers().firstValue(digest).orElseThrow()),
                    new Source(new Content(new ByteArrayInputStream(other), OptionalLong.of(other.length))),
                    other.length,
                    deadline);
            context.close();
            return true;
        }

        private static Map<String, ?> with(Map<String, ?> place, String name, String value) {
            Map<String, Object> changed = new HashMap<>(place);
            changed.put(name, value);
            return changed;
        }
    }
}
