package io.maestro.adapters;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.maestro.adapters.samples.BrokenFactory;
import io.maestro.adapters.samples.EchoFactory;
import io.maestro.adapters.samples.EchoStorage;
import io.maestro.adapters.samples.TakingStorage;
import io.maestro.adapters.tables.adapters.Tables;
import io.maestro.api.adapters.CauseCode;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Explanations.Cause;
import io.maestro.api.adapters.Explanations.Remedy;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.trust.AdapterManifest;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.PublisherName;
import io.maestro.model.Scope;
import io.maestro.model.TypeName;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jooq.JSON;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is proposed against whatever keeps an instance from running can be done: its dry run succeeds. */
class BrokenCasesTest {
    private static final Scope ACME = Scope.of("acme", "prod");
    private static final InstanceId MAIN = new InstanceId("main");
    private static final Actor ADA = Actor.system("test");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** By keyword: the schema of one property, and a value that breaks it. */
    private static final Map<String, Map.Entry<String, String>> KEYWORDS = keywords();

    @TempDir
    Path folder;

    private final MemorySecrets secrets = new MemorySecrets();
    private final List<Tried> all = new ArrayList<>();
    private TestDatabase rows;
    private PostgresDatabase database;
    private TestHost host;
    private byte[] echo = {};

    /**
     * A broken case.
     *
     * @param changes whether what is proposed changes anything
     * @param failure why the dry run failed; empty when it succeeded
     */
    private record Tried(String name, CauseCode code, boolean changes, String failure) {}

    private static Map<String, Map.Entry<String, String>> keywords() {
        Map<String, Map.Entry<String, String>> known = new LinkedHashMap<>();
        known.put("minimum", Map.entry("{\"type\":\"integer\",\"minimum\":3}", "1"));
        known.put("maximum", Map.entry("{\"type\":\"integer\",\"maximum\":3}", "9"));
        known.put("exclusive-minimum", Map.entry("{\"type\":\"number\",\"exclusiveMinimum\":0}", "0"));
        known.put("exclusive-maximum", Map.entry("{\"type\":\"number\",\"exclusiveMaximum\":1}", "1"));
        known.put("multiple-of", Map.entry("{\"type\":\"integer\",\"multipleOf\":4}", "6"));
        known.put("min-length", Map.entry("{\"type\":\"string\",\"minLength\":2}", "\"a\""));
        known.put("max-length", Map.entry("{\"type\":\"string\",\"maxLength\":2}", "\"abc\""));
        known.put("pattern", Map.entry("{\"type\":\"string\",\"pattern\":\"^[a-z]+$\"}", "\"A1\""));
        known.put("enum", Map.entry("{\"enum\":[\"red\",\"green\"]}", "\"blue\""));
        known.put("const", Map.entry("{\"const\":\"one\"}", "\"other\""));
        known.put("min-items", Map.entry("{\"type\":\"array\",\"minItems\":2}", "[1]"));
        known.put("max-items", Map.entry("{\"type\":\"array\",\"maxItems\":1}", "[1,2]"));
        known.put("unique-items", Map.entry("{\"type\":\"array\",\"uniqueItems\":true}", "[1,1]"));
        known.put("items", Map.entry("{\"type\":\"array\",\"items\":{\"type\":\"string\"}}", "[7]"));
        known.put("contains", Map.entry("{\"type\":\"array\",\"contains\":{\"const\":1}}", "[2]"));
        known.put("min-properties", Map.entry("{\"type\":\"object\",\"minProperties\":1}", "{}"));
        known.put("max-properties", Map.entry("{\"type\":\"object\",\"maxProperties\":1}", "{\"a\":1,\"b\":2}"));
        known.put(
                "property-names",
                Map.entry("{\"type\":\"object\",\"propertyNames\":{\"maxLength\":2}}", "{\"long\":1}"));
        known.put("required-within", Map.entry("{\"type\":\"object\",\"required\":[\"host\"]}", "{}"));
        known.put(
                "additional-within",
                Map.entry("{\"type\":\"object\",\"properties\":{},\"additionalProperties\":false}", "{\"a\":1}"));
        known.put("any-of", Map.entry("{\"anyOf\":[{\"type\":\"string\"},{\"type\":\"integer\"}]}", "true"));
        known.put("one-of", Map.entry("{\"oneOf\":[{\"minimum\":1},{\"maximum\":9}]}", "5"));
        known.put("all-of", Map.entry("{\"allOf\":[{\"type\":\"string\"},{\"minLength\":3}]}", "\"ab\""));
        known.put("not", Map.entry("{\"not\":{\"type\":\"null\"}}", "null"));
        known.put("string", Map.entry("{\"type\":\"string\"}", "7"));
        known.put("integer", Map.entry("{\"type\":\"integer\"}", "1.5"));
        known.put("number", Map.entry("{\"type\":\"number\"}", "\"1\""));
        known.put("boolean", Map.entry("{\"type\":\"boolean\"}", "\"yes\""));
        known.put("array", Map.entry("{\"type\":\"array\"}", "{}"));
        known.put("object", Map.entry("{\"type\":\"object\"}", "[]"));
        known.put("null", Map.entry("{\"type\":\"null\"}", "0"));
        known.put(
                "deep",
                Map.entry(
                        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"object\","
                                + "\"properties\":{\"b\":{\"type\":\"integer\"}}}}}",
                        "{\"a\":{\"b\":\"x\"}}"));
        return known;
    }

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

    @Test
    void proposesActsWhoseDryRunSucceeds() throws Exception {
        DefinitionId definition = admitEcho();
        create(MAIN, definition, "{\"greeting\":\"hello\"}");
        bundles();
        problems();
        behaviours();
        configurations();
        stopped();
        change(definition);
        denied(definition);
        artifactAndKey(definition);

        long succeeded = all.stream().filter(one -> one.failure().isEmpty()).count();
        List<Tried> changing = all.stream().filter(Tried::changes).toList();
        long changed = changing.stream().filter(one -> one.failure().isEmpty()).count();
        List<Tried> failed =
                all.stream().filter(one -> !one.failure().isEmpty()).toList();
        assertThat(all).extracting(Tried::name).doesNotHaveDuplicates().hasSizeGreaterThanOrEqualTo(80);
        assertThat(changing).as("dry runs that were made").hasSizeGreaterThanOrEqualTo(80);
        assertThat(succeeded / (double) all.size())
                .as("of all %d: %s", all.size(), failed)
                .isGreaterThanOrEqualTo(0.9);
        assertThat(changed / (double) changing.size())
                .as("of %d that change something: %s", changing.size(), failed)
                .isGreaterThanOrEqualTo(0.9);
    }

    /** Each is a definition, as it may have been admitted by a release that had what the bundle lacks now. */
    private void bundles() throws Exception {
        for (BrokenBundle one : BrokenBundle.all()) {
            DefinitionId definition = DefinitionId.parse("broken-" + one.name() + "@1.0.0");
            Path jar = one.bundle().write(Files.createTempFile(folder, "broken", ".jar"));
            Digest digest = Digest.of(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar)));
            new JooqDefinitions(database)
                    .insert(definition(definition, digest), sql -> JooqArtifacts.add(sql, digest, jar), ADA);
            InstanceId id = new InstanceId(one.name());
            create(id, definition, "{}");
            Cause cause = first(id);
            assertThat(cause.evidence().text().replace("\": ", "\":"))
                    .as(one.name())
                    .contains(one.evidence());
            tried("bundle " + one.name(), id, one.code(), cause);
            // else one that hangs does so at each start
            host.instances().delete(ACME, id, null, ADA);
        }
    }

    private static Definition definition(DefinitionId id, Digest digest) {
        AdapterManifest manifest = new AdapterManifest(
                id,
                new TypeName("storage"),
                "1.0",
                "Is broken.",
                "tests",
                "Apache-2.0",
                new AdapterManifest.Risk("low", "internal", false),
                new Json(TestHost.SCHEMA),
                new AdapterManifest.Permissions(List.of(), false, List.of()),
                Json.EMPTY_OBJECT);
        return new Definition(
                manifest, digest, 1, new PublisherName("tests"), TestHost.KEY, Instant.EPOCH, "test", List.of());
    }

    private void problems() {
        Map<Problem, CauseCode> known = WhyTest.knownProblems();
        known.put(WhyTest.problem("rate-limited", "too often"), CauseCode.QUOTA_EXCEEDED);
        known.put(WhyTest.problem("artifact-lost", "gone"), CauseCode.ARTIFACT_LOST);
        known.put(WhyTest.problem("instance-key-revoked", "revoked"), CauseCode.KEY_REVOKED);
        known.put(WhyTest.problem("bundle-start-failed", "it failed"), CauseCode.BUNDLE_FAILED);
        known.put(WhyTest.problem("instance-open-timeout", "too slow"), CauseCode.OPEN_HANGS);
        known.forEach((problem, code) ->
                tried("problem " + problem.code(), MAIN, code, new Causes(WhyTest.row()).of(problem)));
    }

    private void behaviours() throws Exception {
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
        expected.forEach((behaviour, code) -> {
            InstanceId id = new InstanceId(behaviour);
            create(id, broken, "{\"behaviour\":\"" + behaviour + "\"}");
            tried("adapter " + behaviour, id, code, first(id));
        });
    }

    /** As a configuration may be that another version of the adapter was given. */
    private void configurations() throws Exception {
        StringBuilder properties = new StringBuilder();
        KEYWORDS.forEach((keyword, property) -> properties
                .append(properties.isEmpty() ? "" : ",")
                .append("\"" + keyword + "\":")
                .append(property.getKey()));
        Path jar = new SampleBundle("strict", "1.0.0")
                .factory(EchoFactory.class)
                .with(EchoStorage.class, EchoStorage.Settings.class, TakingStorage.class)
                .header(
                        "X-Schema",
                        "{\"type\":\"object\",\"additionalProperties\":false,\"properties\":{" + properties + "}}")
                .write(Files.createTempFile(folder, "sample", ".jar"));
        DefinitionId strict = admit(Files.readAllBytes(jar));
        InstanceId id = new InstanceId("strict");
        create(id, strict, "{}");
        KEYWORDS.forEach((keyword, property) -> {
            configured(id, "{\"" + keyword + "\":" + property.getValue() + "}");
            Cause cause = invalid(id);
            tried("keyword " + keyword, id, CauseCode.CONFIGURATION_INVALID, cause);
            repaired("keyword " + keyword, id, cause);
        });
        configured(id, "{\"colour\":\"red\"}");
        tried("keyword additional", id, CauseCode.CONFIGURATION_INVALID, invalid(id));
    }

    /** What was shown in a dry run is done, and that was it. */
    private void repaired(String name, InstanceId id, Cause cause) {
        Json proposed = Objects.requireNonNull(cause.remedy().body());
        var _ = host.acts().carryOut(new InstanceAct.Configure(ACME, id, proposed, null), null, ADA);
        assertThat(host.instances().await(ACME, id, PATIENCE).observed())
                .as(name)
                .isEqualTo(Observed.RUNNING);
        assertThat(host.explanations().why(ACME, id).causes())
                .as(name)
                .extracting(Cause::code)
                .doesNotContain(cause.code());
    }

    private void stopped() {
        InstanceId id = new InstanceId("well");
        create(id, DefinitionId.parse("broken@1.0.0"), "{\"behaviour\":\"well\"}");
        host.instances().want(ACME, id, Wanted.STOPPED, null, ADA);
        tried("stopped", id, CauseCode.STOPPED, first(id));
    }

    private void change(DefinitionId definition) {
        InstanceId id = new InstanceId("changed");
        create(id, definition, "{}");
        host.instances().configure(ACME, id, new Json("{\"behaviour\":\"refuse\"}"), null, ADA);
        tried("change not made", id, CauseCode.CHANGE_NOT_MADE, first(id));
    }

    private void denied(DefinitionId definition) {
        InstanceId id = new InstanceId("denied");
        host.policy.forbidden.add(EntryPoint.SECRET_READ);
        create(id, definition, "{\"password\":\"hush\"}");
        tried("policy denies", id, CauseCode.POLICY_DENIED, first(id));
        host.policy.forbidden.clear();
    }

    private void artifactAndKey(DefinitionId definition) throws Exception {
        Digest digest = host.definitions().definition(definition).digest();
        host.stop();
        Path file = folder.resolve("data/artifacts").resolve(digest.hex() + ".jar");
        Files.delete(file);
        // else the node fetches it
        var _ = database.<Integer>noteAsPlatform(
                sql -> sql.deleteFrom(Tables.ARTIFACT_PART).execute());
        host = new TestHost(folder.resolve("data"), database, secrets);
        tried("artifact lost", MAIN, CauseCode.ARTIFACT_LOST, first(MAIN));
        Files.write(file, new byte[] {1, 2, 3});
        host.stop();
        host = new TestHost(folder.resolve("data"), database, secrets);
        tried("artifact damaged", MAIN, CauseCode.ARTIFACT_DAMAGED, first(MAIN));
        host.revoke(TestHost.KEY);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(first(MAIN).code()).isEqualTo(CauseCode.KEY_REVOKED));
        tried("key revoked", MAIN, CauseCode.KEY_REVOKED, first(MAIN));
    }

    private void tried(String name, InstanceId id, CauseCode code, Cause cause) {
        assertThat(cause.code()).as(name + ": " + cause.sentence()).isEqualTo(code);
        WhyTest.assertSound(cause, name);
        Remedy remedy = cause.remedy();
        all.add(new Tried(name, code, !remedy.method().equals("GET"), failure(id, remedy)));
    }

    private String failure(InstanceId id, Remedy remedy) {
        String path = remedy.path();
        String instance = "/api/tenants/acme/environments/prod/instances/" + id;
        try {
            if (remedy.method().equals("GET")) {
                assertServed(remedy);
            } else if (path.equals(instance + "/start")) {
                var _ = host.acts().plan(new InstanceAct.Want(ACME, id, Wanted.RUNNING, null), ADA);
            } else if (path.equals(instance + "/stop")) {
                var _ = host.acts().plan(new InstanceAct.Want(ACME, id, Wanted.STOPPED, null), ADA);
            } else if (path.equals(instance + "/configuration")) {
                var _ = host.acts()
                        .plan(new InstanceAct.Configure(ACME, id, Objects.requireNonNull(remedy.body()), null), ADA);
            } else if (path.equals("/api/adapters")) {
                var _ = host.definitions().plan(new ByteArrayInputStream(echo), ADA);
            } else {
                return remedy.method() + " " + path + " has no dry run";
            }
            return "";
        } catch (ProblemException e) {
            return e.problem().code() + ": " + e.problem().detail();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What only looks changes nothing, and there is nothing to try but that the server has it. */
    private static void assertServed(Remedy remedy) throws IOException {
        JsonNode paths = new JsonMapper()
                .readTree(Path.of("../../docs/reference/openapi.json").toFile())
                .path("paths");
        String path = remedy.path().replaceAll("\\?.*", "");
        assertThat(paths.properties())
                .as(remedy.path())
                .anyMatch(one -> path.matches(one.getKey().replaceAll("\\{[^}]*}", "[^/]+"))
                        && one.getValue().has(remedy.method().toLowerCase(Locale.ROOT)));
    }

    private Cause first(InstanceId id) {
        var _ = host.instances().await(ACME, id, PATIENCE);
        return host.explanations().why(ACME, id).causes().getFirst();
    }

    private Cause invalid(InstanceId id) {
        return host.explanations().why(ACME, id).causes().stream()
                .filter(found -> found.code() == CauseCode.CONFIGURATION_INVALID)
                .findFirst()
                .orElseThrow();
    }

    private void configured(InstanceId id, String configuration) {
        database.noteAsPlatform(sql -> sql.update(Tables.ADAPTER_INSTANCE)
                .set(Tables.ADAPTER_INSTANCE.CONFIGURATION, JSON.valueOf(configuration))
                .where(Tables.ADAPTER_INSTANCE.INSTANCE.eq(id.value()))
                .execute());
    }

    private void create(InstanceId id, DefinitionId definition, String configuration) {
        var _ = host.instances().create(ACME, id, definition, new Json(configuration), ADA);
        var _ = host.instances().await(ACME, id, PATIENCE);
    }

    private DefinitionId admitEcho() throws Exception {
        Path jar = new SampleBundle("echo", "1.0.0")
                .factory(EchoFactory.class)
                .with(EchoStorage.class, EchoStorage.Settings.class, TakingStorage.class)
                .write(Files.createTempFile(folder, "sample", ".jar"));
        echo = Files.readAllBytes(jar);
        return admit(echo);
    }

    private DefinitionId admit(String name, Class<?> factory, Class<?>... more) throws Exception {
        Path jar = new SampleBundle(name, "1.0.0")
                .factory(factory)
                .with(EchoStorage.class, EchoStorage.Settings.class)
                .with(more)
                .write(Files.createTempFile(folder, "sample", ".jar"));
        return admit(Files.readAllBytes(jar));
    }

    private DefinitionId admit(byte[] jar) throws Exception {
        return host.definitions()
                .admit(new ByteArrayInputStream(jar), "upload", ADA)
                .definition()
                .id();
    }
}
