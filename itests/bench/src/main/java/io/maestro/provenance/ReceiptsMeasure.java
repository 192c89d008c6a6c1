package io.maestro.provenance;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.telemetry.Metrics;
import io.maestro.identity.TokenActs;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.TenantId;
import io.maestro.provenance.format.Change;
import io.maestro.provenance.format.ExportVerification;
import io.maestro.provenance.format.ExportVerification.Report;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.provenance.format.SignerKind;
import io.maestro.provenance.format.VerifyingKey;
import io.maestro.provenance.remote.SignerConnection;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.Migrations;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** Measures sealing, what facts cost the acts, verification, and a signer apart from the server. */
public final class ReceiptsMeasure implements AutoCloseable {
    private static final Actor ROOT = new Actor("token:bench", "c-1");
    private static final int ACTORS = 4;
    private static final long ROUND = 1_500_000_000L;
    private static final Migrations THINGS =
            new Migrations("bench", List.of(new Migrations.Script("V001__things.sql", """
            create schema bench;
            create table bench.thing (id bigint generated always as identity primary key, tenant_id varchar(63) not null, name text not null);
            grant usage on schema bench to maestro_app;
            grant select, insert on bench.thing to maestro_app;
            alter table bench.thing enable row level security;
            create policy fence on bench.thing using (tenant_id = current_setting('maestro.tenant', true));
            """)));

    private final Path folder;
    private final PostgresDatabase database;
    private final Provenance provenance;

    /** A node without a server on this database. */
    public ReceiptsMeasure(TestDatabase where, Path folder) {
        this.folder = folder;
        NodeSettings.Database settings =
                new NodeSettings.Database(URI.create(where.url()), where.user(), where.password());
        database = PostgresDatabase.open(settings);
        database.migrate(THINGS);
        provenance = new Provenance(
                new NodeSettings("bench", folder, "internal-edition", new NodeSettings.Http("127.0.0.1", 0), settings),
                database,
                database,
                counts -> Signers.Remote.NONE,
                InstantSource.system(),
                Sealer.Pace.USUAL,
                Metrics.NONE);
    }

    /**
     * Acts per second.
     *
     * @param with with their facts
     * @param without the same transactions without
     * @param ratios of each round
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    public record Acts(double[] with, double[] without, double[] ratios) {}

    /** How many receipts are sealed in a second when so many facts wait. */
    public double[] sealedPerSecond(int runs, int facts) {
        double[] rates = new double[runs];
        provenance.sealer().tidy();
        for (int run = -2; run < runs; run++) {
            List<Fact> hundred =
                    IntStream.range(0, 100).mapToObj(ReceiptsMeasure::fact).toList();
            for (int i = 0; i < facts / hundred.size(); i++) {
                database.act(new TenantId("sealed"), ROOT, sql -> new Act<>(0, hundred));
            }
            long begin = System.nanoTime();
            int sealed = 0;
            int last;
            do {
                last = provenance.sealer().sealOnce();
                sealed += last;
            } while (last > 0);
            if (run >= 0) {
                rates[run] = sealed * 1e9 / (System.nanoTime() - begin);
            }
        }
        return rates;
    }

    /** What acts do besides their fact. */
    public enum Work {
        /** One row is inserted by a text that is ready: no act does as little, so that none has a worse ratio. */
        ROW,
        /** A token is issued, as the product does it. */
        ISSUE,
        /** A token is given another bearer, as the product does it: locked, changed, read again. */
        ROTATE
    }

    /** Acts beside the same transactions without a fact, while nothing is sealed. */
    public Acts actsUnsealed(Work work, int rounds) throws InterruptedException {
        return compare(work, rounds, () -> {});
    }

    /** Seals from now on what acts leave. */
    public void seal() {
        provenance.start();
        awaitSealed();
    }

    /** Acts beside the same transactions without a fact, while receipts are sealed. */
    public Acts actsSealed(Work work, int rounds) throws InterruptedException {
        awaitSealed();
        return compare(work, rounds, this::awaitSealed);
    }

    /** What is left must not be sealed at the expense of the other side. */
    private void awaitSealed() {
        while (database.backlog().facts() > 0) {
            LockSupport.parkNanos(5_000_000);
        }
    }

    private Acts compare(Work work, int rounds, Runnable between) throws InterruptedException {
        double[] with = new double[rounds];
        double[] without = new double[rounds];
        double[] ratios = new double[rounds];
        List<Runnable> acts = acts(work, database);
        List<Runnable> others = acts(work, new Factless(database));
        for (int round = -2; round < rounds; round++) {
            double bare = perSecond(others);
            double all = perSecond(acts);
            between.run();
            if (round >= 0) {
                with[round] = all;
                without[round] = bare;
                ratios[round] = all / bare;
            }
        }
        return new Acts(with, without, ratios);
    }

    private static List<Runnable> acts(Work work, Database database) {
        return switch (work) {
            case ROW ->
                Collections.nCopies(
                        ACTORS,
                        () -> database.act(new TenantId("acts"), ROOT, sql -> {
                            sql.execute("insert into bench.thing (tenant_id, name) values ('acts', 'x')");
                            return Act.done(0, fact(7));
                        }));
            case ISSUE -> {
                TokenActs tokens = new TokenActs(database);
                yield Collections.nCopies(ACTORS, () -> tokens.issue(ROOT));
            }
            case ROTATE -> {
                TokenActs tokens = new TokenActs(database);
                yield IntStream.range(0, ACTORS)
                        .mapToObj(_ -> {
                            String id = tokens.issue(ROOT);
                            return (Runnable) () -> tokens.rotate(id, ROOT);
                        })
                        .toList();
            }
        };
    }

    /** How long it takes to verify an export of so many receipts. */
    public double[] verifySeconds(int runs, int receipts) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        provenance.receipts().export(new TenantId("sealed"), null, null).writeTo(out);
        byte[] export = out.toByteArray();
        double[] seconds = new double[runs];
        for (int run = -1; run < runs; run++) {
            long begin = System.nanoTime();
            Report report = ExportVerification.verify(new ByteArrayInputStream(export), null);
            if (!report.good() || report.count() < receipts) {
                throw new IllegalStateException("the export is not good: " + report);
            }
            if (run >= 0) {
                seconds[run] = (System.nanoTime() - begin) / 1e9 * receipts / report.count();
            }
        }
        return seconds;
    }

    /** How long single signatures of a signer process take. */
    public double[] signMillis(int calls) throws Exception {
        Path key = folder.resolve("signer.pem");
        Path token = Files.createFile(
                folder.resolve("token"),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, "a token of some length");
        signer("--create-key", key.toString()).waitFor();
        Process process = signer("--key", key.toString(), "--token-file", token.toString(), "--port", "0");
        try (BufferedReader said =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line = String.valueOf(said.readLine());
            int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
            try (SignerConnection connection =
                    new SignerConnection("127.0.0.1", port, "a token of some length", Duration.ofSeconds(10))) {
                VerifyingKey verifying = connection.key();
                List<Double> millis = Collections.synchronizedList(new ArrayList<>());
                for (int i = 0; i < calls + 1_000; i++) {
                    boolean counts = i >= 1_000;
                    connection.sign(List.of(body(i + 1L, verifying)), verifying, nanos -> {
                        if (counts) {
                            millis.add(nanos / 1e6);
                        }
                    });
                }
                return millis.stream().mapToDouble(Double::doubleValue).toArray();
            }
        } finally {
            process.destroyForcibly();
        }
    }

    @Override
    public void close() {
        provenance.close();
        database.close();
    }

    private static double perSecond(List<Runnable> works) throws InterruptedException {
        LongAdder done = new LongAdder();
        long begin = System.nanoTime();
        List<Thread> threads = works.stream()
                .map(work -> Thread.startVirtualThread(() -> {
                    while (System.nanoTime() - begin < ROUND) {
                        work.run();
                        done.increment();
                    }
                }))
                .toList();
        for (Thread thread : threads) {
            thread.join();
        }
        return done.sum() * 1e9 / (System.nanoTime() - begin);
    }

    private static Fact fact(int number) {
        return Fact.changed(
                "instance.update",
                Subject.of("adapter-instance", "files-" + number),
                new Json("{\"adapter\":\"storage-file@1.0.0\",\"configuration\":{\"quotaBytes\":" + number
                        + "},\"wanted\":\"running\"}"),
                new Json("{\"adapter\":\"storage-file@1.1.0\",\"configuration\":{\"quotaBytes\":" + number
                        + "},\"wanted\":\"running\"}"));
    }

    private static byte[] body(long sequence, VerifyingKey key) {
        Fact fact = fact((int) sequence);
        return new ReceiptBody(
                        new UUID(1, sequence),
                        ReceiptBody.PLATFORM,
                        sequence,
                        sequence == 1 ? null : key.id(),
                        null,
                        "token:bench",
                        "c",
                        fact.action(),
                        new ReceiptBody.Subject(
                                "adapter-instance", fact.subject().name(), null),
                        Change.between(String.valueOf(fact.before()), String.valueOf(fact.after())),
                        null,
                        Instant.EPOCH,
                        Instant.EPOCH,
                        key.id(),
                        SignerKind.REMOTE)
                .canonical();
    }

    private static Process signer(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "-Xmx64m",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.maestro.signer.Main"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }
}
