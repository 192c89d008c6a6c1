package io.maestro.secrets;

import static io.maestro.secrets.EngineOfTests.ACME;
import static io.maestro.secrets.EngineOfTests.ACTOR;
import static io.maestro.secrets.EngineOfTests.GLOBEX;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import io.maestro.api.node.MasterKeys;
import io.maestro.api.node.MasterKeys.Source;
import io.maestro.api.secrets.SecretName;
import io.maestro.api.secrets.Secrets.Purpose;
import io.maestro.api.secrets.Secrets.RotatedDataKey;
import io.maestro.api.secrets.Secrets.RotatedMasterKey;
import io.maestro.model.InstanceId;
import io.maestro.model.ProblemException;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of keys while instances are given secrets. */
class RotationTest {
    private static final Duration PATIENCE = Duration.ofMinutes(1);

    @TempDir
    Path folder;

    private TestDatabase rows;
    private Source file;

    @BeforeEach
    void start() {
        rows = TestPostgres.fresh();
        file = new MasterKeys.KeyFile(folder.resolve("master.key"));
    }

    @AfterEach
    void stop() {
        TestPostgres.drop(rows);
    }

    @Test
    void changesTheDataKeyWhileSecretsAreReadAndPut() throws Exception {
        try (EngineOfTests engine = new EngineOfTests(rows, file)) {
            fill(engine, 120);
            engine.put(GLOBEX, "secret-0", "value-0");
            try (Busy busy = new Busy(engine)) {
                busy.awaitReads(10);
                RotatedDataKey rotated = engine.secrets().rotateDataKey(ACME, ACTOR);
                assertThat(rotated.version()).isEqualTo(2);
                assertThat(rotated.secrets()).isGreaterThanOrEqualTo(119);
                engine.secrets().rotateDataKey(ACME, ACTOR);
                busy.awaitReads(10);
            }
            assertThat(number("select count(*) from secrets.data_key where tenant_id = 'acme'"))
                    .isEqualTo(1);
            assertThat(number("select max(version) from secrets.data_key where tenant_id = 'acme'"))
                    .isEqualTo(3);
            assertThat(number("select max(version) from secrets.data_key where tenant_id = 'globex'"))
                    .isEqualTo(1);
            assertAllReadable(engine, 120);
        }
    }

    @Test
    void goesOnAtTheNextStartWhereAChangeOfTheDataKeyWasBrokenOff() throws Exception {
        try (EngineOfTests engine = new EngineOfTests(rows, file)) {
            fill(engine, 150);
            JooqSecrets secrets = rowsOf(engine);
            secrets.nextDataKey(ACME, ACTOR);
            assertThat(secrets.reseal(ACME)).isEqualTo(100);
            // killed here: some secrets are sealed by the new key, some by the old one, and all can be read
            assertAllReadable(engine, 150);
        }
        assertThat(number("select count(*) from secrets.data_key")).isEqualTo(2);
        try (EngineOfTests engine = new EngineOfTests(rows, file)) {
            assertAllReadable(engine, 150);
            engine.engine.start();
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(number("select count(*) from secrets.data_key"))
                            .isEqualTo(1));
            assertThat(number("select count(*) from secrets.secret_version where data_key = 2"))
                    .isEqualTo(150);
            assertAllReadable(engine, 150);
        }
    }

    @Test
    void movesTheMasterKeyFromAFileToAKeyStoreAndIntoATokenWhileSecretsAreRead() throws Exception {
        try (EngineOfTests engine = new EngineOfTests(rows, file)) {
            fill(engine, 3);
            engine.put(GLOBEX, "secret-0", "value-0");
        }
        Source keyStore = MasterKeysOfTests.keyStore(folder.resolve("keys.p12"), "master");
        Source token = TokenOfTests.key("drill");
        move(file, keyStore);
        move(keyStore, token);
        try (EngineOfTests engine = new EngineOfTests(rows, token)) {
            engine.secrets().rotateDataKey(ACME, ACTOR);
            engine.put(ACME, "secret-3", "value-3");
            assertAllReadable(engine, 4);
            assertThat(engine.read(GLOBEX, "secret-0")).isEqualTo("value-0");
        }
        assertThat(code(() -> new EngineOfTests(rows, file))).isEqualTo("master-key-wrong");
        assertThat(code(() -> new EngineOfTests(rows, keyStore))).isEqualTo("master-key-wrong");
    }

    private void move(Source from, Source to) throws Exception {
        // until it is asked for, the old one is in charge, and one may go back to it
        try (EngineOfTests both = new EngineOfTests(rows, new MasterKeys(to, from))) {
            both.put(ACME, "secret-2", "value-2");
        }
        try (EngineOfTests back = new EngineOfTests(rows, from)) {
            assertAllReadable(back, 3);
        }
        try (EngineOfTests serving = new EngineOfTests(rows, new MasterKeys(to, from));
                EngineOfTests both = new EngineOfTests(rows, new MasterKeys(to, from))) {
            try (Busy busy = new Busy(serving)) {
                busy.awaitReads(5);
                RotatedMasterKey moved = both.secrets().rotateMasterKey(ACTOR);
                assertThat(moved.dataKeys()).isEqualTo(2);
                busy.awaitReads(5);
            }
            assertThat(both.secrets().rotateMasterKey(ACTOR).dataKeys()).isZero();
        }
        assertThat(number("select count(*) from secrets.master_key")).isEqualTo(1);
        try (EngineOfTests after = new EngineOfTests(rows, to)) {
            assertAllReadable(after, 3);
        }
    }

    @Test
    void needsBothMasterKeysUntilAChangeThatWasBrokenOffIsFinished() throws Exception {
        Source next = MasterKeysOfTests.keyStore(folder.resolve("keys.p12"), "master");
        try (EngineOfTests engine = new EngineOfTests(rows, file)) {
            fill(engine, 2);
        }
        try (EngineOfTests engine = new EngineOfTests(rows, new MasterKeys(next, file))) {
            KeyManagement key = MasterKeySources.open(next, false);
            Keyring keyring = new Keyring(key, MasterKeySources.open(file, false));
            new JooqMasterKeys(engine.database, () -> Instant.EPOCH)
                    .putInCharge(new JooqMasterKeys.Recorded(key.id(), keyring.proof(key.id())), ACTOR);
            // killed here: the data key is still wrapped by the old one
        }
        assertThat(code(() -> new EngineOfTests(rows, next))).isEqualTo("master-key-wrong");
        assertThat(code(() -> new EngineOfTests(rows, file))).isEqualTo("master-key-wrong");
        try (EngineOfTests engine = new EngineOfTests(rows, new MasterKeys(next, file))) {
            assertAllReadable(engine, 2);
            assertThat(engine.secrets().rotateMasterKey(ACTOR).dataKeys()).isEqualTo(1);
        }
        try (EngineOfTests engine = new EngineOfTests(rows, next)) {
            assertAllReadable(engine, 2);
        }
    }

    @Test
    void joinsAChangeOfTheDataKeyThatSomebodyElseMakesAtThatMoment() throws Exception {
        try (EngineOfTests engine = new EngineOfTests(rows, file);
                Connection other = rows.connect();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            fill(engine, 3);
            other.setAutoCommit(false);
            insertDataKey(other, 2);
            Future<RotatedDataKey> rotated =
                    threads.submit(() -> engine.secrets().rotateDataKey(ACME, ACTOR));
            awaitWaiting();
            other.commit();
            assertThat(rotated.get()).isEqualTo(new RotatedDataKey(ACME, 2, 3));
            assertThat(number("select count(*) from store.fact where action = 'data-key.rotate'"))
                    .as("the one who made it leaves the receipt")
                    .isZero();
            assertThat(number("select count(*) from secrets.data_key")).isEqualTo(1);
            assertAllReadable(engine, 3);
            assertThat(engine.secrets().rotateDataKey(ACME, ACTOR).version()).isEqualTo(3);
            assertThat(number("select count(*) from store.fact where action = 'data-key.rotate'"))
                    .isEqualTo(1);
        }
    }

    @Test
    void joinsAChangeOfTheMasterKeyThatSomebodyElseMakesAtThatMoment() throws Exception {
        Source next = MasterKeysOfTests.keyStore(folder.resolve("keys.p12"), "master");
        try (EngineOfTests engine = new EngineOfTests(rows, file)) {
            fill(engine, 2);
        }
        try (EngineOfTests engine = new EngineOfTests(rows, new MasterKeys(next, file));
                Connection other = rows.connect();
                Statement statement = other.createStatement();
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            KeyManagement key = MasterKeySources.open(next, false);
            Keyring keyring = new Keyring(key, null);
            other.setAutoCommit(false);
            statement.execute("update secrets.master_key set in_charge = false");
            try (PreparedStatement insert = other.prepareStatement(
                    "insert into secrets.master_key (id, proof, in_charge, recorded_at) values (?, ?, true, now())")) {
                insert.setString(1, key.id());
                insert.setBytes(2, keyring.proof(key.id()));
                insert.execute();
            }
            Future<RotatedMasterKey> rotated =
                    threads.submit(() -> engine.secrets().rotateMasterKey(ACTOR));
            awaitWaiting();
            other.commit();
            assertThat(rotated.get()).isEqualTo(new RotatedMasterKey(key.id(), 1));
            assertThat(number("select count(*) from store.fact where action = 'master-key.rotate'"))
                    .isZero();
            assertAllReadable(engine, 2);
        }
    }

    @Test
    void stopsAChangeOfTheMasterKeyWhenAnotherIsPutInChargeMeanwhile() throws Exception {
        Source next = MasterKeysOfTests.keyStore(folder.resolve("keys.p12"), "master");
        try (EngineOfTests engine = new EngineOfTests(rows, file)) {
            fill(engine, 2);
        }
        try (EngineOfTests engine = new EngineOfTests(rows, new MasterKeys(next, file))) {
            Keyring keyring = new Keyring(MasterKeySources.open(next, false), MasterKeySources.open(file, false));
            String before = MasterKeySources.open(file, false).id();
            String wanted = keyring.current();
            JooqMasterKeys masterKeys = new JooqMasterKeys(engine.database, () -> Instant.EPOCH);
            masterKeys.putInCharge(new JooqMasterKeys.Recorded(wanted, keyring.proof(wanted)), ACTOR);
            masterKeys.rewrap(wanted, keyring);
            masterKeys.putInCharge(new JooqMasterKeys.Recorded(before, keyring.proof(before)), ACTOR);

            assertThat(code(() -> masterKeys.forgetOthers(wanted))).isEqualTo("revision-changed");
            assertThat(number("select count(*) from secrets.master_key where in_charge"))
                    .isEqualTo(1);
            masterKeys.rewrap(before, keyring);
            assertThat(code(() -> masterKeys.rewrap(wanted, keyring))).isEqualTo("revision-changed");
            assertThat(masterKeys.forgetOthers(before)).isTrue();
            assertAllReadable(engine, 2);
        }
        try (EngineOfTests engine = new EngineOfTests(rows, file)) {
            assertAllReadable(engine, 2);
        }
    }

    @Test
    void finishesTheOtherChangesWhenOneCannotBeFinished() throws Exception {
        try (EngineOfTests engine = new EngineOfTests(rows, file)) {
            fill(engine, 3);
            engine.put(GLOBEX, "secret-0", "value-0");
            rowsOf(engine).nextDataKey(ACME, ACTOR);
            rowsOf(engine).nextDataKey(GLOBEX, ACTOR);
            for (Throwable failure : List.of(new IllegalStateException("odd"), new StackOverflowError())) {
                MasterKeyOfTests broken = new MasterKeyOfTests(MasterKeySources.open(file, false), context -> {
                    if (new String(context, StandardCharsets.ISO_8859_1).contains("acme")) {
                        MasterKeyOfTests.raise(failure);
                    }
                });
                kept(engine, broken).finishRotations();
                assertThat(number("select count(*) from secrets.data_key where tenant_id = 'acme'"))
                        .isEqualTo(2);
                assertThat(number("select count(*) from secrets.data_key where tenant_id = 'globex'"))
                        .isEqualTo(1);
            }
            kept(engine, MasterKeySources.open(file, false)).finishRotations();
            assertThat(number("select count(*) from secrets.data_key")).isEqualTo(2);
            assertAllReadable(engine, 3);
        }
    }

    @Test
    void noTransactionWaitsForTheMasterKey() throws Exception {
        Source next = MasterKeysOfTests.keyStore(folder.resolve("keys.p12"), "master");
        new EngineOfTests(rows, file).close();
        try (EngineOfTests engine = new EngineOfTests(rows, new MasterKeys(next, file))) {
            AtomicInteger calls = new AtomicInteger();
            Consumer<byte[]> look = context -> {
                calls.incrementAndGet();
                assertThat(openTransactions()).isZero();
            };
            Keyring keyring = new Keyring(
                    new MasterKeyOfTests(MasterKeySources.open(next, false), look),
                    new MasterKeyOfTests(MasterKeySources.open(file, false), look));
            // each with nothing in memory yet
            rowsOf(engine, keyring).put(ACME, new SecretName("secret-0"), "value-0", null, ACTOR);
            rowsOf(engine, keyring).put(ACME, new SecretName("secret-1"), "value-1", null, ACTOR);
            JooqUses uses = new JooqUses(engine.database, rowsOf(engine, keyring), () -> Instant.EPOCH);
            uses.read(ACME, new InstanceId("main"), Set.of(new SecretName("secret-0")), Purpose.OPEN, "-");
            rowsOf(engine, keyring).nextDataKey(ACME, ACTOR);
            assertThat(rowsOf(engine, keyring).reseal(ACME)).isEqualTo(2);
            JooqMasterKeys masterKeys = new JooqMasterKeys(engine.database, () -> Instant.EPOCH);
            masterKeys.putInCharge(
                    new JooqMasterKeys.Recorded(keyring.current(), keyring.proof(keyring.current())), ACTOR);
            assertThat(masterKeys.rewrap(keyring.current(), keyring)).isEqualTo(new JooqMasterKeys.Step(2, 2));
            assertThat(calls.get()).isGreaterThan(8);
            assertAllReadable(engine, 2);
            assertThat(number("select count(*) from secrets.secret_access where name = 'secret-0'"))
                    .as("written down once for each read, however often it was tried")
                    .isEqualTo(2);
        }
    }

    private void insertDataKey(Connection connection, int version) throws Exception {
        KeyManagement key = MasterKeySources.open(file, false);
        byte[] wrapped = key.wrap(new byte[32], JooqDataKeys.context(ACME, version, key.id()));
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into secrets.data_key (tenant_id, environment, version, master_key, wrapped, created_at)"
                        + " values ('acme', 'prod', ?, ?, ?, now())")) {
            insert.setInt(1, version);
            insert.setString(2, key.id());
            insert.setBytes(3, wrapped);
            insert.execute();
        }
    }

    /** Until somebody waits for what another transaction has locked. */
    private void awaitWaiting() {
        await().atMost(PATIENCE)
                .until(() -> number("select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                + " and datname = current_database()")
                        > 0);
    }

    private long openTransactions() {
        try {
            return number("select count(*) from pg_stat_activity where state like 'idle in transaction%'"
                    + " and datname = current_database()");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static KeptSecrets kept(EngineOfTests engine, KeyManagement key) {
        Keyring keyring = new Keyring(key, null);
        JooqSecrets secrets = rowsOf(engine, keyring);
        return new KeptSecrets(
                secrets,
                new JooqUses(engine.database, secrets, () -> Instant.EPOCH),
                new JooqMasterKeys(engine.database, () -> Instant.EPOCH),
                keyring,
                engine.tenants,
                List.of());
    }

    /** Somebody who reads one secret and puts another again and again; closing it fails when one of these ever failed. */
    private static final class Busy implements AutoCloseable {
        private final AtomicBoolean over = new AtomicBoolean();
        private final AtomicInteger reads = new AtomicInteger();
        private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
        private final Future<?> reader;
        private final Future<?> writer;

        Busy(EngineOfTests engine) {
            reader = threads.submit(() -> {
                while (!over.get()) {
                    assertThat(engine.read(ACME, "secret-1")).isEqualTo("value-1");
                    reads.incrementAndGet();
                }
            });
            writer = threads.submit(() -> {
                while (!over.get()) {
                    engine.put(ACME, "secret-0", "value-0");
                }
            });
        }

        void awaitReads(int more) {
            int before = reads.get();
            await().atMost(PATIENCE).until(() -> reader.isDone() || writer.isDone() || reads.get() >= before + more);
        }

        @Override
        public void close() {
            over.set(true);
            // waits for both
            threads.close();
            reader.resultNow();
            writer.resultNow();
        }
    }

    private static JooqSecrets rowsOf(EngineOfTests engine) {
        return rowsOf(engine, new Keyring(MasterKeySources.open(engine.keys.current(), false), null));
    }

    private static JooqSecrets rowsOf(EngineOfTests engine, Keyring keyring) {
        return new JooqSecrets(
                engine.database, new JooqDataKeys(keyring, () -> Instant.EPOCH), engine.tenants, () -> Instant.EPOCH);
    }

    private static void fill(EngineOfTests engine, int secrets) {
        for (int i = 0; i < secrets; i++) {
            engine.put(ACME, "secret-" + i, "value-" + i);
        }
    }

    private static void assertAllReadable(EngineOfTests engine, int secrets) {
        for (int i = 0; i < secrets; i++) {
            assertThat(engine.read(ACME, "secret-" + i)).isEqualTo("value-" + i);
        }
    }

    private static @Nullable String code(ThrowingCallable act) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, act);
        return thrown == null ? null : thrown.problem().code();
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = rows.connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            assertThat(found.next()).isTrue();
            return found.getLong(1);
        }
    }
}
