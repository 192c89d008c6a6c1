package io.maestro.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.cli.Shell.Run;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.artifacts.TestPublisher.KeyKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who may sign packs for a server, the limits that packs go by, and how seriously rules are taken. */
final class PolicyAdministrationTest {
    private static final String KEY = """
            {"tenant":null,"id":"house-2026","algorithm":"RS256","publicKey":"-----BEGIN PUBLIC KEY-----",
             "trustedAt":"2026-11-26T10:00:00Z","trustedBy":"token:1"}""";
    private static final String KEYS = "{\"items\":[" + KEY + "],\"next\":null}";
    private static final String SETTINGS = """
            {"document":{"profile":"internal","maxRisk":"low"},"revision":3,"updatedAt":"2026-11-26T10:00:00Z",
             "updatedBy":"token:1"}""";
    private static final String MODES = """
            {"document":{"packs":{"house":"warn"},"rules":{"R-1":"shadow"}},"revision":4,
             "updatedAt":"2026-11-26T10:00:00Z","updatedBy":"token:1"}""";
    private static final String NEVER_SET = "{\"document\":{},\"revision\":0,\"updatedAt\":null,\"updatedBy\":null}";
    private static final Pattern WORD = Pattern.compile("'[^']*'|\\S+");
    private static final String PASSWORD = "not-a-secret";

    @TempDir
    private Path folder;

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource({"RSA, RS256", "EC, ES256", "ED25519, EdDSA"})
    void trustsTheKeyOfACertificateAsBundlesAreSignedWithIt(KeyKind kind, String algorithm) throws IOException {
        Path certificate = certificate(kind);
        server.on("POST /api/policy/keys", 201, KEY);

        Run run = shell().run("policy", "trust-key", "--name", "house-2026", "--certificate", certificate.toString());

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("house-2026", algorithm, "the installation");
        JsonNode sent = json(server.last().body());
        assertThat(sent).hasSize(3);
        assertThat(sent.path("id").asText()).isEqualTo("house-2026");
        assertThat(sent.path("algorithm").asText()).isEqualTo(algorithm);
        assertThat(sent.path("publicKey").asText())
                .startsWith("-----BEGIN PUBLIC KEY-----\n")
                .endsWith("\n-----END PUBLIC KEY-----\n");
    }

    @Test
    void sendsAKeyThatVerifiesWhatTheCommandSigns() throws IOException {
        Path certificate = certificate(KeyKind.EC);
        Files.createDirectories(folder.resolve("house"));
        Files.writeString(folder.resolve("house/.manifest"), "{\"revision\":\"7\",\"roots\":[\"maestro\"]}");
        Files.writeString(folder.resolve("house/install.rego"), "package maestro.adapter.install\n");
        String bundle = folder.resolve("house.tar.gz").toString();
        shell().run("policy", "build", "-o", bundle, folder.resolve("house").toString());
        shell().with("MAESTRO_KEY_PASSWORD", PASSWORD)
                .run("policy", "sign", "--key", folder.resolve("initech.p12").toString(), bundle);
        server.on("POST /api/tenants/acme/policy-keys", 201, KEY);

        shell().run("policy", "trust-key", "-t", "acme", "--name", "initech", "--certificate", certificate.toString());

        Path sent = Files.writeString(
                folder.resolve("sent.pem"),
                json(server.last().body()).path("publicKey").asText());
        Run verified = shell().run("policy", "verify", "--certificate", sent.toString(), "--key-id", "initech", bundle);
        assertThat(verified.exit()).as(verified.err()).isZero();
        // and the public key by itself is trusted as the same
        String first = server.last().body();
        shell().run("policy", "trust-key", "-t", "acme", "--name", "initech", "--public-key", sent.toString());
        assertThat(server.requests()).hasSize(2);
        assertThat(json(server.last().body())).isEqualTo(json(first));
    }

    @Test
    void trustsAKeyForAnAlgorithmThatIsNamed() throws IOException {
        Path certificate = certificate(KeyKind.RSA);
        server.on("POST /api/policy/keys", 201, KEY);

        Run run = shell().run(
                        "policy",
                        "trust-key",
                        "--name",
                        "house-2026",
                        "--certificate",
                        certificate.toString(),
                        "--algorithm",
                        "PS256");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(json(server.last().body()).path("algorithm").asText()).isEqualTo("PS256");
    }

    @Test
    void trustsNoCertificateThatHasEnded() throws IOException {
        Instant now = Instant.now();
        TestPublisher ended =
                TestPublisher.create("initech", KeyKind.EC, now.minusSeconds(7_200), now.minusSeconds(3_600));
        Path certificate = Files.writeString(folder.resolve("ended.pem"), ended.pem());

        Run run = shell().run("policy", "trust-key", "--name", "house", "--certificate", certificate.toString());

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("the certificate ended at");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void listsKeysAndStopsTrustingOne() {
        server.on("GET /api/policy/keys", 200, KEYS)
                .on("GET /api/tenants/acme/policy-keys", 200, KEYS)
                .on("DELETE /api/policy/keys/house-2026", 204, "")
                .on("DELETE /api/tenants/acme/policy-keys/house-2026", 204, "");

        assertThat(shell().run("policy", "keys").out()).contains("house-2026", "RS256", "token:1");
        assertThat(shell().run("policy", "keys", "-t", "acme").exit()).isZero();
        Run run = shell().run("policy", "distrust-key", "house-2026");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).contains("No longer trusting the key house-2026.");
        assertThat(shell().run("policy", "distrust-key", "-t", "acme", "house-2026", "--json")
                        .out())
                .isEqualTo("{\"distrusted\":\"house-2026\"}\n");
        assertThat(server.last().line()).isEqualTo("DELETE /api/tenants/acme/policy-keys/house-2026");
    }

    @Test
    void showsSettingsInAFormThatCanBeSetAgain() throws JsonProcessingException {
        server.on("GET /api/policy/settings", 200, SETTINGS)
                .on("GET /api/tenants/acme/policy-settings", 200, NEVER_SET);

        Run people = shell().run("policy", "settings", "show");
        assertThat(json(people.out())).isEqualTo(json(SETTINGS).path("document"));
        assertThat(people.err()).contains("Revision 3", "2026-11-26T10:00:00Z", "token:1");
        assertThat(json(shell().run("policy", "settings", "show", "--json").out()))
                .isEqualTo(json(SETTINGS));
        assertThat(shell().run("policy", "settings", "show", "-t", "acme").err())
                .contains("never set");
    }

    @Test
    void changesSingleSettingsAndKeepsTheOthers() throws JsonProcessingException {
        server.on("GET /api/policy/settings", 200, SETTINGS).on("PUT /api/policy/settings", 200, SETTINGS);

        Run run = shell().run(
                        "policy",
                        "settings",
                        "set",
                        "profile=hosted-saas",
                        "dualControl=true",
                        "regions=[\"eu-central-1\"]");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(json(server.last().body())).isEqualTo(json("""
                {"profile":"hosted-saas","maxRisk":"low","dualControl":true,"regions":["eu-central-1"]}"""));
        assertThat(server.last().header("If-Match")).isEqualTo("\"3\"");
        assertThat(shell().run("policy", "settings", "set", "--unset", "maxRisk", "--if-match", "2")
                        .exit())
                .isZero();
        assertThat(json(server.last().body())).isEqualTo(json("{\"profile\":\"internal\"}"));
        assertThat(server.last().header("If-Match")).isEqualTo("\"2\"");
    }

    @Test
    void replacesAllSettingsByAFile() throws IOException {
        Path file = Files.writeString(folder.resolve("settings.json"), "{\"profile\":\"white-label\"}");
        server.on("GET /api/tenants/acme/policy-settings", 200, SETTINGS)
                .on("PUT /api/tenants/acme/policy-settings", 200, SETTINGS);

        Run run = shell().run("policy", "settings", "set", "-t", "acme", "@" + file, "maxRisk=high");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(json(server.last().body())).isEqualTo(json("{\"profile\":\"white-label\",\"maxRisk\":\"high\"}"));
        assertThat(shell().typing("{\"profile\":\"internal\"}")
                        .run("policy", "settings", "set", "-t", "acme", "-")
                        .exit())
                .isZero();
        assertThat(json(server.last().body())).isEqualTo(json("{\"profile\":\"internal\"}"));
    }

    @Test
    void saysThatSomebodyElseChangedTheSettings() {
        server.on("GET /api/policy/settings", 200, SETTINGS)
                .refusing("PUT /api/policy/settings", 412, "revision-changed");

        Run run = shell().run("policy", "settings", "set", "maxRisk=high");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err()).contains("revision-changed");
    }

    @Test
    void listsModes() throws JsonProcessingException {
        server.on("GET /api/policy/modes", 200, MODES).on("GET /api/tenants/acme/policy-modes", 200, NEVER_SET);

        assertThat(shell().run("policy", "mode", "list").out().lines())
                .containsExactly("OF    NAME   MODE", "pack  house  warn", "rule  R-1    shadow");
        assertThat(json(shell().run("policy", "mode", "list", "--json").out())).isEqualTo(json(MODES));
        assertThat(shell().run("policy", "mode", "list", "-t", "acme").out()).isEqualTo("none\n");
    }

    @Test
    void givesARuleOrAPackAnotherModeAndKeepsTheOthers() throws JsonProcessingException {
        server.on("GET /api/policy/modes", 200, MODES)
                .on("PUT /api/policy/modes", 200, MODES)
                .on("GET /api/tenants/acme/policy-modes", 200, NEVER_SET)
                .on("PUT /api/tenants/acme/policy-modes", 200, NEVER_SET);

        Run run = shell().run("policy", "mode", "set", "--rule", "R-1", "warn");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("The rule R-1 has the mode warn.\n");
        assertThat(json(server.last().body()))
                .isEqualTo(json("{\"packs\":{\"house\":\"warn\"},\"rules\":{\"R-1\":\"warn\"}}"));
        assertThat(server.last().header("If-Match")).isEqualTo("\"4\"");
        assertThat(shell().run("policy", "mode", "set", "-t", "acme", "--pack", "acme", "enforce")
                        .exit())
                .isZero();
        assertThat(json(server.last().body())).isEqualTo(json("{\"packs\":{\"acme\":\"enforce\"}}"));
        assertThat(server.last().header("If-Match")).isEqualTo("\"0\"");
    }

    @Test
    void takesAPackAway() {
        server.on("DELETE /api/policy/packs/house", 204, "").on("DELETE /api/tenants/acme/policy-packs/house", 204, "");

        Run run = shell().run("policy", "remove", "house");
        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("The pack house decides no more.\n");
        assertThat(shell().run("policy", "remove", "-t", "acme", "house", "--json")
                        .out())
                .isEqualTo("{\"removed\":\"house\"}\n");
        server.refusing("DELETE /api/policy/packs/gone", 404, "policy-pack-unknown");
        assertThat(shell().run("policy", "remove", "gone").err()).contains("policy-pack-unknown");
    }

    @Test
    void takesAModeAwayAgain() throws JsonProcessingException {
        server.on("GET /api/policy/modes", 200, MODES).on("PUT /api/policy/modes", 200, MODES);

        Run run = shell().run("policy", "mode", "clear", "--pack", "house");

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(json(server.last().body())).isEqualTo(json("{\"packs\":{},\"rules\":{\"R-1\":\"shadow\"}}"));
        int asked = server.requests().size();
        Run absent = shell().run("policy", "mode", "clear", "--rule", "R-2");
        assertThat(absent.exit()).isEqualTo(2);
        assertThat(absent.err()).contains("no mode is set for the rule R-2", "maestro policy mode list");
        assertThat(server.requests()).hasSize(asked + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "policy trust-key --name house",
                "policy trust-key --certificate FOLDER/good.pem",
                "policy trust-key --name house --certificate FOLDER/good.pem --public-key FOLDER/good.pem",
                "policy trust-key --name house --certificate FOLDER/nowhere.pem",
                "policy trust-key --name house --public-key FOLDER/good.pem",
                "policy trust-key --name house --public-key FOLDER/private.pem",
                "policy trust-key --name house --public-key FOLDER/broken.pem",
                "policy trust-key --name a/b --certificate FOLDER/good.pem",
                "policy trust-key --name house --certificate FOLDER/good.pem --algorithm HS256",
                "policy trust-key --name house --certificate FOLDER/good.pem --algorithm none",
                "policy distrust-key ..",
                "policy distrust-key a/b",
                "policy settings",
                "policy settings set",
                "policy settings set nonsense",
                "policy settings set @FOLDER/nowhere.json",
                "policy settings set @FOLDER/list.json",
                "policy settings set @FOLDER/list.json -",
                "policy remove",
                "policy remove ../x",
                "policy mode set --rule R-1",
                "policy mode set --rule R-1 loud",
                "policy mode set warn",
                "policy mode set --rule R-1 --pack house warn",
                "policy mode set --pack ../x warn",
                "policy mode clear",
            })
    void asksNothingWhenItIsUsedWrongly(String command) throws IOException {
        Files.writeString(folder.resolve("good.pem"), Files.readString(certificate(KeyKind.EC)));
        Files.writeString(
                folder.resolve("private.pem"), "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
        Files.writeString(folder.resolve("broken.pem"), "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n");
        Files.writeString(folder.resolve("list.json"), "[]");

        Run run = shell().run(command.replace("FOLDER", folder.toString()).split(" ", -1));

        assertThat(run.exit()).as(run.out() + run.err()).isEqualTo(2);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void listsItsCommandsByName() {
        assertThat(shell().run("policy", "mode", "--help").out()).containsSubsequence("  clear ", "  list ", "  set ");
    }

    @Test
    void knowsEveryCommandOfTheGuideToPacks() throws IOException {
        Path reference = Path.of(Objects.requireNonNull(System.getProperty("maestro.reference")));
        String guide = Files.readString(reference.resolveSibling("../how-to/policy-packs.md"));
        List<String> commands = guide.replace("\\\n", " ")
                .lines()
                .filter(line -> line.startsWith("maestro "))
                .toList();

        assertThat(commands).hasSizeGreaterThan(15);
        for (String command : commands) {
            List<String> words = WORD.matcher(command.replaceAll(" > .*", ""))
                    .results()
                    .map(word -> word.group().replace("'", ""))
                    .skip(1)
                    .toList();
            assertThatCode(() ->
                            Maestro.commandLine(new Session(Terminal.system())).parseArgs(words.toArray(String[]::new)))
                    .as(command)
                    .doesNotThrowAnyException();
        }
    }

    private Path certificate(KeyKind kind) throws IOException {
        Instant now = Instant.now();
        TestPublisher publisher = TestPublisher.create("initech", kind, now.minusSeconds(60), now.plusSeconds(600));
        publisher.writeKeyStore(folder.resolve("initech.p12"), PASSWORD);
        return Files.writeString(folder.resolve("initech.pem"), publisher.pem());
    }

    private Shell shell() {
        return new Shell(folder).at(server);
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new JsonMapper().readTree(text);
    }
}
