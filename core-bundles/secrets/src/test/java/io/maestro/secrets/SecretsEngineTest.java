package io.maestro.secrets;

import static io.maestro.secrets.EngineOfTests.ACME;
import static io.maestro.secrets.EngineOfTests.ACTOR;
import static io.maestro.secrets.EngineOfTests.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.maestro.api.node.MasterKeys;
import io.maestro.api.secrets.InstanceSecrets.InstanceOf;
import io.maestro.api.secrets.SecretName;
import io.maestro.api.secrets.Secrets;
import io.maestro.api.secrets.Secrets.KeptSecret;
import io.maestro.api.secrets.Secrets.Purpose;
import io.maestro.api.secrets.Secrets.Read;
import io.maestro.api.secrets.Secrets.Version;
import io.maestro.model.Environment;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SecretsEngineTest {
    @TempDir
    Path folder;

    private TestDatabase rows;
    private EngineOfTests engine;

    @BeforeEach
    void start() {
        rows = TestPostgres.fresh();
        engine = new EngineOfTests(rows, new MasterKeys.KeyFile(folder.resolve("master.key")));
    }

    @AfterEach
    void stop() {
        engine.close();
        TestPostgres.drop(rows);
    }

    @Test
    void sealsWhatIsOfNoTenantByTheMasterKey() {
        byte[] plain = "the key of something".getBytes(StandardCharsets.UTF_8);
        byte[] sealed = engine.engine.seal().seal("logins", plain);

        assertThat(new String(sealed, StandardCharsets.ISO_8859_1)).doesNotContain("the key");
        assertThat(engine.engine.seal().open("logins", sealed))
                .hasValueSatisfying(open -> assertThat(open).isEqualTo(plain));
        assertThat(engine.engine.seal().open("other", sealed)).isEmpty();
        byte[] changed = sealed.clone();
        changed[sealed.length - 1] ^= 1;
        assertThat(engine.engine.seal().open("logins", changed)).isEmpty();
        byte[] ofAnother = sealed.clone();
        ofAnother[1] = 'x';
        assertThat(engine.engine.seal().open("logins", ofAnother)).isEmpty();
        for (byte[] odd : List.of(new byte[0], new byte[] {-1, 2}, new byte[] {5, 1})) {
            assertThat(engine.engine.seal().open("logins", odd)).isEmpty();
        }
    }

    @Test
    void tellsTheValuesOfASecretThatWasMadeAnewFromThoseBefore() {
        put("database", "first-value", null);
        String first = lineage();
        assertThat(lineage()).isEqualTo(first).doesNotContain("first-value");
        engine.secrets().rotateDataKey(ACME, EngineOfTests.ACTOR);
        assertThat(lineage()).isEqualTo(first);
        put("database", "second-value", null);
        assertThat(lineage()).isNotEqualTo(first);
        engine.secrets().delete(ACME, new SecretName("database"), null, EngineOfTests.ACTOR);
        engine.clock.computeIfPresent("now", (key, now) -> now.plusSeconds(1));
        put("database", "third-value", null);
        assertThat(lineage()).isNotEqualTo(first);
    }

    private String lineage() {
        return engine.engine
                .uses()
                .read(ACME, new InstanceId("main"), Set.of(new SecretName("database")), Secrets.Purpose.OPEN, "-")
                .lineage();
    }

    @Test
    void keepsVersionsAndGivesTheNewest() {
        KeptSecret first = put("database", "first-value", null);
        assertThat(first.version()).isEqualTo(1);
        KeptSecret second = put("database", "second-value", 1L);
        assertThat(second.versions())
                .containsExactly(
                        new Version(2, Instant.parse("2026-05-05T05:05:05.123456Z"), "token:x"),
                        new Version(1, Instant.parse("2026-05-05T05:05:05.123456Z"), "token:x"));
        assertThat(engine.secrets().secret(ACME, new SecretName("database"))).isEqualTo(second);
        assertThat(engine.read(ACME, "database")).isEqualTo("second-value");
        assertThat(code(() -> put("database", "third-value", 1L))).isEqualTo("revision-changed");
        assertThat(code(() -> put("fresh", "value", 1L))).isEqualTo("secret-unknown");
        assertThat(engine.read(ACME, "database")).isEqualTo("second-value");
    }

    @Test
    void destroysAValueThatWasReplacedAndForgetsWhichWereLongAgo() throws Exception {
        for (int i = 0; i < 25; i++) {
            put("database", "value-" + i, null);
        }
        assertThat(engine.secrets().secret(ACME, new SecretName("database")).versions())
                .hasSize(20);
        assertThat(numbers("select count(*) from secrets.secret_version where sealed is not null"))
                .containsExactly(1L);
    }

    @Test
    void listsByNameInPagesWithoutValues() {
        for (String name : List.of("c", "a", "b/x")) {
            put(name, "very-secret", null);
        }
        engine.put(GLOBEX, "other", "very-secret");
        Page<KeptSecret> first = engine.secrets().secrets(ACME, new PageRequest(2, null));
        assertThat(first.items()).extracting(secret -> secret.name().value()).containsExactly("a", "b/x");
        assertThat(first.toString()).doesNotContain("very-secret");
        assertThat(engine.secrets()
                        .secrets(ACME, new PageRequest(2, first.next()))
                        .items())
                .extracting(secret -> secret.name().value())
                .containsExactly("c");
        assertThat(code(() -> engine.secrets().secrets(Scope.of("nobody", "prod"), PageRequest.first())))
                .isEqualTo("tenant-unknown");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a//b", "a/", "/a", ".", "..", "a/../b", "a b", "ş", "a\u0000", "a:b"})
    void refusesNamesThatWouldNotStandInAPath(String name) {
        assertThat(code(() -> new SecretName(name))).isEqualTo("invalid-name");
    }

    @Test
    void refusesValuesThatAreNoneOrTooLarge() {
        assertThat(code(() -> put("a", "", null))).isEqualTo("invalid-request");
        assertThat(code(() -> put("a", "x".repeat((64 << 10) + 1), null))).isEqualTo("invalid-request");
        assertThat(code(() -> put("a", "\ud800", null))).isEqualTo("invalid-request");
        String largest = "ş\u0000" + "x".repeat((64 << 10) - 3);
        put("a", largest, null);
        assertThat(engine.read(ACME, "a")).isEqualTo(largest);
    }

    @Test
    void doesNotDeleteWhatAnInstanceUses() {
        put("shared", "value", null);
        engine.attach(ACME, "main", null, "shared");
        engine.attach(ACME, "other", null, "shared");
        ProblemException refused = catchThrowableOfType(
                ProblemException.class, () -> engine.secrets().delete(ACME, new SecretName("shared"), null, ACTOR));
        assertThat(refused.problem().code()).isEqualTo("secret-in-use");
        assertThat(refused.problem().detail()).contains("main, other");
        assertThat(engine.secrets().secret(ACME, new SecretName("shared")).usedBy())
                .containsExactly(new InstanceId("main"), new InstanceId("other"));

        engine.detach(ACME, "main");
        engine.detach(ACME, "other");
        engine.secrets().delete(ACME, new SecretName("shared"), null, ACTOR);
        assertThat(code(() -> engine.secrets().secret(ACME, new SecretName("shared"))))
                .isEqualTo("secret-unknown");
    }

    @Test
    void whatAnInstanceOwnsComesAndGoesWithIt() {
        String name = "instance/main/password";
        assertThat(code(() -> put(name, "value", null))).isEqualTo("secret-unknown");
        engine.attach(ACME, "main", "own-value");
        assertThat(engine.read(ACME, name)).isEqualTo("own-value");
        put(name, "next-value", null);
        assertThat(engine.read(ACME, name)).isEqualTo("next-value");

        engine.attach(ACME, "other", null, name);
        assertThat(code(() -> engine.detach(ACME, "main"))).isEqualTo("secret-in-use");
        assertThat(engine.read(ACME, name)).isEqualTo("next-value");
        engine.detach(ACME, "other");
        engine.detach(ACME, "main");
        assertThat(code(() -> engine.read(ACME, name))).isEqualTo("secret-unknown");
    }

    @Test
    void keepsNothingOfAnInstanceThatRefersToWhatIsNotThere() throws Exception {
        assertThat(code(() -> engine.attach(ACME, "main", "own-value", "missing")))
                .isEqualTo("secret-unknown");
        assertThat(numbers("select count(*) from secrets.secret")).containsExactly(0L);
    }

    @Test
    void writesDownEachReadBeforeTheValueIsGiven() {
        put("a", "value", null);
        put("b", "value", null);
        put("b", "value", null);
        engine.engine
                .uses()
                .read(
                        ACME,
                        new InstanceId("main"),
                        Set.of(new SecretName("a"), new SecretName("b")),
                        Purpose.CHECK,
                        "request-7");
        engine.read(ACME, "a");
        Instant at = Instant.parse("2026-05-05T05:05:05.123456Z");
        InstanceId main = new InstanceId("main");
        List<Read> reads = engine.secrets().reads(ACME, PageRequest.first()).items();
        assertThat(reads.getFirst()).isEqualTo(new Read(new SecretName("a"), 1, main, Purpose.OPEN, at, "-"));
        assertThat(reads).hasSize(3).contains(new Read(new SecretName("b"), 2, main, Purpose.CHECK, at, "request-7"));
        Page<Read> page = engine.secrets().reads(ACME, new PageRequest(2, null));
        assertThat(page.items()).hasSize(2);
        assertThat(engine.secrets().reads(ACME, new PageRequest(2, page.next())).items())
                .hasSize(1);
        assertThat(engine.secrets().reads(GLOBEX, PageRequest.first()).items()).isEmpty();
    }

    @Test
    void forgetsReadsOfLongAgoAndNobodyCanMakeItForgetNewerOnes() throws Exception {
        put("a", "value", null);
        engine.clock.put("now", Instant.now().minus(Duration.ofDays(200)));
        engine.read(ACME, "a");
        engine.read(ACME, "a");
        assertThat(engine.database.<Integer>noteAsPlatform(sql -> sql.execute("delete from secrets.secret_access")))
                .isEqualTo(2);
        assertThat(numbers("select count(*) from secrets.secret_access")).containsExactly(0L);
        engine.clock.put("now", Instant.now().minus(Duration.ofDays(1)));
        engine.read(ACME, "a");
        assertThat(engine.database.<Integer>noteAsPlatform(sql -> sql.execute("delete from secrets.secret_access")))
                .isZero();
        engine.clock.put("now", Instant.now().plus(Duration.ofDays(100)));
        engine.read(ACME, "a");
        assertThat(engine.secrets().reads(ACME, PageRequest.first()).items()).isNotEmpty();
    }

    @Test
    void tellsWhoIsConcernedOfANewVersion() {
        put("shared", "value", null);
        assertThat(engine.heard).isEmpty();
        engine.attach(ACME, "main", "own-value", "shared");
        assertThat(engine.engine.uses().stamps()).containsEntry(new InstanceOf(ACME, new InstanceId("main")), 2L);
        put("shared", "value", null);
        assertThat(engine.heard).containsExactly("acme/prod [main]");
        assertThat(engine.engine.uses().stamps()).containsEntry(new InstanceOf(ACME, new InstanceId("main")), 3L);
    }

    @Test
    void hidesEverythingOfOneTenantFromAnother() throws Exception {
        put("a", "value", null);
        engine.attach(ACME, "main", "own-value", "a");
        engine.read(ACME, "a");
        for (String table : List.of("data_key", "secret", "secret_version", "secret_use", "secret_access")) {
            assertThat(engine.database.<Integer>inTenant(
                            GLOBEX.tenant(), sql -> sql.fetchCount(DSL.table("secrets." + table))))
                    .as(table)
                    .isZero();
            assertThat(engine.database.<Integer>inTenant(
                            ACME.tenant(), sql -> sql.fetchCount(DSL.table("secrets." + table))))
                    .as(table)
                    .isPositive();
        }
        assertThat(code(() -> engine.read(GLOBEX, "a"))).isEqualTo("secret-unknown");
    }

    @Test
    void opensNoRowThatWasMovedOrChanged() throws Exception {
        put("a", "value-a", null);
        put("b", "value-b", null);
        engine.put(GLOBEX, "a", "value-of-globex");
        execute("update secrets.secret_version v set sealed = w.sealed from secrets.secret_version w"
                + " where v.tenant_id = 'acme' and v.name = 'a' and w.tenant_id = 'acme' and w.name = 'b'");
        assertThat(code(() -> engine.read(ACME, "a"))).isEqualTo("secret-damaged");
        execute("update secrets.secret_version v set sealed = w.sealed from secrets.secret_version w"
                + " where v.tenant_id = 'globex' and w.tenant_id = 'acme' and w.name = 'b'");
        assertThat(code(() -> engine.read(GLOBEX, "a"))).isEqualTo("secret-damaged");
        assertThat(engine.read(ACME, "b")).isEqualTo("value-b");

        // with the data key as well: it belongs to its tenant too
        execute("update secrets.data_key v set wrapped = w.wrapped from secrets.data_key w"
                + " where v.tenant_id = 'globex' and w.tenant_id = 'acme'");
        assertThat(code(() -> engine.read(GLOBEX, "a"))).isEqualTo("secret-damaged");
        assertThat(code(() -> put("a", "", null))).isEqualTo("invalid-request");
        put("a", "value-a", null);
        assertThat(engine.read(ACME, "a")).isEqualTo("value-a");
    }

    @Test
    void aCopiedDatabaseWithoutTheMasterKeyRevealsNothing() throws Exception {
        put("a", "very-secret-value", null);
        engine.attach(ACME, "main", "other-secret-value");
        engine.put(GLOBEX, "a", "very-secret-value");
        byte[] key = Files.readAllBytes(folder.resolve("master.key"));
        List<byte[]> dataKeys = new ArrayList<>();
        Keyring keyring =
                new Keyring(MasterKeySources.open(new MasterKeys.KeyFile(folder.resolve("master.key")), false), null);
        JooqDataKeys keys = new JooqDataKeys(keyring, () -> Instant.EPOCH);
        for (Scope scope : List.of(ACME, GLOBEX)) {
            dataKeys.add(keys.prepared(() -> engine.database.<byte[]>inTenant(
                    scope.tenant(), sql -> keys.get(sql, scope, 1).getEncoded())));
        }
        String dump = dump();
        assertThat(dump).contains("acme", "globex", "instance/main/password");
        for (String secret : List.of("very-secret-value", "other-secret-value", "secret-value")) {
            assertThat(dump).doesNotContain(secret).doesNotContain(hex(secret.getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(dump).doesNotContain(hex(key));
        assertThat(dataKeys).hasSize(2).allSatisfy(one -> assertThat(dump).doesNotContain(hex(one)));

        // a second node with the copied database alone
        String refused = refusal(new MasterKeys.KeyFile(folder.resolve("elsewhere/master.key")));
        assertThat(refused).contains("master-key-wrong", "elsewhere/master.key", "is not there");
        assertThat(folder.resolve("elsewhere")).doesNotExist();
    }

    @Test
    void refusesToStartWithAnotherMasterKeyAndDoesNoDamage() throws Exception {
        put("a", "value", null);
        String before = dump();
        Path other = folder.resolve("other.key");
        KeyFile.make(other);
        assertThat(refusal(new MasterKeys.KeyFile(other)))
                .contains("master-key-wrong", "the database's secrets need the master key", "--master-key");
        assertThat(dump()).isEqualTo(before);
        engine.close();
        engine = new EngineOfTests(rows, new MasterKeys.KeyFile(folder.resolve("master.key")));
        assertThat(engine.read(ACME, "a")).isEqualTo("value");
    }

    @Test
    void twoNodesMakeTheFirstDataKeyOfAScopeAtOnce() throws Exception {
        try (EngineOfTests second = new EngineOfTests(rows, new MasterKeys.KeyFile(folder.resolve("master.key")));
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> puts = new ArrayList<>();
            for (int i = 0; i < 8; i++) {
                EngineOfTests node = i % 2 == 0 ? engine : second;
                String name = "secret-" + i;
                puts.add(threads.submit(() -> node.put(ACME, name, name + "-value")));
            }
            for (Future<?> put : puts) {
                put.get();
            }
            for (int i = 0; i < 8; i++) {
                assertThat(second.read(ACME, "secret-" + i)).isEqualTo("secret-" + i + "-value");
            }
        }
        assertThat(numbers("select count(*) from secrets.data_key")).containsExactly(1L);
    }

    @Test
    void erasesATenantWhoeverUsesItsSecretsAndLeavesTheOthersAlone() throws Exception {
        put("shared", "value", null);
        engine.attach(ACME, "main", "own-value", "shared");
        engine.attach(ACME, "other", null, "instance/main/password");
        engine.put(GLOBEX, "a", "value-of-globex");
        SecretHoldings holdings = engine.engine.holdings();
        assertThat(holdings.count(ACME.tenant(), null)).containsExactly(Map.entry("secrets", 2L));
        assertThat(holdings.count(ACME.tenant(), ACME.environment())).containsExactly(Map.entry("secrets", 2L));
        assertThat(holdings.count(ACME.tenant(), new Environment("dev"))).containsExactly(Map.entry("secrets", 0L));

        assertThat(holdings.erase(ACME.tenant(), ACTOR)).isTrue();
        assertThat(holdings.erase(ACME.tenant(), ACTOR)).isTrue();
        assertThat(holdings.count(ACME.tenant(), null)).containsExactly(Map.entry("secrets", 0L));
        assertThat(numbers("select count(*) from secrets.data_key where tenant_id = 'acme'"))
                .containsExactly(0L);
        assertThat(numbers("select count(*) from store.fact where action = 'secrets.erase'"))
                .containsExactly(1L);
        engine.detach(ACME, "main");
        assertThat(engine.read(GLOBEX, "a")).isEqualTo("value-of-globex");
    }

    @Test
    void anInstanceThatMayGoBackKeepsWhatItDoesNotUse() {
        engine.attach(ACME, "main", "own-value");
        engine.retain(ACME, "main");
        assertThat(engine.secrets()
                        .secret(ACME, new SecretName("instance/main/password"))
                        .usedBy())
                .isEmpty();

        engine.reattach(ACME, "main", null, "instance/main/password");
        assertThat(engine.read(ACME, "instance/main/password")).isEqualTo("own-value");

        engine.retain(ACME, "main");
        engine.reattach(ACME, "main", null);
        assertThat(code(() -> engine.read(ACME, "instance/main/password"))).isEqualTo("secret-unknown");
    }

    @Test
    void aChangedInstanceKeepsWhatItStillUsesAndLosesTheRest() throws Exception {
        put("shared", "value", null);
        engine.attach(ACME, "main", "own-value", "shared");
        engine.reattach(ACME, "main", "next-value");
        assertThat(engine.read(ACME, "instance/main/password")).isEqualTo("next-value");
        assertThat(engine.secrets()
                        .secret(ACME, new SecretName("instance/main/password"))
                        .version())
                .isEqualTo(2);
        assertThat(engine.secrets().secret(ACME, new SecretName("shared")).usedBy())
                .isEmpty();

        engine.attach(ACME, "other", null, "instance/main/password");
        assertThat(code(() -> engine.reattach(ACME, "main", null))).isEqualTo("secret-in-use");
        assertThat(engine.read(ACME, "instance/main/password")).isEqualTo("next-value");
        engine.detach(ACME, "other");
        engine.reattach(ACME, "main", null, "shared");
        assertThat(code(() -> engine.read(ACME, "instance/main/password"))).isEqualTo("secret-unknown");
        assertThat(engine.secrets().secret(ACME, new SecretName("shared")).usedBy())
                .containsExactly(new InstanceId("main"));
        assertThat(code(() -> engine.reattach(ACME, "main", "own-value", "missing")))
                .isEqualTo("secret-unknown");
        engine.reattach(ACME, "main", "again");
        assertThat(engine.read(ACME, "instance/main/password")).isEqualTo("again");
    }

    @Test
    void twoInstancesThatUseWhatTheOtherOneOwnsAreChangedWithoutWaitingForEachOther() throws Exception {
        engine.attach(ACME, "one", "value-1");
        engine.attach(ACME, "two", "value-2", "instance/one/password");
        engine.reattach(ACME, "one", null, "instance/one/password", "instance/two/password");
        try (Connection other = rows.connect();
                Statement statement = other.createStatement();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            other.setAutoCommit(false);
            statement.execute(locking("instance/one/password"));

            Future<?> change = threads.submit(
                    () -> engine.reattach(ACME, "two", null, "instance/one/password", "instance/two/password"));
            await().atMost(Duration.ofMinutes(1))
                    .until(() -> numbers("select pid from pg_stat_activity where wait_event_type = 'Lock'"
                                            + " and datname = current_database()")
                                    .size()
                            == 1);

            statement.execute(locking("instance/two/password") + " nowait");
            other.commit();
            change.get();
        }
    }

    private static String locking(String name) {
        return "select 1 from secrets.secret where name = '" + name + "' for update";
    }

    @Test
    void anEnvironmentGoesWithItsDataKeyAndOneOfThatNameGetsAnother() throws Exception {
        put("a", "value", null);
        engine.put(GLOBEX, "a", "value");
        engine.secrets().delete(ACME, new SecretName("a"), null, ACTOR);
        byte[] before = wrapped("acme");
        SecretHoldings holdings = engine.engine.holdings();

        holdings.emptied(ACME, ACTOR);
        holdings.emptied(ACME, ACTOR);

        assertThat(numbers("select count(*) from secrets.data_key where tenant_id = 'acme'"))
                .containsExactly(0L);
        assertThat(numbers("select count(*) from store.fact where action = 'data-key.destroy'"
                        + " and tenant_id = 'acme' and environment = 'prod'"))
                .containsExactly(1L);
        put("a", "other-value", null);
        assertThat(engine.read(ACME, "a")).isEqualTo("other-value");
        assertThat(wrapped("acme")).isNotEqualTo(before);
        assertThat(engine.read(GLOBEX, "a")).isEqualTo("value");
    }

    @Test
    void whatGoesOnInTheBackgroundMakesNoDataKeyAnew() throws Exception {
        put("a", "value", null);
        engine.engine.holdings().erase(ACME.tenant(), ACTOR);
        JooqSecrets secrets = new JooqSecrets(
                engine.database,
                new JooqDataKeys(
                        new Keyring(
                                MasterKeySources.open(new MasterKeys.KeyFile(folder.resolve("master.key")), false),
                                null),
                        () -> Instant.EPOCH),
                engine.tenants,
                () -> Instant.EPOCH);
        assertThat(secrets.reseal(ACME)).isZero();
        assertThat(secrets.destroyOldDataKeys(ACME)).isTrue();
        assertThat(numbers("select count(*) from secrets.data_key")).containsExactly(0L);
    }

    @Test
    void makesNothingInAScopeThatBeganToGoMeanwhile() throws Exception {
        engine.tenants.vanishing.add(ACME);
        assertThat(code(() -> put("a", "value", null))).isEqualTo("tenant-unknown");
        engine.tenants.vanishing.add(GLOBEX);
        assertThat(code(() -> engine.secrets().rotateDataKey(GLOBEX, ACTOR))).isEqualTo("tenant-unknown");
        assertThat(code(() -> engine.attach(ACME, "main", "own-value"))).isEqualTo("tenant-unknown");
        assertThat(numbers("select count(*) from secrets.secret")).containsExactly(0L);
        assertThat(numbers("select count(*) from secrets.data_key")).containsExactly(0L);
    }

    @Test
    void commitsAFactOfEachActWithoutTheValue() throws Exception {
        put("a", "very-secret", null);
        put("a", "very-secret", null);
        engine.secrets().rotateDataKey(ACME, ACTOR);
        engine.secrets().delete(ACME, new SecretName("a"), 2L, ACTOR);
        try (Connection connection = rows.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(
                        "select action, coalesce(state_before, '') || coalesce(state_after, '') from store.fact"
                                + " order by position")) {
            List<String> facts = new ArrayList<>();
            while (found.next()) {
                facts.add(found.getString(1) + " " + found.getString(2));
            }
            assertThat(facts)
                    .containsExactly(
                            "master-key.record {}",
                            "secret.create {\"version\":1}",
                            "secret.put {\"version\":1}{\"version\":2}",
                            "data-key.rotate {\"version\":1}{\"version\":2}",
                            "secret.delete {\"version\":2}");
        }
    }

    private String refusal(MasterKeys.KeyFile key) {
        ProblemException refused = catchThrowableOfType(ProblemException.class, () -> new EngineOfTests(rows, key));
        assertThat(refused).isNotNull();
        return String.valueOf(refused.getMessage());
    }

    private KeptSecret put(String name, String value, @Nullable Long version) {
        return engine.secrets().put(ACME, new SecretName(name), value, version, ACTOR);
    }

    private static String code(ThrowingCallable act) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, act);
        assertThat(thrown).isNotNull();
        return thrown.problem().code();
    }

    /** All rows of all tables, bytes as hexadecimal digits. */
    private String dump() throws SQLException {
        StringBuilder dump = new StringBuilder();
        try (Connection connection = rows.connect();
                Statement statement = connection.createStatement()) {
            List<String> tables = new ArrayList<>();
            try (ResultSet found = statement.executeQuery("select table_schema || '.' || table_name"
                    + " from information_schema.tables where table_type = 'BASE TABLE'"
                    + " and table_schema in ('store', 'secrets') order by 1")) {
                while (found.next()) {
                    tables.add(found.getString(1));
                }
            }
            assertThat(tables).contains("secrets.secret_version", "secrets.data_key", "store.fact");
            for (String table : tables) {
                try (ResultSet found = statement.executeQuery("select t::text from " + table + " t order by 1")) {
                    while (found.next()) {
                        dump.append(table)
                                .append(' ')
                                .append(found.getString(1))
                                .append('\n');
                    }
                }
            }
        }
        return dump.toString();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    private List<Long> numbers(String sql) throws SQLException {
        List<Long> numbers = new ArrayList<>();
        try (Connection connection = rows.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            while (found.next()) {
                numbers.add(found.getLong(1));
            }
        }
        return numbers;
    }

    private byte[] wrapped(String tenant) throws SQLException {
        try (Connection connection = rows.connect();
                PreparedStatement look =
                        connection.prepareStatement("select wrapped from secrets.data_key where tenant_id = ?")) {
            look.setString(1, tenant);
            try (ResultSet found = look.executeQuery()) {
                assertThat(found.next()).isTrue();
                return found.getBytes(1);
            }
        }
    }

    private void execute(String sql) throws SQLException {
        try (Connection connection = rows.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
