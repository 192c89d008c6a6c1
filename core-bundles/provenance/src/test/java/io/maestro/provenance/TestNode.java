package io.maestro.provenance;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.provenance.Receipts.Filter;
import io.maestro.api.provenance.Receipts.Receipt;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import io.maestro.store.Act;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** One node with the engine on it, in a data folder of its own; others may run on the same database. */
final class TestNode implements AutoCloseable {
    static final TenantId ACME = new TenantId("acme");
    static final TenantId GLOBEX = new TenantId("globex");
    static final Actor ROOT = new Actor("token:root", "c-1");

    final PostgresDatabase database;
    final Provenance provenance;

    TestNode(TestDatabase where, Path data, String name) {
        this(where, data, name, Signers.Remote.NONE);
    }

    TestNode(TestDatabase where, Path data, String name, Signers.Remote remote) {
        this(where, data, name, remote, InstantSource.system());
    }

    TestNode(TestDatabase where, Path data, String name, Signers.Remote remote, InstantSource clock) {
        NodeSettings.Database settings =
                new NodeSettings.Database(URI.create(where.url()), where.user(), where.password());
        database = PostgresDatabase.open(settings);
        provenance = new Provenance(
                new NodeSettings(name, data, "internal-edition", new NodeSettings.Http("127.0.0.1", 0), settings),
                database,
                database,
                counts -> remote,
                clock,
                new Sealer.Pace(
                        Duration.ofMillis(50), Duration.ofMillis(5), Duration.ofMillis(5), Duration.ofDays(1), 50),
                Metrics.NONE);
    }

    /** Gives a further node of a database what the operator copies. */
    static void share(Path from, Path to) {
        try {
            Files.createDirectories(to.resolve("keys/receipts"));
            for (String each : List.of("root", "voucher")) {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(1))
                        .until(() -> Files.exists(from.resolve("keys/receipts").resolve(each)));
                Files.copy(
                        from.resolve("keys/receipts").resolve(each),
                        to.resolve("keys/receipts").resolve(each),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts to seal. */
    TestNode start() {
        provenance.start();
        return this;
    }

    /** An act with one fact, in the chain of a tenant or of the platform. */
    void act(@Nullable TenantId tenant, String name) {
        Fact fact = Fact.made(
                "thing.make", Subject.of("thing", name), Json.object(Map.of("name", name, "size", name.length())));
        if (tenant == null) {
            database.actAsPlatform(ROOT, sql -> Act.done(0, fact));
        } else {
            database.act(tenant, ROOT, sql -> Act.done(0, fact));
        }
    }

    /** Waits until nothing waits to be sealed. */
    void awaitSealed() {
        Awaitility.await()
                .atMost(Duration.ofMinutes(2))
                .until(() -> database.backlog().facts() == 0);
    }

    /** The whole chain, oldest first. */
    List<Receipt> chain(@Nullable TenantId tenant) {
        return provenance
                .receipts()
                .receipts(
                        tenant,
                        new Filter(null, null, null, null, null, null, null, true),
                        new PageRequest(PageRequest.LARGEST, null))
                .items();
    }

    /** The names of the things in the receipts of a chain. */
    List<String> things(@Nullable TenantId tenant) {
        return chain(tenant).stream()
                .map(receipt -> String.valueOf(receipt.body()))
                .filter(body -> body.contains("thing.make"))
                .map(body -> body.replaceAll(".*\"subject\":\\{\"digest\":null,\"name\":\"([^\"]*)\".*", "$1"))
                .toList();
    }

    @Override
    public void close() {
        provenance.close();
        database.close();
    }
}
