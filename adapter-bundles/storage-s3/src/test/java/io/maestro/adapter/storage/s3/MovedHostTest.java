package io.maestro.adapter.storage.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.CallContext;
import io.maestro.adapter.spi.Content;
import io.maestro.adapter.spi.storage.GetObject;
import io.maestro.adapter.spi.storage.ObjectStorage;
import io.maestro.adapter.spi.storage.OpenObject;
import io.maestro.adapter.spi.storage.PutObject;
import io.maestro.conformance.FaultyProxy;
import io.maestro.conformance.TestAdapterContext;
import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemException;
import io.maestro.testing.peers.S3Proxy;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store moves to another address while its name stays. */
final class MovedHostTest {
    private static final String NAME = "store" + TestNames.DOMAIN;

    /** A JVM keeps what a name led to for half a minute, unless it is told otherwise. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    @TempDir
    private Path folder;

    @Test
    void instanceFollowsTheNameOfItsStoreToAnotherAddress() throws Exception {
        InetAddress before = InetAddress.ofLiteral("127.0.0.1");
        InetAddress after = InetAddress.ofLiteral("127.0.0.2");
        try (S3Proxy server = S3Proxy.start(folder)) {
            server.createBucket("moving");
            FaultyProxy first = FaultyProxy.to(server.endpoint());
            int port = first.address().getPort();
            TestNames.lead(NAME, before);
            Map<String, ?> place = Map.of(
                    "endpoint",
                    "http://" + NAME + ":" + port,
                    "bucket",
                    "moving",
                    "accessKeyId",
                    S3Proxy.ACCESS_KEY_ID,
                    "secretAccessKey",
                    S3Proxy.SECRET_ACCESS_KEY);
            try (TestAdapterContext context = new TestAdapterContext(folder, place)) {
                ObjectStorage storage = (ObjectStorage) new StorageS3Component().open(context);
                var _ = storage.putObject(
                        call(),
                        PutObject.of("key"),
                        new Content(new ByteArrayInputStream("kept".getBytes(UTF_8)), OptionalLong.of(4)));
                first.close();

                try (FaultyProxy second = FaultyProxy.at(after, port, server.endpoint())) {
                    TestNames.lead(NAME, after);
                    Awaitility.await()
                            .atMost(PATIENCE)
                            .ignoreExceptionsMatching(MovedHostTest::isExternal)
                            .until(() -> read(storage), "kept"::equals);
                    assertThat(second.connections())
                            .as("connections to the new address")
                            .isPositive();
                }
                storage.close();
            }
        }
    }

    /** Nothing but that the store does not answer may be told meanwhile. */
    private static boolean isExternal(Throwable failure) {
        return failure instanceof ProblemException problem && problem.problem().category() == ProblemCategory.EXTERNAL;
    }

    private static String read(ObjectStorage storage) throws Exception {
        try (OpenObject open = storage.getObject(call(), new GetObject("key"))) {
            return new String(open.content().readAllBytes(), UTF_8);
        }
    }

    private static CallContext call() {
        return new CallContext("c-1", Instant.now().plusSeconds(30), null);
    }
}
