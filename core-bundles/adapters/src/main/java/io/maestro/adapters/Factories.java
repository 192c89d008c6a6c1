package io.maestro.adapters;

import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapters.Bundles.Started;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.model.DefinitionId;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceEvent;
import org.osgi.framework.ServiceListener;

/**
 * The factories of the definitions that are in use: one bundle per version, started when its first instance is wanted.
 * The artifact's bytes are checked again before its bundle starts for the first time in a process.
 */
final class Factories implements ServiceListener {
    private final BundleContext host;
    private final Artifacts artifacts;
    private final Bundles bundles;
    private final Consumer<DefinitionId> lost;
    private final ConcurrentHashMap<DefinitionId, CompletableFuture<Started>> started = new ConcurrentHashMap<>();

    /** Tells {@code lost} when a bundle goes that nobody here sent away. */
    Factories(BundleContext host, Artifacts artifacts, Bundles bundles, Consumer<DefinitionId> lost) {
        this.host = host;
        this.artifacts = artifacts;
        this.bundles = bundles;
        this.lost = lost;
    }

    void open() {
        try {
            host.addServiceListener(this, "(" + Constants.OBJECTCLASS + "=" + AdapterFactory.class.getName() + ")");
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    void close() {
        host.removeServiceListener(this);
    }

    /** The factory; starts the bundle when it does not run. Whoever comes meanwhile waits for the same start. */
    AdapterFactory factory(Definition definition) {
        CompletableFuture<Started> mine = new CompletableFuture<>();
        CompletableFuture<Started> present = started.putIfAbsent(definition.id(), mine);
        if (present == null) {
            try {
                mine.complete(bundles.start(artifacts.require(definition.id(), definition.digest())));
            } catch (RuntimeException e) {
                started.remove(definition.id(), mine);
                mine.completeExceptionally(e);
            }
        }
        try {
            return (present == null ? mine : present).join().factory();
        } catch (CompletionException e) {
            if (e.getCause() instanceof RuntimeException failure) {
                throw failure;
            }
            throw e;
        }
    }

    /** Takes over a bundle that its admission has started. */
    void adopt(DefinitionId definition, Started proven) {
        started.put(definition, CompletableFuture.completedFuture(proven));
    }

    @Override
    public void serviceChanged(ServiceEvent event) {
        if (event.getType() != ServiceEvent.UNREGISTERING) {
            return;
        }
        Bundle bundle = event.getServiceReference().getBundle();
        for (Map.Entry<DefinitionId, CompletableFuture<Started>> entry : started.entrySet()) {
            CompletableFuture<Started> start = entry.getValue();
            if (start.state() == java.util.concurrent.Future.State.SUCCESS
                    && start.resultNow().bundle().equals(bundle)
                    && started.remove(entry.getKey(), start)) {
                lost.accept(entry.getKey());
            }
        }
    }
}
