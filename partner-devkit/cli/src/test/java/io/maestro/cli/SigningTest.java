package io.maestro.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.cli.Shell.Run;
import io.maestro.testing.artifacts.AdapterJar;
import io.maestro.testing.artifacts.TestPublisher;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SigningTest {
    private static final String PASSWORD = "not-a-secret";

    @TempDir
    private Path folder;

    private final FakeServer server = new FakeServer();
    private final TestPublisher publisher = TestPublisher.create("acme");

    @BeforeEach
    void prepare() throws IOException {
        publisher.writeKeyStore(folder.resolve("acme.p12"), PASSWORD);
        Files.writeString(folder.resolve("acme.pem"), publisher.pem());
        Files.write(
                folder.resolve("demo.jar"), AdapterJar.storage("demo", "1.0.0").unsigned());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void makesAKeySignsAndVerifies() throws IOException {
        Path password = Files.writeString(folder.resolve("password"), PASSWORD + "\n");
        Run made = shell().run(
                        "publisher",
                        "create-key",
                        "--name",
                        "globex",
                        "--out",
                        path("new/globex.p12"),
                        "--password-file",
                        password.toString(),
                        "--json");

        assertThat(made.exit()).as(made.err()).isZero();
        assertThat(Files.getPosixFilePermissions(folder.resolve("new/globex.p12")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        try (var files = Files.list(folder.resolve("new"))) {
            assertThat(files).hasSize(2);
        }

        Run signed = shell().run(
                        "adapter",
                        "sign",
                        "--key",
                        path("new/globex.p12"),
                        "--password-file",
                        password.toString(),
                        path("demo.jar"));
        assertThat(signed.exit()).as(signed.err()).isZero();

        Run verified = shell().run(
                        "adapter",
                        "verify",
                        "--certificate",
                        path("new/globex.pem"),
                        path("demo-signed.jar"),
                        "--json");
        assertThat(verified.exit()).as(verified.err()).isZero();
        assertThat(json(verified.out()).path("id").asText()).isEqualTo("demo@1.0.0");
        assertThat(json(verified.out()).path("publisher").asText()).isEqualTo("globex");
        assertThat(json(verified.out()).path("key")).isEqualTo(json(made.out()).path("fingerprint"));
    }

    @Test
    void neverReplacesAKey() {
        Run run = shell().with("MAESTRO_KEY_PASSWORD", PASSWORD)
                .run("publisher", "create-key", "--name", "acme", "--out", path("acme.p12"));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("there already");
    }

    @Test
    void asksForThePasswordWhenNobodyGaveIt() {
        assertThat(shell().answering(PASSWORD)
                        .run("adapter", "sign", "--key", path("acme.p12"), path("demo.jar"))
                        .exit())
                .isZero();
        assertThat(shell().run("adapter", "sign", "--key", path("acme.p12"), path("demo.jar"))
                        .err())
                .contains("MAESTRO_KEY_PASSWORD");
    }

    @Test
    void tellsAWrongPassword() {
        Run run = shell().answering("wrong-one").run("adapter", "sign", "--key", path("acme.p12"), path("demo.jar"));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("wrong password").doesNotContain("wrong-one");
        assertThat(folder.resolve("demo-signed.jar")).doesNotExist();
    }

    @Test
    void doesNotSignWhatAServerWouldRefuse() throws IOException {
        Files.write(
                folder.resolve("demo.jar"),
                AdapterJar.storage("demo", "1.0.0")
                        .header("Export-Package", "a")
                        .unsigned());

        Run run = shell().answering(PASSWORD).run("adapter", "sign", "--key", path("acme.p12"), path("demo.jar"));

        assertThat(run.exit()).isEqualTo(5);
        assertThat(run.err()).contains("structure-forbidden", "Export-Package");
        assertThat(folder.resolve("demo-signed.jar")).doesNotExist();
        assertThat(folder).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void signsOnceOnly() {
        shell().answering(PASSWORD).run("adapter", "sign", "--key", path("acme.p12"), path("demo.jar"));

        Run again =
                shell().answering(PASSWORD).run("adapter", "sign", "--key", path("acme.p12"), path("demo-signed.jar"));

        assertThat(again.exit()).isEqualTo(2);
        assertThat(again.err()).contains("signed already");
    }

    @Test
    void signsNoOtherFiles() throws IOException {
        Files.writeString(folder.resolve("demo.jar"), "hello");

        Run run = shell().answering(PASSWORD).run("adapter", "sign", "--key", path("acme.p12"), path("demo.jar"));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("not a jar");
    }

    @Test
    void refusesAChangedJar() throws IOException {
        byte[] signed = AdapterJar.storage("demo", "1.0.0").signedBy(publisher);
        Files.write(folder.resolve("bad.jar"), AdapterJar.tamper(signed, "added.txt", new byte[] {1}));

        Run run = shell().run("adapter", "verify", "--certificate", path("acme.pem"), path("bad.jar"), "--json");

        assertThat(run.exit()).isEqualTo(5);
        assertThat(json(run.err()).path("code").asText()).isEqualTo("signature-incomplete");
        assertThat(json(run.err()).at("/violations/0/pointer").asText()).isEqualTo("added.txt");
    }

    @Test
    void saysWhomToTrust() {
        assertThat(shell().run("adapter", "verify", path("demo.jar")).exit()).isEqualTo(2);
        assertThat(shell().run("adapter", "verify", "--server", "--certificate", path("acme.pem"), path("demo.jar"))
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void verifiesByTheServersPublishers() throws IOException {
        Files.write(
                folder.resolve("good.jar"), AdapterJar.storage("demo", "1.0.0").signedBy(publisher));
        String key = """
                {"items":[{"name":"acme","keys":[{"publisher":"acme","fingerprint":"sha256:%s","subject":"CN=acme",
                 "notAfter":"2099-01-01T00:00:00Z","trustedAt":"2020-01-01T00:00:00Z","revokedAt":%s,
                 "revokedReason":%s}]}],"next":null}""";
        server.on("GET /api/publishers?limit=500", 200, key.formatted(publisher.fingerprint(), "null", "null"));

        Run trusted = shell().run("adapter", "verify", "--server", path("good.jar"));
        assertThat(trusted.exit()).as(trusted.err()).isZero();
        assertThat(trusted.out()).contains("acme");
        assertThat(shell().run("publisher", "list").out()).contains("sha256:" + publisher.fingerprint() + "\n");

        server.on(
                "GET /api/publishers?limit=500",
                200,
                key.formatted(publisher.fingerprint(), "\"2021-01-01T00:00:00Z\"", "\"lost\""));
        assertThat(shell().run("adapter", "verify", "--server", path("good.jar"))
                        .err())
                .contains("signature-key-revoked", "lost");
    }

    @Test
    void installsTheVeryBytes() throws IOException {
        server.on("POST /api/adapters", 201, "{\"id\":\"demo@1.0.0\"}");

        Run run = shell().run("adapter", "install", path("demo.jar"));

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("demo@1.0.0");
        assertThat(server.last().header("Content-Length"))
                .isEqualTo(Long.toString(Files.size(folder.resolve("demo.jar"))));
        assertThat(server.last().header("Content-Type")).isEqualTo("application/java-archive");
    }

    @Test
    void tellsARefusedArtifactFromARefusedCaller() {
        server.refusing("POST /api/adapters", 422, "signature-missing");
        assertThat(shell().run("adapter", "install", path("demo.jar")).exit()).isEqualTo(5);
        server.refusing("POST /api/adapters", 403, "forbidden");
        assertThat(shell().run("adapter", "install", path("demo.jar")).exit()).isEqualTo(4);
        server.refusing("POST /api/adapters", 503, "database-unavailable");
        assertThat(shell().run("adapter", "install", path("demo.jar")).exit()).isEqualTo(1);
        assertThat(shell().run("adapter", "install", path("missing.jar")).exit())
                .isEqualTo(2);
    }

    @Test
    void trustsAndRevokes() throws IOException {
        server.on("POST /api/publishers", 201, "{}")
                .on("POST /api/publishers/acme/keys/" + publisher.fingerprint() + "/revoke", 200, "{}");

        Run trust = shell().run("publisher", "trust", "--name", "acme", "--certificate", path("acme.pem"));

        assertThat(trust.exit()).as(trust.err()).isZero();
        assertThat(trust.out()).contains(publisher.fingerprint());
        assertThat(json(server.last().body()).path("certificate").asText()).isEqualTo(publisher.pem());
        assertThat(shell().run(
                                "publisher",
                                "revoke",
                                "--name",
                                "acme",
                                "--reason",
                                "lost",
                                "sha256:" + publisher.fingerprint())
                        .exit())
                .isZero();
        assertThat(server.last().body()).isEqualTo("{\"reason\":\"lost\"}");
    }

    @Test
    void trustsNoGarbage() {
        Run run = shell().run("publisher", "trust", "--name", "acme", "--certificate", path("demo.jar"));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(server.requests()).isEmpty();
    }

    private Shell shell() {
        return new Shell(folder).at(server);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new JsonMapper().readTree(text);
    }
}
