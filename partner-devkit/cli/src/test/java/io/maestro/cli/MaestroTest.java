package io.maestro.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.cli.Shell.Run;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MaestroTest {
    private static final String SCOPE = "/api/tenants/acme/environments/dev/instances";
    private static final String RUNNING = """
            {"tenant":"acme","environment":"dev","id":"files","adapter":"storage-file@1.0.0","type":"storage",
             "configuration":{},"wanted":"running","observed":"running","problem":null,"revision":1}""";

    @TempDir
    private Path home;

    private final FakeServer server = new FakeServer();

    @AfterEach
    void stop() {
        server.close();
    }

    private Shell shell() {
        return new Shell(home).at(server);
    }

    @Test
    void keepsASecretFromTheEnvironment() {
        server.on(
                "PUT /api/tenants/acme/environments/dev/secrets/shared/database",
                200,
                "{\"name\":\"shared/database\",\"version\":2,\"usedBy\":[\"files\"]}");

        Run set = shell().with("DB_PASSWORD", "very-secret")
                .run(
                        "secret",
                        "set",
                        "-t",
                        "acme",
                        "-e",
                        "dev",
                        "--if-version",
                        "1",
                        "--from",
                        "env:DB_PASSWORD",
                        "shared/database");

        assertThat(set.exit()).isZero();
        assertThat(server.last().body()).isEqualTo("{\"value\":\"very-secret\"}");
        assertThat(server.last().header("If-Match")).isEqualTo("\"1\"");
        assertThat(set.out()).contains("shared/database", "files").doesNotContain("very-secret");
        assertThat(shell().run("secret", "set", "-t", "acme", "-e", "dev", "--from", "very-secret", "a")
                        .exit())
                .isEqualTo(2);
        assertThat(shell().run("secret", "get", "-t", "acme", "-e", "dev", "../tokens")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void refersToASecretOfTheScope() {
        server.on("POST " + SCOPE + "?waitSeconds=10", 201, RUNNING);

        assertThat(shell().run(
                                "instance",
                                "create",
                                "-t",
                                "acme",
                                "-e",
                                "dev",
                                "-a",
                                "storage-file@1.0.0",
                                "--secret-ref",
                                "password=shared/database",
                                "files")
                        .exit())
                .isZero();
        assertThat(server.last().body()).contains("\"password\":{\"$secret\":\"shared/database\"}");
    }

    @Test
    void changesSingleValuesOfAConfigurationAtTheRevisionThatItRead() {
        server.on(
                "GET /api/tenants/acme/environments/dev/instances/files",
                200,
                "{\"id\":\"files\",\"revision\":3,\"configuration\":{\"bucket\":\"a\",\"region\":\"r\","
                        + "\"token\":{\"$secret\":\"instance/files/token\"},\"password\":{\"$secret\":\"shared\"}}}");
        server.on(
                "PUT /api/tenants/acme/environments/dev/instances/files/configuration?waitSeconds=10",
                200,
                "{\"id\":\"files\",\"observed\":\"running\",\"problem\":null}");

        Run run = shell().with("NEXT", "next-password")
                .run(
                        "instance",
                        "configure",
                        "-t",
                        "acme",
                        "-e",
                        "dev",
                        "--set",
                        "bucket=b",
                        "--unset",
                        "region",
                        "--unset",
                        "token",
                        "--secret",
                        "password=env:NEXT",
                        "files");

        assertThat(run.exit()).isZero();
        assertThat(server.last().header("If-Match")).isEqualTo("\"3\"");
        assertThat(server.last().body()).isEqualTo("{\"bucket\":\"b\",\"token\":null,\"password\":\"next-password\"}");
    }

    @Test
    void tellsWhenAConfigurationCannotBeUsed() throws IOException {
        server.on("GET /api/tenants/acme/environments/dev/instances/files", 200, "{\"id\":\"files\",\"revision\":3}");
        server.on(
                "PUT /api/tenants/acme/environments/dev/instances/files/configuration?waitSeconds=10",
                200,
                "{\"id\":\"files\",\"observed\":\"running\",\"problem\":{\"code\":\"adapter-failed\",\"title\":\"A title\"}}");
        Path file = Files.writeString(home.resolve("whole.json"), "{\"bucket\":\"c\"}");

        Run run = shell().run(
                        "instance",
                        "configure",
                        "-t",
                        "acme",
                        "-e",
                        "dev",
                        "--config",
                        file.toString(),
                        "--if-match",
                        "2",
                        "files");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.err() + run.out()).contains("adapter-failed");
        assertThat(server.last().header("If-Match")).isEqualTo("\"2\"");
        assertThat(server.last().body()).isEqualTo("{\"bucket\":\"c\"}");
    }

    @Test
    void rotatesKeys() {
        server.on(
                "POST /api/tenants/acme/environments/dev/secrets:rotate-data-key",
                200,
                "{\"dataKey\":2,\"secrets\":7}");
        server.on("POST /api/master-key:rotate", 200, "{\"masterKey\":\"0123456789abcdef\",\"dataKeys\":3}");

        assertThat(shell().run("secret", "rotate-data-key", "-t", "acme", "-e", "dev")
                        .out())
                .contains("Sealed 7 secrets anew; data key 2.");
        assertThat(shell().run("secret", "rotate-master-key").out())
                .contains("Wrapped 3 data keys anew; master key 0123456789abcdef.");
    }

    @Test
    void loginStoresTheTokenForTheUserAlone() throws IOException {
        server.on("GET /api/whoami", 200, "{\"name\":\"root\",\"roles\":[\"platform_admin\"]}");

        Run login = new Shell(home).typing("mst_a_b\n").run("login", "--url", server.url(), "--token-stdin");

        assertThat(login.exit()).isZero();
        assertThat(login.out()).contains("root").doesNotContain("mst_a_b");
        Path file = home.resolve(".config/maestro/credentials.json");
        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(PosixFilePermissions.fromString("rw-------"));
        assertThat(new Shell(home).run("whoami").exit()).isZero();
        assertThat(server.last().header("Authorization")).isEqualTo("Bearer mst_a_b");
    }

    @Test
    void loginStoresNothingWhenTheServerRefuses() {
        server.refusing("GET /api/whoami", 401, "unauthenticated");

        Run login = new Shell(home).run("login", "--url", server.url(), "--token", "wrong");

        assertThat(login.exit()).isEqualTo(4);
        assertThat(home.resolve(".config")).doesNotExist();
    }

    @Test
    void showsATokenOnlyToTheServerThatItWasStoredFor() {
        server.on("GET /api/whoami", 200, "{}");
        new Shell(home).run("login", "--url", server.url(), "--token", "mst_a_b");

        try (FakeServer other = new FakeServer()) {
            assertThat(new Shell(home).run("whoami", "--url", other.url()).exit())
                    .isEqualTo(4);
            assertThat(other.requests()).isEmpty();
        }
    }

    @Test
    void wantsOneSourceOfTheTokenOnly() {
        assertThat(new Shell(home).run("login", "--token", "a", "--token-stdin").exit())
                .isEqualTo(2);
        assertThat(new Shell(home).run("login").err()).contains("--token-file");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ftp://x", "localhost:8080", "http://user:pass@host", "http://", "http://a b"})
    void refusesOddAddresses(String url) {
        assertThat(new Shell(home)
                        .with("MAESTRO_TOKEN", "t")
                        .run("whoami", "--url", url)
                        .exit())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"400, 1", "404, 1", "409, 1", "429, 1", "500, 1", "503, 1", "401, 4", "403, 4"})
    void exitsByTheKindOfRefusal(int status, int exit) {
        server.refusing("GET /api/whoami", status, "some-code");

        Run run = shell().run("whoami");

        assertThat(run.exit()).isEqualTo(exit);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains("A title [some-code]", "a detail", "/place: is wrong", "a fix", "corr-1");
    }

    @Test
    void exitsWithThreeWhenNobodyListens() throws IOException {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Run run = new Shell(home).with("MAESTRO_TOKEN", "t").run("whoami", "--url", "http://127.0.0.1:" + port);

        assertThat(run.exit()).isEqualTo(3);
        assertThat(run.err()).contains("cli-unreachable", "./run");
    }

    @Test
    void exitsWithFourWhenNotLoggedIn() {
        assertThat(new Shell(home).run("tenant", "list").exit()).isEqualTo(4);
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void doesNotTakeAnyPageForAMaestroServer() {
        server.on("GET /api/whoami", 502, "<html>Bad gateway</html>");

        assertThat(shell().run("whoami").err()).contains("cli-unexpected-answer", "502");
    }

    @Test
    void printsProblemsAsJsonOnStandardError() throws JsonProcessingException {
        server.refusing("GET /api/whoami", 403, "forbidden");

        Run run = shell().run("whoami", "--json");

        assertThat(json(run.err()).path("code").asText()).isEqualTo("forbidden");
        assertThat(run.out()).isEmpty();
        assertThat(json(shell().run("tenant", "create", "--json").err())
                        .path("code")
                        .asText())
                .isEqualTo("cli-usage");
    }

    @Test
    void doesNotLetTheServerSteerTheTerminal() {
        server.on("GET /api/whoami", 200, "{\"name\":\"\\u001b[2Jevil\"}");

        assertThat(shell().run("whoami").out()).contains("?[2Jevil").doesNotContain("\u001b");
    }

    @Test
    void createsUnderAnIdempotencyKey() throws JsonProcessingException {
        server.on("POST /api/tenants", 201, "{\"id\":\"acme\"}");

        assertThat(shell().run("tenant", "create", "acme", "--display-name", "Acme Inc")
                        .exit())
                .isZero();

        assertThat(json(server.last().body())).isEqualTo(json("{\"id\":\"acme\",\"displayName\":\"Acme Inc\"}"));
        String first = server.last().header("Idempotency-Key");
        assertThat(first).isNotBlank();
        shell().run("tenant", "create", "acme");
        assertThat(server.last().header("Idempotency-Key")).isNotEqualTo(first);
    }

    @Test
    void checksNamesBeforeAsking() {
        Run run = shell().run("tenant", "create", "../whoami");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("invalid-name");
        assertThat(server.requests()).isEmpty();
    }

    @Test
    void followsPagesToTheLimit() throws JsonProcessingException {
        server.on("GET /api/tenants?limit=3", 200, "{\"items\":[{\"id\":\"a\"},{\"id\":\"b\"}],\"next\":\"x/y\"}")
                .on("GET /api/tenants?limit=1&cursor=x%2Fy", 200, "{\"items\":[{\"id\":\"c\"}],\"next\":\"z\"}");

        Run people = shell().run("tenant", "list", "--limit", "3");
        Run program = shell().run("tenant", "list", "--limit", "3", "--json");

        assertThat(people.out().lines()).hasSize(5);
        assertThat(people.out()).contains("TENANT", "more");
        assertThat(json(program.out()).path("items")).hasSize(3);
        assertThat(json(program.out()).path("next").asText()).isEqualTo("z");
    }

    @Test
    void putsAConfigurationTogether() throws IOException {
        server.on("POST " + SCOPE + "?waitSeconds=10", 201, RUNNING);
        Path config = Files.writeString(home.resolve("config.json"), "{\"bucket\":\"b\",\"region\":\"old\"}");
        Path secret = Files.writeString(home.resolve("secret"), "s3cr=et\n");

        Run run = shell().with("KEY_ID", "AKIA")
                .run(
                        "instance",
                        "create",
                        "files",
                        "-t",
                        "acme",
                        "-e",
                        "dev",
                        "--adapter",
                        "storage-s3@1.0.0",
                        "--config",
                        config.toString(),
                        "--set",
                        "region=eu-1",
                        "--set",
                        "pathStyle=true",
                        "--set",
                        "size=5",
                        "--set",
                        "version=1.0.0",
                        "--secret",
                        "secretAccessKey=@" + secret,
                        "--secret",
                        "accessKeyId=env:KEY_ID");

        assertThat(run.exit()).isZero();
        assertThat(json(server.last().body())).isEqualTo(json("""
                        {"id":"files","adapter":"storage-s3@1.0.0","configuration":{"bucket":"b","region":"eu-1",
                         "pathStyle":true,"size":5,"version":"1.0.0","secretAccessKey":"s3cr=et","accessKeyId":"AKIA"}}"""));
    }

    @Test
    void takesNoSecretFromTheCommandLine() {
        Run run = shell().run("instance", "create", "f", "-t", "a", "-e", "d", "-a", "x@1.0.0", "--secret", "k=plain");

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("env:NAME").doesNotContain("plain");
    }

    @Test
    void failsWhenTheInstanceCannotRun() {
        server.on(
                "POST " + SCOPE + "/files/start?waitSeconds=10",
                200,
                RUNNING.replace("\"observed\":\"running\"", "\"observed\":\"failed\"")
                        .replace(
                                "null",
                                "{\"title\":\"The instance cannot be opened\",\"code\":\"instance-open-failed\"}"));

        Run run = shell().run("instance", "start", "files", "-t", "acme", "-e", "dev");

        assertThat(run.exit()).isEqualTo(1);
        assertThat(run.out()).contains("failed");
        assertThat(run.err()).contains("instance-open-failed");
    }

    @Test
    void callsAnOperationWithInputFromAnywhere() throws IOException {
        server.on("POST " + SCOPE + "/files/operations/list", 200, "{\"objects\":[],\"next\":null}");
        Path file = Files.writeString(home.resolve("input.json"), "{\"limit\":1}");
        List<String> call = List.of("instance", "call", "files", "list", "-t", "acme", "-e", "dev", "--input");

        for (String input : List.of("{\"limit\":1}", "@" + file, "-")) {
            String[] arguments = java.util.stream.Stream.concat(call.stream(), java.util.stream.Stream.of(input))
                    .toArray(String[]::new);
            Run run = shell().typing("{\"limit\":1}").run(arguments);

            assertThat(run.exit()).as(run.err()).isZero();
            assertThat(json(run.out()).path("objects")).isEmpty();
            assertThat(json(server.last().body())).isEqualTo(json("{\"limit\":1}"));
        }
        assertThat(shell().run("instance", "call", "files", "list", "-t", "a", "-e", "d", "-i", "{,}")
                        .exit())
                .isEqualTo(2);
    }

    @Test
    void storesAndFetchesObjects() throws IOException {
        String object = SCOPE + "/files/objects/a%20b/%C3%BC.txt";
        server.on("PUT " + object, 200, "{\"key\":\"a b/ü.txt\",\"size\":5,\"etag\":\"e1\"}")
                .on("GET " + object, 200, "hello");
        Path file = Files.writeString(home.resolve("hello.txt"), "hello");
        String[] where = {"-t", "acme", "-e", "dev", "-i", "files"};

        Run put = shell().run(join(new String[] {"object", "put", "a b/ü.txt", file.toString(), "--if-absent"}, where));

        assertThat(put.exit()).as(put.err()).isZero();
        assertThat(server.last().body()).isEqualTo("hello");
        assertThat(server.last().header("If-None-Match")).isEqualTo("*");
        assertThat(server.last().header("Content-Length")).isEqualTo("5");
        assertThat(shell().run(join(new String[] {"object", "get", "a b/ü.txt"}, where))
                        .out())
                .isEqualTo("hello");
        Path fetched = home.resolve("fetched.txt");
        assertThat(shell().run(join(new String[] {"object", "get", "a b/ü.txt", "-o", fetched.toString()}, where))
                        .exit())
                .isZero();
        assertThat(fetched).hasContent("hello");
    }

    @Test
    void leavesTheFileAloneWhenTheObjectIsNotThere() throws IOException {
        server.refusing("GET " + SCOPE + "/files/objects/gone", 404, "object-not-found");
        Path file = Files.writeString(home.resolve("kept.txt"), "kept");

        Run run = shell().run("object", "get", "gone", "-t", "acme", "-e", "dev", "-i", "files", "-o", file.toString());

        assertThat(run.exit()).isEqualTo(1);
        assertThat(file).hasContent("kept");
        assertThat(home).isDirectoryNotContaining("glob:**.part");
    }

    @Test
    void asksForHealthWithoutAToken() {
        server.on(
                "GET /api/health/ready",
                200,
                "{\"status\":\"up\",\"checks\":[{\"name\":\"database\",\"status\":\"up\"}]}");

        Run up = new Shell(home).with("MAESTRO_URL", server.url()).run("health");

        assertThat(up.exit()).isZero();
        assertThat(server.last().header("Authorization")).isNull();
        server.on(
                "GET /api/health/ready",
                503,
                "{\"status\":\"down\",\"checks\":[{\"name\":\"database\",\"status\":\"down\",\"reason\":\"gone\"}]}");
        Run down = new Shell(home).with("MAESTRO_URL", server.url()).run("health");
        assertThat(down.exit()).isEqualTo(1);
        assertThat(down.err()).contains("database: down, gone");
    }

    @Test
    void showsANewTokenOnceAndAloneOnStandardOutput() {
        server.on(
                "POST /api/tenants/acme/tokens",
                201,
                "{\"token\":{\"id\":\"t1\",\"expiresAt\":\"2026-12-01T00:00:00Z\"},\"bearer\":\"mst_t1_x\"}");

        Run run = shell().run("token", "create", "ci", "--tenant", "acme", "--role", "tenant_developer", "--days", "7");

        assertThat(run.out()).isEqualTo("mst_t1_x\n");
        assertThat(run.err()).contains("t1");
        assertThat(server.last().body()).contains("tenant_developer", "\"lifetimeDays\":7");
    }

    @ParameterizedTest
    @CsvSource({
        "token revoke t1, DELETE /api/tokens/t1",
        "token revoke t1 --tenant acme, DELETE /api/tenants/acme/tokens/t1",
        "instance delete files -t acme -e dev, DELETE /api/tenants/acme/environments/dev/instances/files",
        "adapter uninstall echo@1.0.0, DELETE /api/adapters/echo/1.0.0",
        "object delete k -t acme -e dev -i files, DELETE /api/tenants/acme/environments/dev/instances/files/objects/k",
    })
    void deletes(String command, String line) {
        server.on(line, 204, "");

        assertThat(shell().run(command.split(" ", -1)).exit()).isZero();
        assertThat(server.last().line()).isEqualTo(line);
    }

    @ParameterizedTest
    @CsvSource({
        "token list, GET /api/tokens?limit=500",
        "environment list --tenant acme, GET /api/tenants/acme/environments?limit=500",
        "adapter list, GET /api/adapters?limit=500",
        "adapter list --name s3, GET /api/adapters?name=s3&limit=500",
        "adapter list --quarantined, GET /api/quarantine?limit=500",
        "publisher list, GET /api/publishers?limit=500",
        "security-event list, GET /api/security-events?limit=500",
        "receipts list, GET /api/receipts?order=newest&limit=500",
        "receipts list -t acme --action a.b --from 2026-01-01T00:00:00Z, "
                + "GET /api/tenants/acme/receipts?order=newest&action=a.b&from=2026-01-01T00%3A00%3A00Z&limit=500",
        "receipts keys, GET /api/receipt-keys",
        "instance list -t acme -e dev, GET /api/tenants/acme/environments/dev/instances?limit=500",
        "object list -t acme -e dev -i f --prefix a/b, "
                + "GET /api/tenants/acme/environments/dev/instances/f/objects?prefix=a%2Fb&limit=500",
    })
    void lists(String command, String line) {
        server.on(line, 200, "{\"items\":[],\"next\":null}");

        Run run = shell().run(command.split(" ", -1));

        assertThat(run.exit()).as(run.err()).isZero();
        assertThat(run.out()).isEqualTo("none\n");
    }

    @Test
    void createsAnEnvironment() throws JsonProcessingException {
        server.on("POST /api/tenants/acme/environments", 201, "{\"name\":\"qa\"}");

        assertThat(shell().run("environment", "create", "qa", "--tenant", "acme")
                        .exit())
                .isZero();
        assertThat(json(server.last().body())).isEqualTo(json("{\"name\":\"qa\"}"));
    }

    @Test
    void everyCommandHelpsAndIsInTheReference() throws IOException {
        Path reference = Path.of(Objects.requireNonNull(System.getProperty("maestro.reference")));
        String text = Files.readString(reference);
        for (List<String> command : Commands.all()) {
            String[] help = join(command.toArray(String[]::new), new String[] {"--help"});
            Run run = new Shell(home).run(help);
            assertThat(run.exit()).as(command.toString()).isZero();
            assertThat(run.out()).contains("Usage: maestro");
            assertThat(text).contains("maestro " + String.join(" ", command));
        }
        assertThat(new Shell(home).run("--help").out()).contains("Exit codes:", "5", "  login ", "  simulate ");
        assertThat(new Shell(home).run("--help", "tenant").out()).contains("  login ", "  simulate ");
        assertThat(new Shell(home).run("--json", "tenant", "--help").exit()).isZero();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "nonsense", "tenant", "tenant nonsense", "tenant list --nonsense", "tenant list --limit x"})
    void refusesWrongUse(String command) {
        assertThat(shell().run(command.isEmpty() ? new String[0] : command.split(" ", -1))
                        .exit())
                .isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"'', maestro", "adapter, maestro adapter"})
    void showsItsCommandsWhenNoneIsNamed(String command, String name) {
        Run run = new Shell(home).run(command.isEmpty() ? new String[0] : command.split(" ", -1));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).startsWith("Usage: " + name + " [-h").contains("Commands:", "list");
        assertThat(run.out()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "adaptr list, maestro adaptr, Did you mean maestro adapter?",
        "adaptr login, maestro adaptr, Did you mean maestro adapter?",
        "adapter lst, maestro adapter lst, Did you mean maestro adapter list?",
        "teleport, maestro teleport, To mend it: See maestro --help.",
    })
    void guessesWhichCommandWasMeant(String command, String wrong, String fix) {
        Run run = new Shell(home).run(command.split(" ", -1));

        assertThat(run.exit()).isEqualTo(2);
        assertThat(run.err()).contains("there is no command \"" + wrong + "\"", fix);
    }

    @Test
    void tellsItsVersion() {
        Run run = new Shell(home).run("--version");

        assertThat(run.exit()).isZero();
        assertThat(run.out()).startsWith("Maestro Conductor ");
    }

    @Test
    void listsCommandsByName() {
        assertThat(new Shell(home).run("adapter", "--help").out())
                .containsSubsequence("  get ", "  install ", "  list ", "  sign ", "  verify ", "  wait ");
    }

    @Test
    void showsWhatAConfigurationTakes() throws JsonProcessingException {
        server.on("GET /api/adapters/s3/1.0.0", 200, """
                {"id":"s3@1.0.0","configurationSchema":{"required":["key"],"properties":{
                 "region":{"type":"string","description":"Where it is."},
                 "key":{"type":"string","writeOnly":true,"description":"Signs."}}}}""");

        assertThat(shell().run("adapter", "get", "s3@1.0.0").out().lines())
                .contains(
                        "region         string  no        --set       Where it is.",
                        "key            string  yes       --secret    Signs.");
        assertThat(json(shell().run("adapter", "get", "s3@1.0.0", "--json").out())
                        .at("/configurationSchema/required/0")
                        .asText())
                .isEqualTo("key");
    }

    private static JsonNode json(String text) throws JsonProcessingException {
        return new JsonMapper().readTree(text);
    }

    private static String[] join(String[] first, String[] second) {
        return java.util.stream.Stream.of(first, second)
                .flatMap(java.util.Arrays::stream)
                .toArray(String[]::new);
    }
}
