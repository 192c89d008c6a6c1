package io.maestro.launcher;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.node.Values;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.security.SecureRandom;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;

/** One node, from the data folder to the address it listens on. */
final class Node {
    private static final System.Logger LOG = System.getLogger(Node.class.getName());

    private final Home home;
    private final Options options;
    private final Values values;
    private final DataFolder data;
    private final StopSequence started;

    /** A node that will add what it starts to {@code started}. */
    Node(Home home, Options options, Values values, DataFolder data, StopSequence started) {
        this.home = home;
        this.options = options;
        this.values = values;
        this.data = data;
        this.started = started;
    }

    /**
     * Starts the node and returns when it listens. The database and the framework start side by side.
     *
     * @return the address
     */
    URI start(Runnable onDatabaseLost) throws LaunchFailure, InterruptedException {
        checkPort();
        long begin = System.nanoTime();
        FutureTask<NodeSettings.Database> database = new FutureTask<>(() -> database(onDatabaseLost));
        Thread starter = Thread.ofPlatform().name("database").start(database);
        // A server that is still starting is waited for, and stopped after that.
        started.add("database starter", starter::join);
        BundleCache cache = new BundleCache(data.resolve("framework"), home);
        Container container = Container.start(home, cache);
        AtomicBoolean complete = new AtomicBoolean();
        started.add("framework", () -> {
            container.stop();
            if (complete.get()) {
                cache.seal();
            }
        });
        long framework = System.nanoTime();
        try {
            NodeSettings settings = new NodeSettings(
                    data.node(new SecureRandom()),
                    data.folder(),
                    options.profile(),
                    new NodeSettings.Http(options.host(), options.port(), options.publicUrl()),
                    await(database),
                    MasterKeyOptions.of(options, data.folder(), System.getenv()),
                    options.signer(),
                    options.opa());
            long connected = System.nanoTime();
            URI address = container.go(settings, values);
            complete.set(true);
            data.announce(address.toString());
            LOG.log(
                    Level.INFO,
                    "node {0} listens at {1}; framework {2} ms, database {3} ms later, bundles {4} ms",
                    settings.node(),
                    address,
                    millis(begin, framework),
                    millis(framework, connected),
                    millis(connected, System.nanoTime()));
            return address;
        } catch (IOException e) {
            throw new LaunchFailure("the data folder cannot be written: " + e.getMessage(), e);
        }
    }

    private static long millis(long from, long to) {
        return (to - from) / 1_000_000;
    }

    private NodeSettings.Database database(Runnable onDatabaseLost) throws LaunchFailure, InterruptedException {
        Options.ExternalDatabase external = options.database();
        if (external != null) {
            return ForeignDatabase.check(external);
        }
        PostgresServer server = PostgresServer.start(home, data);
        started.addBeneath("database", server::stop);
        server.onExit(onDatabaseLost);
        return new NodeSettings.Database(server.url(), PostgresFolder.ROLE, server.password());
    }

    private static NodeSettings.Database await(FutureTask<NodeSettings.Database> database)
            throws LaunchFailure, InterruptedException {
        try {
            return database.get();
        } catch (ExecutionException | CancellationException e) {
            if (e.getCause() instanceof LaunchFailure failure) {
                throw failure;
            }
            throw new LaunchFailure("the database cannot be used: " + e.getMessage(), e);
        }
    }

    /** Finds out early what would otherwise be found after everything else has started. */
    private void checkPort() throws LaunchFailure {
        InetSocketAddress address = new InetSocketAddress(options.host(), options.port());
        if (address.isUnresolved()) {
            throw new LaunchFailure(
                    LaunchFailure.USAGE, "--host " + options.host() + " is not an address of this machine");
        }
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(address);
        } catch (IOException e) {
            throw new LaunchFailure(
                    "port " + options.port() + " of " + options.host() + " cannot be used (" + e.getMessage()
                            + "); choose another with --port",
                    e);
        }
    }
}
