package io.maestro.provenance;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.node.MasterKeys;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.provenance.Receipts.Filter;
import io.maestro.api.provenance.Receipts.Receipt;
import io.maestro.api.provenance.Receipts.Verification;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A signer that is killed again and again, as a process of its own. */
final class SignerCrashTest {
    @RegisterExtension
    static final TestPostgres POSTGRES = new TestPostgres();

    private static final TenantId ACME = new TenantId("acme");
    private static final Actor ROOT = new Actor("token:root", "c-1");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path folder;

    @Test
    void goesOnWhileTheSignerIsKilledAgainAndAgain() throws Exception {
        Path key = folder.resolve("signer.pem");
        String publicKey = run(key);
        Path token = folder.resolve("token");
        Files.createFile(token, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        Files.writeString(token, "a token of some length\n");
        int port = freePort();
        NodeSettings.Database where =
                new NodeSettings.Database(URI.create(POSTGRES.url()), POSTGRES.user(), POSTGRES.password());
        NodeSettings.Signer signer = new NodeSettings.Signer("127.0.0.1", port, token);
        NodeSettings settings = new NodeSettings(
                "a",
                folder.resolve("data"),
                "internal-edition",
                new NodeSettings.Http("127.0.0.1", 0),
                where,
                MasterKeys.usual(folder),
                signer);
        try (PostgresDatabase database = PostgresDatabase.open(where);
                Provenance provenance = new Provenance(
                        settings,
                        database,
                        database,
                        counts ->
                                new RemoteSigner(signer, Duration.ofSeconds(5), Duration.ofMillis(100), counts::signed),
                        InstantSource.system(),
                        new Sealer.Pace(
                                Duration.ofMillis(50),
                                Duration.ofMillis(5),
                                Duration.ofMillis(5),
                                Duration.ofDays(1),
                                50),
                        Metrics.NONE)) {
            provenance.start();
            provenance.keys().introduce(publicKey, ROOT);
            AtomicInteger done = new AtomicInteger();
            AtomicBoolean enough = new AtomicBoolean();
            Thread actor = Thread.startVirtualThread(() -> {
                while (!enough.get()) {
                    act(database, done.getAndIncrement());
                }
            });
            for (int i = 0; i < 4; i++) {
                Process process = serve(key, token, port);
                try {
                    long before = last(database, "remote");
                    Awaitility.await().atMost(PATIENCE).until(() -> last(database, "remote") > before);
                } finally {
                    process.destroyForcibly().waitFor();
                }
                long before = last(database, "local-fallback");
                Awaitility.await().atMost(PATIENCE).until(() -> last(database, "local-fallback") > before);
            }
            enough.set(true);
            actor.join();
            Awaitility.await().atMost(PATIENCE).until(() -> database.backlog().facts() == 0);

            List<String> names =
                    IntStream.range(0, done.get()).mapToObj(i -> "thing-" + i).toList();
            assertThat(names(database)).isEqualTo(names);
            verify(provenance, ACME);
            verify(provenance, null);
            assertThat(last(database, "remote")).isPositive();
            assertThat(last(database, "local-fallback")).isPositive();
            assertThat(provenance
                            .receipts()
                            .receipts(ACME, Filter.all(), new PageRequest(PageRequest.LARGEST, null))
                            .items())
                    .allMatch(Receipt::verified);
        }
    }

    private static void act(PostgresDatabase database, int number) {
        String name = "thing-" + number;
        database.act(
                ACME, ROOT, sql -> Act.done(0, Fact.made("thing.make", Subject.of("thing", name), Json.EMPTY_OBJECT)));
    }

    /** The last place in the chain that such a signer signed. */
    private static long last(PostgresDatabase database, String signer) {
        return Long.parseLong(String.valueOf(database.<Object>asPlatform(sql -> sql.fetchValue(
                "select coalesce(max(sequence), 0) from provenance.receipt where chain = 'tenant:acme' and signer = ?",
                signer))));
    }

    private static void verify(Provenance provenance, @Nullable TenantId tenant) {
        Verification step;
        long after = 0;
        do {
            step = provenance.receipts().verify(tenant, after);
            assertThat(step.defect()).isNull();
            after = step.last();
        } while (!step.complete());
    }

    private static List<String> names(PostgresDatabase database) {
        return database
                .asPlatform(sql -> sql.fetchValues(
                        "select subject from provenance.receipt where chain = 'tenant:acme' order by sequence"))
                .stream()
                .map(String::valueOf)
                .toList();
    }

    private static String run(Path key) throws IOException, InterruptedException {
        Process process = signer("--create-key", key.toString());
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(printed).isZero();
        return printed;
    }

    private static Process serve(Path key, Path token, int port) throws IOException {
        Process process =
                signer("--key", key.toString(), "--token-file", token.toString(), "--port", Integer.toString(port));
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        assertThat(out.readLine()).startsWith("signing with the key sha256:");
        return process;
    }

    private static Process signer(String... arguments) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                ProcessHandle.current().info().command().orElse("java"),
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "io.maestro.signer.Main"));
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
