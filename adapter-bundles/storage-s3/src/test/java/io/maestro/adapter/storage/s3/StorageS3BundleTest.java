package io.maestro.adapter.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ListObjects;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.adapter.spi.storage.SignUrl;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.testing.bundle.AdapterBundleContract;
import io.maestro.testing.bundle.OnlyTheBundle;
import io.maestro.testing.peers.S3Proxy;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StorageS3BundleTest extends AdapterBundleContract {
    @Test
    void worksWithNothingButWhatTheBundleCarries(@TempDir Path folder) throws Exception {
        try (S3Proxy server = S3Proxy.start(folder);
                OnlyTheBundle bundle = new OnlyTheBundle(CONTENT);
                TestAdapterContext context = new TestAdapterContext(
                        folder,
                        Map.of(
                                "endpoint",
                                server.endpoint().toString(),
                                "bucket",
                                "bundle",
                                "accessKeyId",
                                S3Proxy.ACCESS_KEY_ID,
                                "secretAccessKey",
                                S3Proxy.SECRET_ACCESS_KEY))) {
            server.createBucket("bundle");
            Class<?> component = bundle.loadClass(StorageS3Component.class.getName());
            assertThat(component).isNotSameAs(StorageS3Component.class);
            AdapterFactory factory = (AdapterFactory) component.getConstructor().newInstance();
            CallContext call = new CallContext("test", Instant.now().plusSeconds(60), null);
            byte[] bytes = "carried".getBytes(UTF_8);
            try (ObjectStorage storage = (ObjectStorage) factory.open(context)) {
                assertThat(storage.health()).isEqualTo(new Health.Up());
                storage.putObject(
                        call,
                        PutObject.of("key"),
                        new Content(new ByteArrayInputStream(bytes), OptionalLong.of(bytes.length)));
                try (OpenObject object = storage.getObject(call, new GetObject("key"))) {
                    assertThat(object.content().readAllBytes()).isEqualTo(bytes);
                }
                assertThat(storage.list(call, new ListObjects(null, null, null)).objects())
                        .hasSize(1);
                assertThat(storage.signedUrl(call, new SignUrl("key", SignUrl.Access.READ, 60))
                                .url()
                                .toString())
                        .contains("X-Amz-Signature=");
            }
        }
    }
}
