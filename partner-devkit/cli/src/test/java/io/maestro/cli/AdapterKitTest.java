package io.maestro.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.adapter.identity.oidc.IdentityOidcComponent;
import io.maestro.adapter.storage.file.StorageFileComponent;
import io.maestro.cli.Shell.Run;
import io.maestro.model.Digest;
import io.maestro.testing.artifacts.AdapterJar;
import io.maestro.testing.artifacts.TestPublisher;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Base64;
import java.util.List;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code maestro adapter test} and {@code test-result}. */
final class AdapterKitTest {
    private static final String PASSWORD = "not-a-secret";
    private static final JsonMapper JSON = new JsonMapper();

    @TempDir
    private Path folder;

    private final TestPublisher publisher = TestPublisher.create("acme");

    @BeforeEach
    void prepare() throws IOException {
        publisher.writeKeyStore(folder.resolve("acme.p12"), PASSWORD);
        Files.writeString(folder.resolve("acme.pem"), publisher.pem());
        Files.writeString(
                folder.resolve("peer.yaml"), "name: the file system\noffers: [ATOMIC_CONDITIONS, BACKSLASHES]\n");
    }

    @Test
    void soundAdapterPassesAndItsSignedResultHoldsForThisJarOnly() throws Exception {
        Path jar = packed(StorageFileComponent.class, folder.resolve("storage-file.jar"));
        Run run = shell().run("adapter", "test", "--peer", path("peer.yaml"), jar.toString(), "--json");

        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode summary = JSON.readTree(run.out());
        assertThat(summary.path("adapter").asText()).isEqualTo("storage-file@1.0.0");
        assertThat(summary.path("digest").asText())
                .isEqualTo(Digest.sha256(Files.readAllBytes(jar)).toString());
        assertThat(summary.path("passedTests").asInt()).isGreaterThan(70);
        assertThat(summary.path("failedTests").asInt()).isZero();
        assertThat(summary.path("notTried")).as("what was left out is told").isNotEmpty();

        assertThat(checked("acme.pem", jar).exit()).as("not signed yet").isEqualTo(Exit.ARTIFACT);
        Run signed = sign("storage-file-kit.json");
        assertThat(signed.exit()).as(signed.err()).isZero();
        assertThat(checked("acme.pem", jar).exit()).isZero();

        TestPublisher other = TestPublisher.create("globex");
        Files.writeString(folder.resolve("globex.pem"), other.pem());
        assertThat(checked("globex.pem", jar))
                .satisfies(refused -> assertThat(refused.exit()).isEqualTo(Exit.ARTIFACT))
                .satisfies(refused -> assertThat(refused.err()).contains("not signed by"));
        Files.writeString(jar, "and more", StandardOpenOption.APPEND);
        assertThat(checked("acme.pem", jar))
                .satisfies(refused -> assertThat(refused.exit()).isEqualTo(Exit.ARTIFACT))
                .satisfies(refused -> assertThat(refused.err()).contains("another jar"));
    }

    @Test
    void adapterOfIdentityIsTriedOverTheKitsOwnProvider() throws Exception {
        Files.writeString(folder.resolve("provider.yaml"), """
                offers: [LOGIN, END_SESSION]
                configuration:
                  issuer: "{issuer}"
                  clientId: "{clientId}"
                  clientSecret: "{clientSecret}"
                  audiences: ["{audience}"]
                  clockSkewSeconds: 60
                  mapping:
                    roles:
                      - claim: groups
                        values: {admins: [tenant_admin], owners: [tenant_admin, tenant_developer]}
                    attributes: {department: department}
                forPrograms: {login: false}
                """);
        Path jar = packed(IdentityOidcComponent.class, folder.resolve("identity-oidc.jar"));
        Run run = shell().run("adapter", "test", "--peer", path("provider.yaml"), jar.toString(), "--json");

        assertThat(run.exit()).as(run.err()).isZero();
        JsonNode summary = JSON.readTree(run.out());
        assertThat(summary.path("adapter").asText()).isEqualTo("identity-oidc@1.0.0");
        assertThat(summary.path("passedTests").asInt()).isGreaterThan(80);
        assertThat(summary.path("failedTests").asInt()).isZero();
    }

    @Test
    void changedResultDoesNotHold() throws Exception {
        Path jar = Files.write(
                folder.resolve("demo.jar"), AdapterJar.storage("demo", "1.0.0").unsigned());
        Path result = folder.resolve("demo-kit.json");
        Files.writeString(result, report(jar, "FAILED", false).toString());
        assertThat(sign("demo-kit.json").exit()).isZero();
        assertThat(result("acme.pem", result, jar).exit())
                .as("it holds, and tells of a failure")
                .isEqualTo(Exit.ARTIFACT);
        assertThat(result("acme.pem", result, jar).out()).contains("Digest");

        ObjectNode envelope = (ObjectNode) JSON.readTree(result.toFile());
        byte[] other = JSON.writeValueAsBytes(report(jar, "PASSED", true));
        envelope.put("payload", Base64.getEncoder().encodeToString(other));
        ArrayNode signatures = (ArrayNode) envelope.path("signatures");
        signatures
                .addObject()
                .put("keyid", signatures.path(0).path("keyid").asText())
                .put("sig", "%%");
        Files.writeString(result, envelope.toString());
        assertThat(result("acme.pem", result, jar).exit()).isEqualTo(Exit.ARTIFACT);
        assertThat(result("acme.pem", result, jar).err()).contains("was changed");

        for (String nonsense : List.of("", "{}", "[1]", "{\"payload\":\"%%\"}", "x".repeat(100))) {
            Files.writeString(result, nonsense);
            assertThat(result("acme.pem", result, jar).exit()).as(nonsense).isEqualTo(Exit.ARTIFACT);
        }
    }

    @Test
    void signsNoResultThatContradictsItself() throws Exception {
        Path jar = Files.write(
                folder.resolve("demo.jar"), AdapterJar.storage("demo", "1.0.0").unsigned());
        for (ObjectNode odd : List.of(
                report(jar, "FAILED", true),
                report(jar, "NOT_TRIED", true),
                report(jar, "PASSED", true).put("format", "something else"))) {
            Files.writeString(folder.resolve("demo-kit.json"), odd.toString());
            assertThat(sign("demo-kit.json").exit()).as("%s", odd).isEqualTo(Exit.ARTIFACT);
        }
    }

    private static ObjectNode report(Path jar, String outcome, boolean passed) throws IOException {
        ObjectNode report = JSON.createObjectNode();
        report.put("format", "maestro-kit-result/1");
        report.put("digest", Digest.sha256(Files.readAllBytes(jar)).toString()).put("passed", passed);
        report.putArray("tests").addObject().put("name", "Keys.some").put("outcome", outcome);
        return report;
    }

    private Run sign(String name) {
        return shell().with("MAESTRO_KEY_PASSWORD", PASSWORD)
                .run("adapter", "sign-result", "--key", path("acme.p12"), path(name));
    }

    @Test
    void adapterThatDoesNotKeepTheContractIsToldByWhichTests() throws IOException {
        Path jar = Files.write(
                folder.resolve("demo.jar"), AdapterJar.storage("demo", "1.0.0").unsigned());
        Run run = shell().run("adapter", "test", "--peer", path("peer.yaml"), jar.toString(), "--json");

        assertThat(run.exit()).as(run.err()).isEqualTo(Exit.ARTIFACT);
        assertThat(JSON.readTree(run.out()).path("failed")).isNotEmpty();
        assertThat(run.err()).contains("failed: ");
        assertThat(JSON.readTree(folder.resolve("demo-kit.json").toFile())
                        .path("passed")
                        .asBoolean(true))
                .isFalse();
    }

    @Test
    void whatCameFromTheEnvironmentIsToldNowhere() throws Exception {
        // no number, and whoever reads it says so with the text
        Files.writeString(folder.resolve("peer.yaml"), "place: {maxObjectBytes: \"${PATH}\"}\n");
        Path jar = packed(StorageFileComponent.class, folder.resolve("storage-file.jar"));
        Run run = shell().run("adapter", "test", "--peer", path("peer.yaml"), jar.toString(), "--json");

        assertThat(run.exit()).as(run.err()).isEqualTo(Exit.ARTIFACT);
        assertThat(run.err()).contains("***").doesNotContain(System.getenv("PATH"));
        assertThat(folder.resolve("storage-file-kit.json"))
                .content()
                .contains("***")
                .doesNotContain(System.getenv("PATH"));
    }

    @Test
    void whatCannotBeTriedIsSaid() throws IOException {
        Path jar = Files.write(
                folder.resolve("demo.jar"), AdapterJar.storage("demo", "1.0.0").unsigned());
        Files.writeString(folder.resolve("odd.yaml"), "nonsense: true\n");
        Run odd = shell().run("adapter", "test", "--peer", path("odd.yaml"), jar.toString());
        assertThat(odd.exit()).isEqualTo(Exit.USAGE);
        assertThat(odd.err()).contains("nonsense");

        Files.writeString(folder.resolve("unset.yaml"), "place: {greeting: \"${NOBODY_HAS_SET_THIS}\"}\n");
        assertThat(shell().run("adapter", "test", "--peer", path("unset.yaml"), jar.toString())
                        .err())
                .contains("NOBODY_HAS_SET_THIS");

        Files.writeString(folder.resolve("no.jar"), "no jar");
        Run noJar = shell().run("adapter", "test", "--peer", path("peer.yaml"), path("no.jar"));
        assertThat(noJar.exit()).isEqualTo(Exit.USAGE);
        assertThat(noJar.err()).contains("not a jar");
    }

    private Run checked(String certificate, Path jar) {
        return result(certificate, folder.resolve("storage-file-kit.json"), jar);
    }

    private Run result(String certificate, Path result, Path jar) {
        return shell().run(
                        "adapter",
                        "test-result",
                        "--certificate",
                        path(certificate),
                        result.toString(),
                        jar.toString());
    }

    /** An adapter as the build has it, which is a folder before it is a jar. */
    private static Path packed(Class<?> component, Path jar) throws IOException, URISyntaxException {
        Path built = Path.of(
                component.getProtectionDomain().getCodeSource().getLocation().toURI());
        if (Files.isRegularFile(built)) {
            return Files.copy(built, jar);
        }
        try (OutputStream out = Files.newOutputStream(jar);
                JarOutputStream packed = new JarOutputStream(out);
                Stream<Path> files = Files.walk(built)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                packed.putNextEntry(new ZipEntry(built.relativize(file).toString()));
                Files.copy(file, packed);
            }
        }
        return jar;
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private Shell shell() {
        return new Shell(folder);
    }
}
