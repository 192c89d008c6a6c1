package io.maestro.adapters;

import io.maestro.adapters.leaks.LoaderWatch;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.node.NodeSettings;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres;
import io.maestro.testing.TestPostgres.TestDatabase;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** A whole host on a database of its own, for what is measured. */
final class MeasuredHost {
    static final InstanceId MAIN = new InstanceId("main");
    static final Actor ADA = new Actor("user:ada", "request-1");
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private static final Host.Pace PACE = new Host.Pace(
            Duration.ofSeconds(10),
            Opener.Limits.USUAL,
            Duration.ofSeconds(5),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Probes.Pace.USUAL,
            Duration.ofMinutes(5),
            new LoaderWatch.Pace(
                    Duration.ofMillis(200), Duration.ofSeconds(1), Duration.ofSeconds(10), Duration.ofSeconds(10)),
            Duration.ofSeconds(5),
            Duration.ofSeconds(30));

    final TestHost host;
    private final TestDatabase rows;
    private final PostgresDatabase database;
    private final Path folder;

    MeasuredHost(Path folder) throws Exception {
        this.folder = Files.createDirectories(folder);
        rows = TestPostgres.fresh();
        database =
                PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
        host = new TestHost(folder.resolve("data"), database, new MemorySecrets(), "measured", PACE);
        host.policy.forgets.set(true);
    }

    /** Admits a version of the adapter {@code echo}; the label says its flaw behind a space. */
    void admit(String version, String label) throws Exception {
        byte[] bytes = Files.readAllBytes(
                SampleBundle.working(version, label).write(Files.createTempFile(folder, "sample", ".jar")));
        var _ = host.definitions().admit(new ByteArrayInputStream(bytes), "upload", ADA);
    }

    /** Creates an instance and waits until it runs. */
    void create(Scope scope, String version) {
        host.tenants.others.add(scope.tenant());
        host.instances().create(scope, MAIN, DefinitionId.parse("echo@" + version), Json.EMPTY_OBJECT, ADA);
        Observed observed = host.instances().await(scope, MAIN, PATIENCE).observed();
        if (observed != Observed.RUNNING) {
            throw new IllegalStateException(scope + " is " + observed);
        }
    }

    static void pause(Duration length) {
        long end = System.nanoTime() + length.toNanos();
        for (long left = length.toNanos(); left > 0; left = end - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    void end() throws Exception {
        host.stop();
        database.close();
        TestPostgres.drop(rows);
    }
}
