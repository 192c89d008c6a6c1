package io.maestro.signer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.provenance.format.Change;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.provenance.format.SignerKind;
import io.maestro.provenance.format.SigningSeed;
import io.maestro.provenance.format.VerifyingKey;
import io.maestro.provenance.remote.SignerConnection;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the signer signs, for whom, and what keys it reads. */
final class SignerServerTest {
    private static final String TOKEN = "0123456789abcdef";
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    private final SigningSeed seed = SigningSeed.random(new SecureRandom());
    private final VerifyingKey key = seed.verifyingKey();
    private SignerServer server;

    @BeforeEach
    void start() throws IOException {
        server = new SignerServer(seed, TOKEN, 0);
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void signsManyReceiptsAtOnce() throws SignerConnection.Failed {
        List<byte[]> bodies =
                IntStream.rangeClosed(1, 500).mapToObj(i -> body(i, key)).toList();
        try (SignerConnection connection = connect(TOKEN)) {
            assertThat(connection.key()).isEqualTo(key);
            List<byte[]> signatures = connection.sign(bodies, key, nanos -> {});
            assertThat(IntStream.range(0, 500).allMatch(i -> key.verifies(bodies.get(i), signatures.get(i))))
                    .isTrue();
        }
    }

    @Test
    void letsNobodyInWithoutTheToken() {
        try (SignerConnection connection = connect("another token here")) {
            assertThatThrownBy(connection::key).hasMessageContaining("UNAUTHENTICATED");
            assertThatThrownBy(() -> connection.sign(List.of(body(1, key)), key, nanos -> {}))
                    .hasMessageContaining("UNAUTHENTICATED");
        }
    }

    @Test
    void signsNothingButReceiptsThatNameItsKey() {
        VerifyingKey other = SigningSeed.random(new SecureRandom()).verifyingKey();
        try (SignerConnection connection = connect(TOKEN)) {
            assertThatThrownBy(() -> connection.sign(
                            List.of("{\"pay\":1000000}".getBytes(StandardCharsets.UTF_8)), key, nanos -> {}))
                    .hasMessageContaining("not a receipt");
            assertThatThrownBy(() -> connection.sign(List.of(body(1, other)), key, nanos -> {}))
                    .hasMessageContaining("another key");
            assertThatThrownBy(() -> connection.sign(List.of(new byte[1 << 20]), key, nanos -> {}))
                    .isInstanceOf(SignerConnection.Failed.class);
        }
    }

    @Test
    void isNotBelievedWhenItSignsWithAnotherKey() {
        VerifyingKey other = SigningSeed.random(new SecureRandom()).verifyingKey();
        try (SignerConnection connection = connect(TOKEN)) {
            assertThatThrownBy(() -> connection.sign(List.of(body(1, key)), other, nanos -> {}))
                    .hasMessageContaining("is not one by the key");
        }
    }

    @Test
    void readsTheKeysThatItAndOthersMake() throws IOException, InterruptedException {
        Path own = folder.resolve("own.pem");
        SigningSeed made = KeyStoreFile.create(own);
        assertThat(KeyStoreFile.read(own, new char[0]).verifyingKey()).isEqualTo(made.verifyingKey());
        assertThatThrownBy(() -> KeyStoreFile.create(own)).isInstanceOf(IOException.class);

        Path store = folder.resolve("store.p12");
        Process keytool = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "keytool")
                                .toString(),
                        "-genkeypair",
                        "-keyalg",
                        "Ed25519",
                        "-alias",
                        "receipts",
                        "-dname",
                        "CN=receipts",
                        "-storetype",
                        "PKCS12",
                        "-keystore",
                        store.toString(),
                        "-storepass",
                        "secret-password")
                .redirectErrorStream(true)
                .start();
        String said = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(keytool.waitFor()).as(said).isZero();
        Files.setPosixFilePermissions(store, PosixFilePermissions.fromString("rw-------"));
        assertThat(KeyStoreFile.read(store, "secret-password".toCharArray()).bytes())
                .hasSize(32);
        assertThatThrownBy(() -> KeyStoreFile.read(store, "wrong".toCharArray()))
                .isInstanceOf(IOException.class);
    }

    @Test
    void refusesAKeyThatOthersMayRead() throws IOException {
        Path open = folder.resolve("open.pem");
        KeyStoreFile.create(open);
        Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rw-r--r--"));
        assertThatThrownBy(() -> KeyStoreFile.read(open, new char[0])).hasMessageContaining("chmod 600");
    }

    private SignerConnection connect(String token) {
        return new SignerConnection("127.0.0.1", server.port(), token, DEADLINE);
    }

    private static byte[] body(long sequence, VerifyingKey key) {
        return new ReceiptBody(
                        new UUID(1, sequence),
                        ReceiptBody.PLATFORM,
                        sequence,
                        sequence == 1 ? null : key.id(),
                        null,
                        "token:root",
                        "c",
                        "thing.make",
                        new ReceiptBody.Subject("thing", "x", null),
                        Change.between(null, "{}"),
                        null,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        key.id(),
                        SignerKind.REMOTE)
                .canonical();
    }
}
