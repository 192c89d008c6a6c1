package io.maestro.adapters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.adapter.spi.AdapterFactory;
import io.maestro.adapter.spi.AdapterInstance;
import io.maestro.adapter.spi.AdapterType;
import io.maestro.adapter.spi.Health;
import io.maestro.adapter.spi.SecretRotation;
import io.maestro.adapters.ConfigurationSecrets.Filled;
import io.maestro.adapters.InstanceRow.Target;
import io.maestro.adapters.context.InstanceContext;
import io.maestro.adapters.context.Network;
import io.maestro.adapters.context.SecretMask;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.CauseCode;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.secrets.Secrets.Purpose;
import io.maestro.api.trust.Publishers;
import io.maestro.api.trust.Publishers.PublisherKey;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Retry;
import io.maestro.model.TypeName;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.osgi.framework.BundleContext;
import org.osgi.framework.ServiceRegistration;

/** Opens and closes one instance at a time; what the adapter does meanwhile is limited in time. Blocks; any thread. */
final class Opener {
    private static final System.Logger LOG = System.getLogger(Opener.class.getName());

    /** How many answers one read gives: after a start all instances are opened at once. */
    private static final int READ_AT_ONCE = 500;

    /** How many adapters open at once: each has a thread of the operating system meanwhile. */
    private static final int OPENING_AT_ONCE = 64;

    private static final Duration BEFORE_OTHERS = Duration.ofSeconds(1);

    private final BundleContext host;
    private final Gathering<InstanceKey, InstanceRow> rows;
    private final Gathering<DefinitionId, Definition> definitions;
    private final Gathering<Digest, Boolean> revoked;
    private final Publishers publishers;
    private final Factories factories;
    private final ConfigurationSecrets secrets;
    private final EarlierSecrets earlier;
    private final InstanceFolders folders;
    private final List<AdapterType<?>> types;
    private final Function<InstanceKey, Guard> guards;
    private final Network network;
    private final InstantSource clock;
    private final Limits limits;
    private final Steps steps;
    private final Turnstile turnstile = new Turnstile(OPENING_AT_ONCE, BEFORE_OTHERS);

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
     * @param stamp tells its secrets from later ones
     * @param use keeps its bundle until it is closed
     */
    record Opened(
            Target target,
            Binding binding,
            ServiceRegistration<?> registration,
            Digest key,
            long stamp,
            Factories.Use use) {}

    /**
     * An instance that is open, and that nobody finds yet.
     *
     * @param filled what it was opened with
     * @param use keeps its bundle until it is discarded, or goes on with what it becomes
     */
    record Candidate(Binding binding, Definition definition, Filled filled, Factories.Use use) {}

    Opener(
            BundleContext host,
            JooqInstances instances,
            JooqDefinitions definitions,
            Publishers publishers,
            Factories factories,
            ConfigurationSecrets secrets,
            EarlierSecrets earlier,
            InstanceFolders folders,
            List<AdapterType<?>> types,
            Function<InstanceKey, Guard> guards,
            Network network,
            InstantSource clock,
            Limits limits,
            Steps steps) {
        this.host = host;
        this.rows = new Gathering<>(READ_AT_ONCE, instances::find);
        this.definitions = new Gathering<>(READ_AT_ONCE, definitions::find);
        this.revoked = new Gathering<>(
                READ_AT_ONCE, keys -> keys.stream().collect(Collectors.toMap(Function.identity(), this::revoked)));
        this.publishers = publishers;
        this.factories = factories;
        this.secrets = secrets;
        this.earlier = earlier;
        this.folders = folders;
        this.types = types;
        this.guards = guards;
        this.network = network;
        this.clock = clock;
        this.limits = limits;
        this.steps = steps;
    }

    /**
     * Opens and registers the instance.
     *
     * @throws ProblemException when it cannot be opened, or when the adapter failed
     * @throws TimeLimit.Exceeded when the adapter takes too long; an instance that comes late is closed
     */
    Opened open(Target target) throws TimeLimit.Exceeded, InterruptedException {
        Definition definition = definition(target);
        InstanceRow row = row(target);
        requireTrusted(definition.key(), target);
        AdapterType<?> type = type(definition.manifest().type());
        Factories.Use use = factories.use(definition);
        boolean opened = false;
        try {
            Ready ready = ready(target, row, definition, Purpose.OPEN);
            Candidate candidate = candidate(target, definition, type, use, ready.row(), ready.filled(), folders);
            Binding binding = candidate.binding();
            Opened done = new Opened(
                    target,
                    binding,
                    register(binding),
                    definition.key(),
                    ready.filled().stamp(),
                    use);
            opened = true;
            return done;
        } finally {
            if (!opened) {
                use.close();
            }
        }
    }

    private Candidate candidate(
            Target target,
            Definition definition,
            AdapterType<?> type,
            Factories.Use use,
            InstanceRow row,
            Filled filled,
            InstanceFolders where)
            throws TimeLimit.Exceeded, InterruptedException {
        SecretMask mask = new SecretMask(filled.texts());
        InstanceContext context = context(row, definition, filled, mask, where);
        AdapterInstance adapter = open(use.factory(), context, type, target, mask);
        Binding binding = new Binding(
                target.key().scope(),
                target.key().instance(),
                target.definition(),
                type,
                adapter,
                guards.apply(target.key()),
                mask,
                Fingerprints.of(row, filled.lineage()),
                filled.lineage(),
                Questions.facts(definition));
        return new Candidate(binding, definition, filled, use);
    }

    /**
     * Opens what an instance is to be, beside what it is, and offers it to nobody.
     *
     * @param row the instance as it would be
     * @param configuration for it; with values in place of secrets that are not kept yet
     * @throws ProblemException when it cannot be opened, or when the adapter failed
     * @throws TimeLimit.Exceeded when the adapter takes too long; an instance that comes late is closed
     */
    Candidate prepare(InstanceRow row, Definition definition, ObjectNode configuration)
            throws TimeLimit.Exceeded, InterruptedException {
        return prepareApart(row, definition, configuration, folders);
    }

    /**
     * The same with its files elsewhere.
     *
     * @param apart where the folder is that it is given
     */
    Candidate prepareApart(InstanceRow row, Definition definition, ObjectNode configuration, InstanceFolders apart)
            throws TimeLimit.Exceeded, InterruptedException {
        requireTrusted(definition.key(), row.target());
        AdapterType<?> type = type(definition.manifest().type());
        Factories.Use use = factories.use(definition);
        boolean opened = false;
        try {
            Filled filled = secrets.filled(
                    row.key(),
                    Documents.tree(definition.manifest().configuration().text()),
                    configuration,
                    Purpose.OPEN);
            Candidate candidate = candidate(row.target(), definition, type, use, row, filled, apart);
            opened = true;
            return candidate;
        } finally {
            if (!opened) {
                use.close();
            }
        }
    }

    /** Returns when the bundle of the definition starts and its key is trusted. */
    void tryBundle(InstanceRow row, Definition definition) throws InterruptedException {
        requireTrusted(definition.key(), row.target());
        factories.use(definition).close();
    }

    /** How the candidate says that it is; one that does not say so in time is down. */
    Health health(Candidate candidate) throws InterruptedException {
        Binding binding = candidate.binding();
        try {
            Health health = TimeLimit.<Health>run(threads, limits.open(), binding.adapter::health, late -> {});
            return health == null ? new Health.Down("it does not say how it is") : health;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            LOG.log(Level.WARNING, "the health of " + binding, binding.mask.masked(cause));
            return new Health.Down(
                    "its health check failed with " + cause.getClass().getName());
        } catch (TimeLimit.Exceeded e) {
            return new Health.Down("it does not answer; it is at " + e.place());
        }
    }

    /**
     * Offers the candidate in place of what the instance was before.
     *
     * @param row the instance as it is now
     */
    Opened take(Candidate candidate, InstanceRow row) {
        Filled given = candidate.filled();
        Filled kept = secrets.filled(
                row.key(), candidate.definition().manifest().configuration(), row.configuration(), Purpose.CHECK);
        // other secrets meanwhile: of a stamp that is behind every other one, so that it is given the present ones
        boolean same = kept.texts().equals(given.texts());
        Binding binding = same
                ? candidate.binding().as(Fingerprints.of(row, kept.lineage()), kept.lineage())
                : candidate.binding().as(Fingerprints.unknown(), "");
        return new Opened(
                row.target(),
                binding,
                register(binding),
                candidate.definition().key(),
                same ? kept.stamp() : -1,
                candidate.use());
    }

    /** Closes a candidate that has not taken anything's place; its calls end first, in time or interrupted. */
    void discard(Candidate candidate) {
        discard(candidate, patience());
    }

    /** The same, with another patience for its calls. */
    void discard(Candidate candidate, Duration patience) {
        Binding binding = candidate.binding();
        if (!binding.guard.drain(patience)) {
            binding.guard.interruptAll();
        }
        close(binding.adapter, binding.guard.key(), binding.mask);
        tellOfLeft(binding.guard);
        candidate.use().close();
    }

    /** Nobody waits for these calls any more, and nobody can end them: they show in the report of leaks while they last. */
    private static void tellOfLeft(Guard guard) {
        int running = guard.running();
        if (running > 0) {
            guard.key()
                    .log(LOG)
                    .log(
                            Level.WARNING,
                            "instance " + guard.name() + " is closed; of its calls, " + running
                                    + " heed no interrupt and are left behind");
        }
    }

    /** How long the calls of an instance may take to end when it is closed. */
    Duration patience() {
        return limits.drain();
    }

    /** How long a move of an instance may take until it has switched, the start of a bundle included. */
    Duration longestMove() {
        return limits.open()
                .multipliedBy(3)
                .plus(limits.drain())
                .plus(limits.close())
                .plusSeconds(30);
    }

    /**
     * Has an open instance use the present values of its secrets: it takes them if it can, else a new one is opened with
     * them and takes its place before it is closed. When that fails, the instance goes on as it was.
     *
     * @throws ProblemException when it cannot be opened, or when the adapter failed
     * @throws TimeLimit.Exceeded when the adapter takes too long; an instance that comes late is closed
     */
    Opened renewSecrets(Opened opened, Target target) throws TimeLimit.Exceeded, InterruptedException {
        if (opened.binding().adapter instanceof SecretRotation rotation) {
            InstanceRow row = row(target);
            Definition definition = definition(target);
            Ready ready = isAsConfigured(opened, row) ? ready(target, row, definition, Purpose.ROTATE) : null;
            if (ready != null && isAsConfigured(opened, ready.row())) {
                Opened renewed = offer(rotation, opened, target, definition, ready);
                if (renewed != null) {
                    return renewed;
                }
            }
        }
        return replace(opened, target);
    }

    /** Another configuration is not for the adapter that is open with this one. */
    private static boolean isAsConfigured(Opened opened, InstanceRow row) {
        return row.configured() == opened.target().configured();
    }

    /** The instance with the secrets that it was offered, or null when it did not take them. */
    private @Nullable Opened offer(
            SecretRotation rotation, Opened opened, Target target, Definition definition, Ready ready)
            throws InterruptedException {
        Filled filled = ready.filled();
        SecretMask mask = opened.binding().mask;
        // renewed only when they were taken: what failed to take them goes on with those before
        mask.alsoHide(filled.texts());
        InstanceContext context = context(ready.row(), definition, filled, mask, folders);
        // from the first moment of the offer it may use these secrets, even when it throws or is given up: who asks for
        // it as it was must not meet what it becomes, and who asks for what it is to be must not meet it half-way
        opened.registration()
                .setProperties(opened.binding().as(Fingerprints.unknown(), "").properties());
        if (!takes(rotation, context, target, mask)) {
            return null;
        }
        Binding renewed = opened.binding().as(Fingerprints.of(ready.row(), filled.lineage()), filled.lineage());
        mask.renew(filled.texts());
        opened.registration().setProperties(renewed.properties());
        return new Opened(target, renewed, opened.registration(), opened.key(), filled.stamp(), opened.use());
    }

    /**
     * Opens the instance as it is wanted now beside the one that is open, which is closed when the new one has taken its
     * place. When that fails, the instance goes on as it was.
     *
     * @throws ProblemException when it cannot be opened, or when the adapter failed
     * @throws TimeLimit.Exceeded when the adapter takes too long; an instance that comes late is closed
     */
    Opened replace(Opened opened, Target target) throws TimeLimit.Exceeded, InterruptedException {
        Opened successor = open(target);
        steps.reached("beside");
        close(opened);
        return successor;
    }

    private boolean takes(SecretRotation rotation, InstanceContext context, Target target, SecretMask mask)
            throws InterruptedException {
        try {
            return TimeLimit.<Boolean>run(
                    threads,
                    limits.open(),
                    () -> {
                        rotation.secretsChanged(context);
                        return true;
                    },
                    late -> {});
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            LOG.log(Level.WARNING, "instance " + target.key() + " does not take its new secrets", mask.masked(cause));
        } catch (TimeLimit.Exceeded e) {
            LOG.log(
                    Level.WARNING,
                    "instance " + target.key() + " does not take its new secrets; it is at " + e.place());
        }
        return false;
    }

    private Definition definition(Target target) throws InterruptedException {
        DefinitionId id = target.definition();
        return definitions.ask(id).orElseThrow(() -> JooqDefinitions.unknown(id));
    }

    private InstanceRow row(Target target) throws InterruptedException {
        InstanceRow row = rows.ask(target.key()).orElseThrow(() -> JooqInstances.unknown(target.key()));
        if (row.incarnation() != target.incarnation()) {
            // neither its secrets nor its folder are for the adapter of the one before
            throw Evidence.of(CauseCode.INSTANCE_REPLACED)
                    .behind(Problem.of(
                            AdapterProblem.INSTANCE_OPEN_FAILED,
                            "the instance was deleted, and another one of its name was created",
                            null))
                    .asException();
        }
        return row;
    }

    private AdapterInstance open(
            AdapterFactory factory, InstanceContext context, AdapterType<?> type, Target target, SecretMask mask)
            throws TimeLimit.Exceeded, InterruptedException {
        try (var _ = turnstile.enter()) {
            AdapterInstance adapter = TimeLimit.<AdapterInstance>run(
                    threads, limits.open(), () -> factory.open(context), late -> close(late, target.key(), mask));
            if (!type.contract().isInstance(adapter)) {
                if (adapter != null) {
                    close(adapter, target.key(), mask);
                }
                String given = adapter == null ? "nothing" : adapter.getClass().getName();
                throw Evidence.of(CauseCode.OPEN_WRONG, Map.of("type", type.name(), "given", given))
                        .behind(failed(
                                "it does not implement " + type.contract().getSimpleName(), target))
                        .asException();
            }
            return adapter;
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (cause instanceof ProblemException expected) {
                throw refused(mask.masked(expected));
            }
            Throwable shown = mask.masked(cause);
            target.key().log(LOG).log(Level.WARNING, "instance " + target.key() + " cannot be opened", shown);
            throw Evidence.of(
                            CauseCode.OPEN_FAILED,
                            Map.of("thrown", cause.getClass().getName(), "place", place(cause)))
                    .behind(failed("its open failed with " + cause.getClass().getName(), target))
                    .asException(shown);
        }
    }

    /** What the adapter says itself; the cause is its own, whatever the problem claims. */
    private static ProblemException refused(ProblemException said) {
        Problem problem = said.problem();
        Problem known = Evidence.of(CauseCode.OPEN_REFUSED, Map.of("problem", problem.code()))
                .behind(problem);
        return said.getCause() == null ? known.asException() : known.asException(said.getCause());
    }

    private static String place(Throwable thrown) {
        StackTraceElement[] stack = thrown.getStackTrace();
        return stack.length == 0 ? "unknown" : stack[0].toString();
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

    /** A row with the values of its secrets. */
    private record Ready(InstanceRow row, Filled filled) {}

    /**
     * The two are read one after the other; they are given to nobody when the configuration changed in between.
     *
     * @param read the row as it was read last
     */
    private Ready ready(Target target, InstanceRow read, Definition definition, Purpose purpose)
            throws InterruptedException {
        Json schema = definition.manifest().configuration();
        InstanceRow last = read;
        while (true) {
            InstanceRow row = earlier.handedOver(last, schema);
            Filled filled = secrets.filled(row.key(), schema, row.configuration(), purpose);
            if (filled.lineage().isEmpty()) {
                // it has no secrets, so nothing was read but the row
                return new Ready(row, filled);
            }
            last = row(target);
            if (last.configured() == row.configured()) {
                return new Ready(row, filled);
            }
        }
    }

    private InstanceContext context(
            InstanceRow row, Definition definition, Filled filled, SecretMask mask, InstanceFolders where) {
        return new InstanceContext(
                row.key().scope(),
                row.key().instance(),
                filled.configuration(),
                mask,
                definition.manifest().permissions(),
                clock,
                where.folder(row.key(), row.incarnation()),
                network);
    }

    private AdapterType<?> type(TypeName name) {
        return types.stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseThrow(() -> Evidence.of(CauseCode.TYPE_UNKNOWN, Map.of("type", name))
                        .behind(Problem.of(
                                AdapterProblem.INSTANCE_OPEN_FAILED,
                                "this release does not know the adapter type " + name,
                                "Run the release that the adapter was installed with, or a newer one."))
                        .asException());
    }

    private void requireTrusted(Digest fingerprint, Target target) throws InterruptedException {
        if (revoked.ask(fingerprint).orElse(true)) {
            throw keyRevoked(target.definition(), fingerprint).asException();
        }
    }

    /** The problem of an adapter whose key is no longer trusted. */
    static Problem keyRevoked(DefinitionId definition, Digest fingerprint) {
        return Evidence.of(CauseCode.KEY_REVOKED, Map.of("adapter", definition, "key", fingerprint))
                .behind(Problem.of(
                        AdapterProblem.INSTANCE_KEY_REVOKED,
                        "the key that signed " + definition + " was revoked",
                        "Install a version that a trusted key signed, and upgrade the instance to it."));
    }

    /** Whether the key is no longer trusted. */
    boolean revoked(Digest fingerprint) {
        PublisherKey key = publishers.key(fingerprint);
        return key == null || key.revokedAt() != null;
    }

    /** The problem of an open that took too long. */
    Problem tooLong(TimeLimit.Exceeded exceeded) {
        return Evidence.of(
                        CauseCode.OPEN_HANGS, Map.of("seconds", limits.open().toSeconds(), "place", exceeded.place()))
                .behind(
                        Problem.of(
                                AdapterProblem.INSTANCE_OPEN_TIMEOUT,
                                "the adapter did not open the instance within "
                                        + limits.open().toSeconds() + " seconds; it was at " + exceeded.place(),
                                "It is tried again by itself. An adapter should not wait for its outside system when it opens."))
                .with(Retry.after(Duration.ZERO));
    }

    /** Takes the instance out of service, lets its calls end, interrupts those that do not, and closes it. */
    void close(Opened opened) {
        InstanceKey key = opened.target().key();
        try {
            opened.registration().unregister();
        } catch (IllegalStateException e) {
            key.log(LOG).log(Level.DEBUG, "the framework has unregistered " + key + " already", e);
        }
        if (!opened.binding().guard.drain(limits.drain())) {
            opened.binding().guard.interruptAll();
        }
        close(opened.binding().adapter, key, opened.binding().mask);
        tellOfLeft(opened.binding().guard);
        opened.use().close();
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
            key.log(LOG).log(Level.WARNING, "instance " + key + " failed to close", mask.masked(cause));
        } catch (TimeLimit.Exceeded e) {
            key.log(LOG).log(Level.WARNING, "instance " + key + " does not close; it is left behind at " + e.place());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
