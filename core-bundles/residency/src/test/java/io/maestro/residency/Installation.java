package io.maestro.residency;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.residency.ItemName;
import io.maestro.api.residency.Items.Content;
import io.maestro.api.residency.Items.Item;
import io.maestro.api.residency.Items.OpenItem;
import io.maestro.api.residency.Kind;
import io.maestro.api.residency.Region;
import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.store.Act;
import io.maestro.store.Database;
import io.maestro.store.JooqTransaction;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.tenancy.KnownTenants;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;

/** The engine with what it needs, and its clock in hand. */
final class Installation implements AutoCloseable {
    static final Actor ADA = new Actor("token:ada", "request-1");
    static final Scope DEV = Scope.of("acme", "dev");
    static final Region EU = new Region("eu-central-1");
    static final Region US = new Region("us-east-1");
    static final Kind EVIDENCE = new Kind("evidence");

    final KnownTenants tenants = new KnownTenants();
    final Storages storages = new Storages();
    final Governors governors = new Governors();
    final AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-11-28T05:00:00Z"));
    /** What the installation's policy settings are. */
    volatile Json settings = Json.EMPTY_OBJECT;

    final PostgresDatabase database;
    final Residency residency;

    Installation(TestPostgres postgres) {
        database = PostgresDatabase.open(
                new NodeSettings.Database(URI.create(postgres.url()), postgres.user(), postgres.password()));
        residency = node(database);
    }

    /** A node on this database; its threads do not run, tests take its turns. */
    Residency node(Database seen) {
        return node(seen, Duration.ofMinutes(1));
    }

    /** One whose rounds wait so long for what hangs. */
    Residency node(Database seen, Duration patience) {
        Backends backends =
                new Backends(storages::look, storages::definition, storages, new ConfiguredRegion(() -> settings));
        return new Residency(seen, tenants, storages, backends, governors, governors, now::get, patience);
    }

    void pass(Duration time) {
        now.updateAndGet(before -> before.plus(time));
    }

    /** Makes an instance, and leads the evidence of a region to it. */
    void route(Scope scope, Region region, String instance) {
        residency.router().put(scope, region, EVIDENCE, new InstanceId(instance), ADA);
    }

    Item put(Scope scope, String key, Region region, String text) {
        return residency.router().put(scope, name(key), region, content(text), ADA);
    }

    /** What the adapter host does in the act that deletes an instance. */
    void requireDeletable(Scope scope, String instance) {
        database.act(scope.tenant(), ADA, sql -> {
            residency.dependents().requireDeletable(new JooqTransaction(sql), scope, new InstanceId(instance));
            return Act.unchanged(true);
        });
    }

    static ItemName name(String key) {
        return new ItemName(EVIDENCE, key);
    }

    static Content content(String text) {
        byte[] bytes = text.getBytes(UTF_8);
        return new Content("text/plain", new ByteArrayInputStream(bytes), OptionalLong.of(bytes.length), null);
    }

    String read(Scope scope, String key) {
        try (OpenItem open = residency.router().open(scope, name(key), ADA)) {
            return new String(open.content().readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The problem that something ends with. */
    static Problem problem(Runnable work) {
        ProblemException thrown = catchThrowableOfType(ProblemException.class, work::run);
        if (thrown == null) {
            throw new AssertionError("nothing was refused");
        }
        return thrown.problem();
    }

    @Override
    public void close() {
        residency.close();
        database.close();
    }
}
