package io.maestro.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.cli.Shell.Run;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.artifacts.TestPublisher.KeyKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bundles of policies: built, signed and verified without a server. */
final class PolicyBundleTest {
    private static final String PASSWORD = "not-a-secret";

    @TempDir
    private Path folder;

    @BeforeEach
    void write() throws IOException {
        write("house/.manifest", "{\"revision\":\"7\",\"roots\":[\"maestro/adapter\",\"limits\"]}");
        write("house/install.rego", "package maestro.adapter.install\n\nallow if input.x == data.limits.x\n");
        write("house/limits/data.json", "{\"x\":1}");
        write("house/readme.txt", "left out");
        for (String name : new String[] {"acme", "globex"}) {
            TestPublisher publisher = TestPublisher.create(name);
            publisher.writeKeyStore(folder.resolve(name + ".p12"), PASSWORD);
            Files.writeString(folder.resolve(name + ".pem"), publisher.pem());
        }
    }

    @Test
    void buildsTheSameBytesOfTheSameFiles() throws IOException {
        Run first = policy("build", "-o", path("one.tar.gz"), "--json", path("house"));
        Files.setLastModifiedTime(folder.resolve("house/install.rego"), FileTime.from(Instant.EPOCH));
        Run second = policy("build", "-o", path("two.tar.gz"), path("house"));

        assertThat(first.exit()).as(first.err()).isZero();
        assertThat(second.exit()).as(second.err()).isZero();
        assertThat(folder.resolve("one.tar.gz")).hasSameBinaryContentAs(folder.resolve("two.tar.gz"));
        assertThat(json(first.out()).path("revision").asText()).isEqualTo("7");
        assertThat(json(first.out()).path("policies").asInt()).isEqualTo(1);
        assertThat(json(first.out()).path("roots")).hasSize(2);
    }

    @Test
    void takesRevisionAndRootsFromTheCommandLine() throws JsonProcessingException {
        Run run = policy(
                "build",
                "--revision",
                "8",
                "--root",
                "maestro",
                "--root",
                "limits",
                "-o",
                path("b.tar.gz"),
                "--json",
                path("house"));

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(json(run.out()).path("revision").asText()).isEqualTo("8");
        assertThat(json(run.out()).at("/roots/0").asText()).isEqualTo("maestro");
    }

    @Test
    void buildsNothingThatAServerWouldRefuse() throws IOException {
        Run outside = policy("build", "--root", "tenants/acme", "-o", path("b.tar.gz"), path("house"));
        write("house/more.rego", "package maestro.adapter.more\n\nx := y\n");
        Run wrong = policy("build", "-o", path("b.tar.gz"), path("house"));
        write("bare/a.rego", "package a\n");
        Run unnumbered = policy("build", "-o", path("b.tar.gz"), path("bare"));

        assertThat(outside.exit()).isEqualTo(5);
        assertThat(outside.err()).contains("cli-bundle-refused", "maestro.adapter.install");
        assertThat(wrong.exit()).isEqualTo(1);
        assertThat(wrong.err()).contains("cli-policy-wrong", "more.rego:3:");
        assertThat(unnumbered.exit()).isEqualTo(2);
        assertThat(unnumbered.err()).contains("--revision");
        assertThat(policy("build", path("nowhere")).exit()).isEqualTo(2);
        assertThat(folder.resolve("b.tar.gz")).doesNotExist();
    }

    @Test
    void signsAndVerifies() throws JsonProcessingException {
        policy("build", "-o", path("b.tar.gz"), path("house"));

        Run signed = policy("sign", "--key", path("acme.p12"), "--key-id", "k1", path("b.tar.gz"));
        Run verified =
                policy("verify", "--certificate", path("acme.pem"), "--key-id", "k1", "--json", path("b.tar.gz"));

        assertThat(signed.exit()).as(signed.err()).isZero();
        assertThat(verified.exit()).as(verified.err()).isZero();
        assertThat(json(verified.out()).path("signedBy").asText()).isEqualTo("k1");
        assertThat(policy("verify", "--certificate", path("acme.pem"), path("b.tar.gz"))
                        .exit())
                .isZero();
        // once more, by another key, in place of the signature that is there
        assertThat(policy("sign", "--key", path("globex.p12"), "-o", path("c.tar.gz"), path("b.tar.gz"))
                        .exit())
                .isZero();
        assertThat(policy("verify", "--certificate", path("globex.pem"), path("c.tar.gz"))
                        .exit())
                .isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "WEAK_RSA", mode = EnumSource.Mode.EXCLUDE)
    void signsWithKeysOfEachKind(KeyKind kind) throws IOException {
        Instant now = Instant.now();
        TestPublisher publisher = TestPublisher.create("initech", kind, now.minusSeconds(60), now.plusSeconds(600));
        publisher.writeKeyStore(folder.resolve("initech.p12"), PASSWORD);
        Files.writeString(folder.resolve("initech.pem"), publisher.pem());
        policy("build", "-o", path("b.tar.gz"), path("house"));

        Run signed = policy("sign", "--key", path("initech.p12"), path("b.tar.gz"));

        assertThat(signed.exit()).as(signed.err()).isZero();
        assertThat(policy("verify", "--certificate", path("initech.pem"), path("b.tar.gz"))
                        .exit())
                .isZero();
    }

    @Test
    void refusesWhatIsNotSignedSo() throws IOException {
        policy("build", "-o", path("b.tar.gz"), path("house"));
        Run unsigned = policy("verify", "--certificate", path("acme.pem"), path("b.tar.gz"));
        policy("sign", "--key", path("acme.p12"), "--scope", "prod", path("b.tar.gz"));

        assertThat(unsigned.exit()).isEqualTo(5);
        assertThat(unsigned.err()).contains("not signed");
        assertThat(policy("verify", "--certificate", path("globex.pem"), "--scope", "prod", path("b.tar.gz"))
                        .exit())
                .isEqualTo(5);
        assertThat(policy("verify", "--certificate", path("acme.pem"), path("b.tar.gz"))
                        .exit())
                .isEqualTo(5);
        assertThat(policy("verify", "--certificate", path("acme.pem"), "--scope", "prod", path("b.tar.gz"))
                        .exit())
                .isZero();
        assertThat(policy("verify", "--certificate", path("b.tar.gz"), path("b.tar.gz"))
                        .exit())
                .isEqualTo(2);
        assertThat(policy("verify", "--certificate", path("acme.pem"), path("acme.pem"))
                        .exit())
                .isEqualTo(5);
    }

    private Run policy(String... arguments) {
        String[] all = new String[arguments.length + 1];
        all[0] = "policy";
        System.arraycopy(arguments, 0, all, 1, arguments.length);
        return new Shell(folder).with("MAESTRO_KEY_PASSWORD", PASSWORD).run(all);
    }

    private void write(String name, String text) throws IOException {
        Path file = folder.resolve(name);
        Files.createDirectories(file.getParent());
        Files.writeString(file, text);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new JsonMapper().readTree(text);
    }
}
