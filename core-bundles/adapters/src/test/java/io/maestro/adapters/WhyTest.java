package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.adapters.samples.BrokenFactory;
import io.maestro.adapters.samples.EchoFactory;
import io.maestro.adapters.samples.EchoStorage;
import io.maestro.adapters.samples.TakingStorage;
import io.maestro.adapters.tables.adapters.Tables;
import io.maestro.api.adapters.CauseCode;
import io.maestro.api.adapters.Explanations.Cause;
import io.maestro.api.adapters.Explanations.Explanation;
import io.maestro.api.adapters.Explanations.Remedy;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.policy.EntryPoint;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.TypeName;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jooq.JSON;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever keeps an instance from running is told by its kind, in a sentence, with evidence and with an act. */
class WhyTest {
    /** What the sentence and the code say already. */
    private static final Set<CauseCode> SELF_EVIDENT =
            Set.of(CauseCode.STOPPED, CauseCode.FACTORY_MISSING, CauseCode.INSTANCE_REPLACED, CauseCode.NODE_STOPPING);

    private static final Scope ACME = Scope.of("acme", "prod");
    private static final Actor ADA = Actor.system("test");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final MemorySecrets secrets = new MemorySecrets();
    private TestDatabase rows;
    private PostgresDatabase database;
    private TestHost host;

    @BeforeEach
    void start() throws Exception {
        rows = TestPostgres.fresh();
        database =
                PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
        host = new TestHost(folder.resolve("data"), database, secrets);
    }

    @AfterEach
    void stop() throws Exception {
        host.stop();
        database.close();
        TestPostgres.drop(rows);
    }

    /** Bundles that do not come up, as they would after an upgrade of the server took away what they need. */
    @Test
    void explainsBundlesThatDoNotComeUp() throws Exception {
        InstanceRow row = row();
        for (BrokenBundle one : BrokenBundle.all()) {
            Path jar = one.bundle().write(folder.resolve("data/artifacts/" + one.name() + ".jar"));
            ProblemException thrown = catchThrowableOfType(
                    ProblemException.class,
                    () -> host.framework.bundles(Duration.ofSeconds(1)).start(jar));
            assertThat(thrown).as(one.name()).isNotNull();
            Cause cause = new Causes(row).of(thrown.problem());
            assertSound(cause, one.name());
            assertThat(cause.code())
                    .as(one.name() + ": " + thrown.problem().detail())
                    .isEqualTo(one.code());
            assertThat(cause.evidence().text()).as(one.name()).contains(one.evidence());
        }
    }

    /** Instances of bundles that come up. */
    @Test
    void explainsInstancesThatAreNotAsTheyShouldBe() throws Exception {
        DefinitionId broken = admit("broken", BrokenFactory.class, BrokenFactory.class.getDeclaredClasses());
        Map<String, CauseCode> expected = new LinkedHashMap<>();
        expected.put("null", CauseCode.OPEN_WRONG);
        expected.put("other", CauseCode.OPEN_WRONG);
        expected.put("error", CauseCode.OPEN_FAILED);
        expected.put("overflow", CauseCode.OPEN_FAILED);
        expected.put("throw", CauseCode.OPEN_FAILED);
        expected.put("refuse", CauseCode.OPEN_REFUSED);
        expected.put("hang", CauseCode.OPEN_HANGS);
        expected.put("down", CauseCode.UNHEALTHY);
        expected.put("degraded", CauseCode.DEGRADED);
        expected.put("health-throws", CauseCode.HEALTH_FAILED);
        expected.put("health-null", CauseCode.HEALTH_FAILED);
        expected.put("health-hangs", CauseCode.HEALTH_HANGS);
        for (String behaviour : expected.keySet()) {
            create(behaviour, broken, "{\"behaviour\":\"" + behaviour + "\"}");
        }
        expected.forEach((behaviour, code) -> {
            var _ = settled(behaviour);
            Cause cause = only(behaviour);
            assertThat(cause.code()).as(behaviour).isEqualTo(code);
            assertSound(cause, behaviour);
        });
        create("well", broken, "{\"behaviour\":\"well\"}");
        assertThat(settled("well")).isEqualTo(Observed.RUNNING);
        assertThat(why("well").causes()).isEmpty();
        assertThat(why("well").observed()).isEqualTo(Observed.RUNNING);
    }

    @Test
    void explainsAStoppedInstanceAndTheActStartsIt() throws Exception {
        DefinitionId echo = admit("echo", EchoFactory.class, TakingStorage.class);
        create("main", echo, "{}");
        host.instances().want(ACME, new InstanceId("main"), Wanted.STOPPED, null, ADA);
        assertThat(settled("main")).isEqualTo(Observed.STOPPED);

        Cause cause = only("main");

        assertThat(cause.code()).isEqualTo(CauseCode.STOPPED);
        assertThat(cause.remedy().path()).isEqualTo("/api/tenants/acme/environments/prod/instances/main/start");
        assertThat(cause.remedy().cli()).isEqualTo("maestro instance start -t acme -e prod main");
        assertSound(cause, "stopped");
        host.instances().want(ACME, new InstanceId("main"), Wanted.RUNNING, null, ADA);
        assertThat(settled("main")).isEqualTo(Observed.RUNNING);
        assertThat(only("main").code()).as("the echo calls itself degraded").isEqualTo(CauseCode.DEGRADED);
    }

    @Test
    void explainsAChangeThatWasNotMade() throws Exception {
        DefinitionId echo = admit("echo", EchoFactory.class, TakingStorage.class);
        create("main", echo, "{}");
        assertThat(settled("main")).isEqualTo(Observed.RUNNING);
        host.instances().configure(ACME, new InstanceId("main"), new Json("{\"behaviour\":\"refuse\"}"), null, ADA);
        assertThat(settled("main")).isEqualTo(Observed.RUNNING);

        assertThat(codes("main")).startsWith(CauseCode.CHANGE_NOT_MADE, CauseCode.OPEN_REFUSED);
        Remedy remedy = why("main").causes().getFirst().remedy();
        assertThat(remedy.method() + " " + remedy.path())
                .isEqualTo("PUT /api/tenants/acme/environments/prod/instances/main/configuration");
        assertThat(remedy.body()).isEqualTo(new Json("{\"behaviour\": \"refuse\"}"));
    }

    @Test
    void explainsARevokedKeyAndAMissingAndADamagedArtifact() throws Exception {
        DefinitionId echo = admit("echo", EchoFactory.class, TakingStorage.class);
        Digest digest = host.definitions().definition(echo).digest();
        create("main", echo, "{}");
        assertThat(settled("main")).isEqualTo(Observed.RUNNING);
        host.stop();
        Path file = folder.resolve("data/artifacts").resolve(digest.hex() + ".jar");
        byte[] bytes = Files.readAllBytes(file);
        Files.delete(file);
        // else the node fetches it
        var _ = database.<Integer>noteAsPlatform(
                sql -> sql.deleteFrom(Tables.ARTIFACT_PART).execute());
        host = new TestHost(folder.resolve("data"), database, secrets);
        assertThat(settled("main")).isEqualTo(Observed.FAILED);
        assertThat(only("main").code()).isEqualTo(CauseCode.ARTIFACT_LOST);
        assertSound(only("main"), "lost");

        Files.write(file, new byte[] {1, 2, 3});
        assertThat(codes("main")).contains(CauseCode.ARTIFACT_DAMAGED);
        Files.write(file, bytes);

        host.revoke(TestHost.KEY);
        org.awaitility.Awaitility.await()
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(codes("main")).startsWith(CauseCode.KEY_REVOKED));
        assertThat(why("main").causes().getFirst().evidence().text()).contains(TestHost.KEY.hex());
        assertSound(why("main").causes().getFirst(), "revoked");
    }

    @Test
    void explainsWhatThePolicyDenies() throws Exception {
        DefinitionId echo = admit("echo", EchoFactory.class, TakingStorage.class);
        host.policy.forbidden.add(EntryPoint.SECRET_READ);
        create("main", echo, "{\"password\":\"hush\"}");
        assertThat(settled("main")).isEqualTo(Observed.FAILED);

        Cause cause = only("main");

        assertThat(cause.code()).isEqualTo(CauseCode.POLICY_DENIED);
        assertThat(cause.remedy().method()).isEqualTo("GET");
        assertSound(cause, "policy");
        assertThat(cause.toString()).doesNotContain("hush");
    }

    /** As a configuration may be that another version of the adapter was given. */
    @Test
    void explainsEveryKeywordThatAConfigurationBreaks() throws Exception {
        DefinitionId echo = admit("echo", EchoFactory.class, TakingStorage.class);
        Map<String, String> broken = new LinkedHashMap<>();
        broken.put("type", "{\"greeting\":7}");
        broken.put("maxlength", "{\"greeting\":\"" + "x".repeat(21) + "\"}");
        broken.put("additionalproperties", "{\"colour\":\"red\"}");
        for (Map.Entry<String, String> one : broken.entrySet()) {
            create(one.getKey(), echo, "{\"password\":\"hush\"}");
            var _ = settled(one.getKey());
            database.noteAsPlatform(sql -> sql.update(Tables.ADAPTER_INSTANCE)
                    .set(Tables.ADAPTER_INSTANCE.CONFIGURATION, JSON.valueOf(one.getValue()))
                    .where(Tables.ADAPTER_INSTANCE.INSTANCE.eq(one.getKey()))
                    .execute());
            Cause cause = why(one.getKey()).causes().stream()
                    .filter(found -> found.code() == CauseCode.CONFIGURATION_INVALID)
                    .findFirst()
                    .orElseThrow();
            assertSound(cause, one.getKey());
            assertThat(cause.evidence().text()).contains("\"pointer\":\"/");
        }
    }

    /** What the host is told by others, by the codes that stand in problems.md. */
    static Map<Problem, CauseCode> knownProblems() {
        Map<Problem, CauseCode> expected = new LinkedHashMap<>();
        expected.put(
                problem("secret-unknown", "there is no secret \"shared/db\" in acme/prod"), CauseCode.SECRET_MISSING);
        expected.put(problem("secret-damaged", "it is damaged"), CauseCode.SECRET_UNREADABLE);
        expected.put(problem("secrets-unreadable", "no key"), CauseCode.SECRET_UNREADABLE);
        expected.put(problem("master-key-wrong", "another key"), CauseCode.SECRET_UNREADABLE);
        expected.put(problem("master-key-unavailable", "the token is away"), CauseCode.SECRETS_UNAVAILABLE);
        expected.put(problem("policy-denied", "no"), CauseCode.POLICY_DENIED);
        expected.put(problem("approval-required", "ask"), CauseCode.APPROVAL_MISSING);
        expected.put(problem("approval-not-valid", "ask"), CauseCode.APPROVAL_MISSING);
        expected.put(problem("policy-unavailable", "away"), CauseCode.POLICY_UNAVAILABLE);
        expected.put(problem("quota-exceeded", "too many"), CauseCode.QUOTA_EXCEEDED);
        expected.put(problem("tenant-leaving", "it leaves"), CauseCode.TENANT_LEAVING);
        expected.put(problem("database-unavailable", "away"), CauseCode.DATABASE_UNAVAILABLE);
        expected.put(problem("blast-radius-exceeded", "too far"), CauseCode.BLAST_RADIUS);
        expected.put(problem("something-new", "unheard of"), CauseCode.OTHER);
        return expected;
    }

    @Test
    void knowsTheKindOfEveryProblemThatKeepsAnInstanceFromOpening() {
        Map<Problem, CauseCode> expected = knownProblems();
        expected.forEach((problem, code) -> {
            Cause cause = new Causes(row()).of(problem);
            assertThat(cause.code()).as(problem.code()).isEqualTo(code);
            assertSound(cause, problem.code());
        });
        Problem secret = expected.keySet().iterator().next();
        assertThat(new Causes(row()).of(secret).remedy().path())
                .isEqualTo("/api/tenants/acme/environments/prod/secrets/shared/db");
    }

    @Test
    void hasAnActForEveryKindOfCause() {
        for (CauseCode code : CauseCode.values()) {
            Remedy remedy = new Remedies(row()).of(code, "x");
            assertThat(remedy.description()).as(code.code()).endsWith(".");
            assertThat(remedy.cli()).startsWith("maestro ");
            assertThat(remedy.path()).startsWith("/api/");
        }
        assertThat(CauseCode.values()).hasSizeGreaterThan(40);
    }

    @Test
    void proposesActsThatTheServerAndTheCommandLineHave() throws Exception {
        JsonNode paths = new JsonMapper()
                .readTree(Path.of("../../docs/reference/openapi.json").toFile())
                .path("paths");
        String commands = Files.readString(Path.of("../../docs/reference/cli.md"));
        for (CauseCode code : CauseCode.values()) {
            Remedy remedy = new Remedies(row()).of(code, "x");
            String path = remedy.path().replaceAll("\\?.*", "");
            assertThat(paths.properties())
                    .as(code.code() + ": " + remedy.method() + " " + remedy.path())
                    .anyMatch(one -> path.matches(one.getKey().replaceAll("\\{[^}]*}", "[^/]+"))
                            && one.getValue().has(remedy.method().toLowerCase(java.util.Locale.ROOT)));
            String command = String.join(
                    " ",
                    List.of(remedy.cli().split(" ", -1)).stream()
                            .limit(3)
                            .filter(word -> !word.startsWith("-"))
                            .toList());
            assertThat(commands).as(code.code()).contains("`" + command);
        }
    }

    @Test
    void saysNothingOfAnInstanceThatIsNotThere() {
        ProblemException refused = catchThrowableOfType(ProblemException.class, () -> why("nobody"));
        assertThat(refused.problem().code()).isEqualTo("instance-unknown");
    }

    static void assertSound(Cause cause, String what) {
        assertThat(cause.sentence())
                .as(what)
                .isNotBlank()
                .hasSizeLessThan(600)
                .doesNotContain("(&", "(|", "(!", "\n")
                .doesNotContainPattern("\\([^()\\s]*[<>~]?=");
        assertThat(Documents.tree(cause.evidence().text()).isObject()).as(what).isTrue();
        if (!SELF_EVIDENT.contains(cause.code())) {
            assertThat(Documents.tree(cause.evidence().text())).as(what).isNotEmpty();
        }
        assertThat(cause.remedy().description()).as(what).isNotBlank();
        assertThat(cause.remedy().cli()).as(what).startsWith("maestro ");
    }

    static Problem problem(String code, String detail) {
        return new Problem(
                code,
                io.maestro.model.ProblemCategory.CALLER,
                409,
                "title",
                detail,
                null,
                List.of(),
                io.maestro.model.Retry.never());
    }

    static InstanceRow row() {
        return new InstanceRow(
                new InstanceKey(ACME, new InstanceId("main")),
                1,
                DefinitionId.parse("echo@1.0.0"),
                TestHost.KEY,
                new TypeName("storage"),
                Json.EMPTY_OBJECT,
                1,
                null,
                Wanted.RUNNING,
                1,
                Instant.EPOCH,
                Instant.EPOCH);
    }

    private Explanation why(String instance) {
        return host.explanations().why(ACME, new InstanceId(instance));
    }

    private List<CauseCode> codes(String instance) {
        return why(instance).causes().stream().map(Cause::code).toList();
    }

    private Cause only(String instance) {
        List<Cause> causes = why(instance).causes();
        assertThat(causes).as(instance).hasSize(1);
        return causes.getFirst();
    }

    private Observed settled(String instance) {
        return host.instances().await(ACME, new InstanceId(instance), PATIENCE).observed();
    }

    private void create(String instance, DefinitionId definition, String configuration) {
        var _ = host.instances().create(ACME, new InstanceId(instance), definition, new Json(configuration), ADA);
    }

    private DefinitionId admit(String name, Class<?> factory, Class<?>... more) throws Exception {
        Path file = new SampleBundle(name, "1.0.0")
                .factory(factory)
                .with(EchoStorage.class, EchoStorage.Settings.class)
                .with(more)
                .write(Files.createTempFile(folder, "sample", ".jar"));
        return host.definitions()
                .admit(new ByteArrayInputStream(Files.readAllBytes(file)), "upload", ADA)
                .definition()
                .id();
    }
}
