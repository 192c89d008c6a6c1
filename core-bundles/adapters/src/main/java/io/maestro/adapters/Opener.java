package io.maestro.adapters;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapters.InstanceRow.Target;
import io.maestro.adapters.context.InstanceContext;
import io.maestro.adapters.context.Network;
import io.maestro.adapters.context.SecretMask;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.trust.Publishers;
import io.maestro.api.trust.Publishers.PublisherKey;
import io.maestro.model.Digest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.model.TypeName;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** Opens and closes one instance at a time; what the adapter does meanwhile is limited in time. Blocks; any thread. */
final class Opener {
    private static final System.Logger LOG = System.getLogger(Opener.class.getName());

    private final BundleContext host;
    private final JooqInstances instances;
    private final JooqDefinitions definitions;
    private final Publishers publishers;
    private final Factories factories;
    private final SealedSecrets secrets;
    private final InstanceFolders folders;
    private final List<AdapterType<?>> types;
    private final Function<InstanceKey, Guard> guards;
    private final Network network;
    private final InstantSource clock;
    private final Limits limits;

    /** Platform threads: an open that spins must not take a processor from the virtual threads, on which all else runs. */
    private final ThreadFactory threads =
            Thread.ofPlatform().daemon().name("adapter-open-", 0).factory();

    /**
     * How long the steps may take.
     *
     * @param open the adapter's open
     * @param drain the calls that run when an instance is closed
     * @param close the adapter's close
     */
    record Limits(Duration open, Duration drain, Duration close) {
        static final Limits USUAL = new Limits(Duration.ofSeconds(10), Duration.ofSeconds(10), Duration.ofSeconds(10));
    }

    /**
     * An instance that is open and registered.
     *
     * @param key fingerprint of the key that signed its adapter
     */
    record Opened(Target target, Binding binding, ServiceRegistration<?> registration, Digest key) {}

    Opener(
            BundleContext host,
            JooqInstances instances,
            JooqDefinitions definitions,
            Publishers publishers,
            Factories factories,
            SealedSecrets secrets,
            InstanceFolders folders,
            List<AdapterType<?>> types,
            Function<InstanceKey, Guard> guards,
            Network network,
            InstantSource clock,
            Limits limits) {
        this.host = host;
        this.instances = instances;
        this.definitions = definitions;
        this.publishers = publishers;
        this.factories = factories;
        this.secrets = secrets;
        this.folders = folders;
        this.types = types;
        this.guards = guards;
        this.network = network;
        this.clock = clock;
        this.limits = limits;
    }

    /**
     * Opens and registers the instance.
     *
     * @throws ProblemException when it cannot be opened, or when the adapter failed
     * @throws TimeLimit.Exceeded when the adapter takes too long; an instance that comes late is closed
     */
    Opened open(Target target) throws TimeLimit.Exceeded, InterruptedException {
        InstanceRow row = instances.require(target.key());
        if (row.incarnation() != target.incarnation()) {
            // neither its secrets nor its folder are for the adapter of the one before
            throw Problem.of(
                            AdapterProblem.INSTANCE_OPEN_FAILED,
                            "the instance was deleted, and another one of its name was created",
                            null)
                    .asException();
        }
        Definition definition = definitions.require(target.definition());
        requireTrusted(definition.key(), target);
        AdapterType<?> type = type(definition.manifest().type());
        AdapterFactory factory = factories.factory(definition);
        ObjectNode secret = secrets(row);
        SecretMask mask = new SecretMask(SecretProperties.values(secret));
        InstanceContext context = context(row, definition, secret, mask);
        AdapterInstance adapter = open(factory, context, type, target, mask);
        Binding binding = new Binding(
                target.key().scope(),
                target.key().instance(),
                target.definition(),
                type,
                adapter,
                guards.apply(target.key()),
                mask);
        return new Opened(target, binding, register(binding), definition.key());
    }

    private AdapterInstance open(
            AdapterFactory factory, InstanceContext context, AdapterType<?> type, Target target, SecretMask mask)
            throws TimeLimit.Exceeded, InterruptedException {
        try {
            AdapterInstance adapter = TimeLimit.<AdapterInstance>run(
                    threads, limits.open(), () -> factory.open(context), late -> close(late, target.key(), mask));
            if (!type.contract().isInstance(adapter)) {
                if (adapter != null) {
                    close(adapter, target.key(), mask);
                }
                throw failed("it does not implement " + type.contract().getSimpleName(), target)
                        .asException();
            }
            return adapter;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof ProblemException expected) {
                throw mask.masked(expected);
            }
            Throwable shown = mask.masked(cause);
            LOG.log(Level.WARNING, "instance " + target.key() + " cannot be opened", shown);
            throw failed("its open failed with " + cause.getClass().getName(), target)
                    .asException(shown);
        }
    }

    private static Problem failed(String how, Target target) {
        return Problem.of(
                AdapterProblem.ADAPTER_FAILED,
                "the adapter " + target.definition() + " has a fault: " + how,
                "The server's log has the details; ask the adapter's publisher for a version without the fault.");
    }

    private ServiceRegistration<?> register(Binding binding) {
        return host.registerService(binding.interfaces(), binding.adapter, binding.properties());
    }

    private ObjectNode secrets(InstanceRow row) {
        byte[] sealed = row.secrets();
        return sealed == null
                ? JsonNodeFactory.instance.objectNode()
                : (ObjectNode) Documents.tree(new String(secrets.open(row.key(), sealed), StandardCharsets.UTF_8));
    }

    private InstanceContext context(InstanceRow row, Definition definition, ObjectNode values, SecretMask mask) {
        ObjectNode configuration =
                (ObjectNode) Documents.tree(row.configuration().text());
        SecretProperties.putBack(configuration, values);
        return new InstanceContext(
                row.key().scope(),
                row.key().instance(),
                configuration,
                mask,
                definition.manifest().permissions(),
                clock,
                folders.folder(row.key(), row.incarnation()),
                network);
    }

    private AdapterType<?> type(TypeName name) {
        return types.stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Problem.of(
                                AdapterProblem.INSTANCE_OPEN_FAILED,
                                "this release does not know the adapter type " + name,
                                "Run the release that the adapter was installed with, or a newer one.")
                        .asException());
    }

    private void requireTrusted(Digest fingerprint, Target target) {
        if (revoked(fingerprint)) {
            throw Problem.of(
                            AdapterProblem.INSTANCE_KEY_REVOKED,
                            "the key that signed " + target.definition() + " was revoked",
                            "Install a version that a trusted key signed, and create the instance anew with it.")
                    .asException();
        }
    }

    /** Whether the key is no longer trusted. */
    boolean revoked(Digest fingerprint) {
        PublisherKey key = publishers.key(fingerprint);
        return key == null || key.revokedAt() != null;
    }

    /** The problem of an open that took too long. */
    Problem tooLong(TimeLimit.Exceeded exceeded) {
        return Problem.of(
                        AdapterProblem.INSTANCE_OPEN_TIMEOUT,
                        "the adapter did not open the instance within "
                                + limits.open().toSeconds() + " seconds; it was at " + exceeded.place(),
                        "It is tried again by itself. An adapter should not wait for its outside system when it opens.")
                .with(Retry.after(Duration.ZERO));
    }

    /** Takes the instance out of service, lets its calls end, interrupts those that do not, and closes it. */
    void close(Opened opened) {
        InstanceKey key = opened.target().key();
        try {
            opened.registration().unregister();
        } catch (IllegalStateException e) {
            LOG.log(Level.DEBUG, "the framework has unregistered " + key + " already", e);
        }
        if (!opened.binding().guard.drain(limits.drain())) {
            opened.binding().guard.interruptAll();
        }
        close(opened.binding().adapter, key, opened.binding().mask);
    }

    private void close(AdapterInstance adapter, InstanceKey key, SecretMask mask) {
        try {
            TimeLimit.<Boolean>run(
                    threads,
                    limits.close(),
                    () -> {
                        adapter.close();
                        return true;
                    },
                    late -> {});
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            LOG.log(Level.WARNING, "instance " + key + " failed to close", mask.masked(cause));
        } catch (TimeLimit.Exceeded e) {
            LOG.log(Level.WARNING, "instance " + key + " does not close; it is left behind at " + e.place());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
