package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.peers.S3Proxy;
import io.maestro.testing.peers.SoftHsm;
import io.maestro.testing.server.Distribution;
import io.maestro.testing.server.Launch;
import io.maestro.testing.server.Launch.Ended;
import io.maestro.testing.server.LaunchedServer;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.KeyGenerator;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole drill on a running server, with calls that never fail: secret, data key, master key; and the wrong one. */
final class KeyRotationTest {
    private static final String SCOPE = "/api/tenants/acme/environments/prod";
    private static final String FILES = SCOPE + "/instances/files";
    private static final String SECRET = SCOPE + "/secrets/instance/files/secretAccessKey";
    private static final String PASSWORD = "a-password-of-tests";
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private S3Proxy s3;

    @BeforeEach
    void startPeer() throws Exception {
        s3 = S3Proxy.start(folder.resolve("s3"));
        s3.createBucket("acme-files");
    }

    @AfterEach
    void stopPeer() {
        s3.close();
    }

    @Test
    void rotatesSecretDataKeyAndMasterKeyWithoutAFailedCall() throws Exception {
        String file = "file:" + folder.resolve("data/keys/master.key");
        String store = "pkcs12:" + keyStore() + "#master";
        SoftHsm hsm = SoftHsm.create(folder.resolve("softhsm"));
        hsm.createKey("master");
        String token = "pkcs11:" + hsm.configuration() + "#master";

        try (LaunchedServer server = launch().start()) {
            Api admin = Api.admin(server);
            install(admin);
            try (Caller caller = new Caller(admin)) {
                putSecret(admin, S3Proxy.SECRET_ACCESS_KEY);
                awaitVersionGiven(admin, 2);
                JsonNode rotated = expect(200, admin.post(SCOPE + "/secrets:rotate-data-key", Map.of()));
                assertThat(rotated.path("secrets").asInt()).isEqualTo(1);
                caller.awaitCalls(20);
            }
            assertWrongSecretIsTakenAtOnce(admin);
        }
        try (LaunchedServer server = launch().options("--master-key", store, "--former-master-key", file)
                .environment("MAESTRO_MASTER_KEY_PASSWORD", PASSWORD)
                .start()) {
            rotateMasterKey(Api.admin(server));
        }
        Files.delete(folder.resolve("data/keys/master.key"));
        try (LaunchedServer server = launch().options("--master-key", token, "--former-master-key", store)
                .environment("MAESTRO_MASTER_KEY_PASSWORD", SoftHsm.PIN)
                .environment("MAESTRO_FORMER_MASTER_KEY_PASSWORD", PASSWORD)
                .environment(SoftHsm.VARIABLE, hsm.settings().toString())
                .start()) {
            rotateMasterKey(Api.admin(server));
        }
        Ended wrongPin = launch().options("--master-key", token)
                .environment("MAESTRO_MASTER_KEY_PASSWORD", "9999")
                .environment(SoftHsm.VARIABLE, hsm.settings().toString())
                .end();
        assertThat(wrongPin.code()).isEqualTo(1);
        assertThat(wrongPin.output())
                .contains("the token of " + hsm.configuration())
                .contains("CKR_PIN_INCORRECT");
        try (LaunchedServer server = launch().options("--master-key", token)
                .environment("MAESTRO_MASTER_KEY_PASSWORD", SoftHsm.PIN)
                .environment(SoftHsm.VARIABLE, hsm.settings().toString())
                .start()) {
            try (Caller caller = new Caller(Api.admin(server))) {
                caller.awaitCalls(5);
            }
            assertThat(Files.readString(server.data().resolve("logs/maestro.log")))
                    .doesNotContain(S3Proxy.SECRET_ACCESS_KEY, PASSWORD, "wrong-secret-of-tests");
        }
    }

    @Test
    void changesTheConfigurationWithoutAFailedCall() throws Exception {
        try (LaunchedServer server = launch().start()) {
            Api admin = Api.admin(server);
            install(admin);
            Map<String, Object> other = new HashMap<>(Map.of(
                    "endpoint",
                    s3.endpoint().toString(),
                    "bucket",
                    "acme-files",
                    "accessKeyId",
                    S3Proxy.ACCESS_KEY_ID,
                    "region",
                    "eu-central-1"));
            try (Caller caller = new Caller(admin)) {
                caller.awaitCalls(5);
                JsonNode changed = expect(200, admin.putJson(FILES + "/configuration", other));
                assertThat(changed.path("observed").asText()).isEqualTo("running");
                assertThat(changed.path("problem").isNull()).isTrue();
                assertThat(changed.path("revision").asLong()).isEqualTo(2);
                assertThat(changed.at("/configuration/secretAccessKey/$secret").asText())
                        .as("what is left out stays")
                        .isEqualTo("instance/files/secretAccessKey");
                caller.awaitCalls(20);
            }
            other.put("bucket", 7);
            expect(422, admin.putJson(FILES + "/configuration", other));
            assertThat(expect(200, admin.get(FILES)).path("revision").asLong()).isEqualTo(2);
        }
    }

    @Test
    void saysThatTheMasterKeyIsWrongOrMissingAndDoesNoDamage() throws Exception {
        try (LaunchedServer server = launch().start()) {
            install(Api.admin(server));
        }
        String store = "pkcs12:" + keyStore() + "#master";
        Ended wrong = launch().options("--master-key", store)
                .environment("MAESTRO_MASTER_KEY_PASSWORD", PASSWORD)
                .end();
        assertThat(wrong.code()).isEqualTo(1);
        assertThat(wrong.output())
                .contains("the database's secrets need the master key")
                .doesNotContain(PASSWORD);

        Path key = folder.resolve("data/keys/master.key");
        Path elsewhere = Files.move(key, folder.resolve("master.key"));
        Ended missing = launch().end();
        assertThat(missing.code()).isEqualTo(1);
        assertThat(missing.output())
                .contains("the master key in the file " + key)
                .contains("is not there");
        assertThat(key).doesNotExist();

        Files.move(elsewhere, key);
        try (LaunchedServer server = launch().start();
                Caller caller = new Caller(Api.admin(server))) {
            caller.awaitCalls(1);
        }
    }

    private Launch launch() {
        return new Launch(Distribution.built(), folder.resolve("data")).options("--no-demo");
    }

    private void install(Api admin) throws Exception {
        TestPublisher partner = TestPublisher.create("partner");
        admin.trust(partner);
        expect(
                201,
                admin.upload(
                        partner.sign(Files.readAllBytes(Distribution.built().unsignedAdapter("storage.s3")))));
        admin.tenant("acme");
        JsonNode instance = admin.instance(
                "acme/prod",
                "files",
                "storage-s3@1.0.0",
                Map.of(
                        "endpoint",
                        s3.endpoint().toString(),
                        "bucket",
                        "acme-files",
                        "accessKeyId",
                        S3Proxy.ACCESS_KEY_ID,
                        "secretAccessKey",
                        S3Proxy.SECRET_ACCESS_KEY));
        assertThat(instance.path("observed").asText()).as("%s", instance).isEqualTo("running");
        expect(200, admin.put(FILES + "/objects/there.txt", "there".getBytes(UTF_8)));
    }

    private static void rotateMasterKey(Api admin) throws Exception {
        try (Caller caller = new Caller(admin)) {
            caller.awaitCalls(5);
            JsonNode rotated = expect(200, admin.post("/api/master-key:rotate", Map.of()));
            assertThat(rotated.path("dataKeys").asInt()).isEqualTo(1);
            caller.awaitCalls(5);
        }
    }

    /** The store takes one secret only, so that a call tells which one the instance has. */
    private static void assertWrongSecretIsTakenAtOnce(Api admin) {
        JsonNode before = expect(200, admin.get(FILES));
        putSecret(admin, "a-wrong-secret-of-tests");
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> admin.get(FILES + "/objects/there.txt").status() != 200);
        putSecret(admin, S3Proxy.SECRET_ACCESS_KEY);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> admin.get(FILES + "/objects/there.txt").status() == 200);
        assertThat(expect(200, admin.get(FILES))).isEqualTo(before);
    }

    private static void putSecret(Api admin, String value) {
        expect(200, admin.putJson(SECRET, Map.of("value", value)));
    }

    private static void awaitVersionGiven(Api admin, long version) {
        Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(expect(200, admin.get(SCOPE + "/secret-accesses"))
                                .path("items"))
                        .anySatisfy(access -> {
                            assertThat(access.path("version").asLong()).isEqualTo(version);
                            assertThat(access.path("purpose").asText()).isEqualTo("rotate");
                            assertThat(access.path("instance").asText()).isEqualTo("files");
                        }));
    }

    private Path keyStore() throws Exception {
        Path file = folder.resolve("keys.p12");
        KeyGenerator generator = KeyGenerator.getInstance("AES");
        generator.init(256);
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, PASSWORD.toCharArray());
        store.setEntry(
                "master",
                new KeyStore.SecretKeyEntry(generator.generateKey()),
                new KeyStore.PasswordProtection(PASSWORD.toCharArray()));
        try (OutputStream out = Files.newOutputStream(file)) {
            store.store(out, PASSWORD.toCharArray());
        }
        return file;
    }

    /** Reads an object again and again; closing it fails when one call ever failed. */
    private static final class Caller implements AutoCloseable {
        private final Queue<String> failures = new ConcurrentLinkedQueue<>();
        private final AtomicInteger calls = new AtomicInteger();
        private final Thread thread;
        private volatile boolean over;

        Caller(Api api) {
            thread = Thread.ofVirtual().start(() -> {
                while (!over) {
                    Api.Answer answer = api.get(FILES + "/objects/there.txt");
                    if (answer.status() != 200) {
                        failures.add(answer.status() + " " + answer.body());
                    }
                    calls.incrementAndGet();
                }
            });
        }

        void awaitCalls(int more) {
            int before = calls.get();
            Awaitility.await().atMost(PATIENCE).until(() -> calls.get() >= before + more);
        }

        @Override
        public void close() {
            over = true;
            Awaitility.await().atMost(PATIENCE).until(() -> !thread.isAlive());
            assertThat(failures).isEmpty();
        }
    }
}
