package io.maestro.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.adapter.spi.Health;
import io.maestro.api.adapters.CauseCode;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Explanations;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Observed;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.InstanceId;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.model.Violation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** Explains instances by what the node observed of them, and by looking again at what they stand on. */
final class HostedExplanations implements Explanations {
    private static final Duration HEALTH = Duration.ofSeconds(2);

    private final JooqInstances rows;
    private final JooqDefinitions definitions;
    private final HostedInstances instances;
    private final Tenants tenants;
    private final Configurations configurations;
    private final Artifacts artifacts;
    private final Opener opener;
    private final BindingIndex index;

    /** Since when which open instance is asked; by its identity, so that nothing of it is held. */
    private final ConcurrentMap<Asked, Long> asking = new ConcurrentHashMap<>();

    private final ThreadFactory threads =
            Thread.ofPlatform().daemon().name("adapter-health-", 0).factory();

    private record Asked(InstanceKey key, int identity) {}

    HostedExplanations(
            JooqInstances rows,
            JooqDefinitions definitions,
            HostedInstances instances,
            Tenants tenants,
            Configurations configurations,
            Artifacts artifacts,
            Opener opener,
            BindingIndex index) {
        this.rows = rows;
        this.definitions = definitions;
        this.instances = instances;
        this.tenants = tenants;
        this.configurations = configurations;
        this.artifacts = artifacts;
        this.opener = opener;
        this.index = index;
    }

    @Override
    public Explanation why(Scope scope, InstanceId id) {
        InstanceRow row = rows.require(new InstanceKey(scope, id));
        Instance instance = instances.instance(row);
        Definition definition = definitions.require(row.definition());
        Causes causes = new Causes(row);
        // by code: what was observed earlier and what is seen now may be the same
        Map<CauseCode, Cause> found = new LinkedHashMap<>();
        leaving(scope).map(causes::of).ifPresent(cause -> found.put(cause.code(), cause));
        if (row.wanted() == Wanted.STOPPED) {
            add(found, causes.of(CauseCode.STOPPED, "the instance \"" + id + "\" is wanted stopped", Map.of()));
        } else {
            trust(causes, definition, found);
            observed(causes, instance, found);
            configuration(causes, row, definition).ifPresent(cause -> add(found, cause));
            if (instance.observed() == Observed.RUNNING) {
                health(causes, index.find(scope, id)).ifPresent(cause -> add(found, cause));
            } else {
                artifact(causes, definition, found);
                if (found.isEmpty()) {
                    add(
                            found,
                            causes.of(
                                    CauseCode.PENDING,
                                    "the instance \"" + id + "\" is being opened",
                                    Map.of("revision", row.revision())));
                }
            }
        }
        return new Explanation(
                scope, id, row.definition(), row.wanted(), instance.observed(), List.copyOf(found.values()));
    }

    private static void add(Map<CauseCode, Cause> found, Cause cause) {
        found.putIfAbsent(cause.code(), cause);
    }

    private Optional<Problem> leaving(Scope scope) {
        try {
            tenants.require(scope);
            return Optional.empty();
        } catch (ProblemException e) {
            return Optional.of(e.problem());
        }
    }

    private void trust(Causes causes, Definition definition, Map<CauseCode, Cause> found) {
        if (opener.revoked(definition.key())) {
            add(found, causes.of(Opener.keyRevoked(definition.id(), definition.key())));
        }
    }

    private static void observed(Causes causes, Instance instance, Map<CauseCode, Cause> found) {
        Problem problem = instance.problem();
        if (problem == null) {
            return;
        }
        if (instance.observed() == Observed.RUNNING) {
            add(
                    found,
                    causes.of(
                            CauseCode.CHANGE_NOT_MADE,
                            "the instance runs as it was before the latest change: " + problem.detail(),
                            Map.of("problem", problem.code(), "revision", instance.revision())));
        }
        add(found, causes.of(problem));
    }

    private void artifact(Causes causes, Definition definition, Map<CauseCode, Cause> found) {
        artifacts.absence(definition).map(causes::of).ifPresent(cause -> add(found, cause));
    }

    /** The places of secrets are left out: what stands there is checked when they are read. */
    private Optional<Cause> configuration(Causes causes, InstanceRow row, Definition definition) {
        ObjectNode tree = (ObjectNode) Documents.tree(row.configuration().text());
        JsonNode schema = Documents.tree(definition.manifest().configuration().text());
        try {
            configurations.check(definition.manifest().configuration(), tree);
            return Optional.empty();
        } catch (ProblemException e) {
            List<String> secret = new ArrayList<>();
            SecretProperties.find(schema, tree).fieldNames().forEachRemaining(secret::add);
            List<Violation> broken = e.problem().violations().stream()
                    .filter(violation -> secret.stream()
                            .noneMatch(place -> violation.pointer().startsWith(place)))
                    .toList();
            return broken.isEmpty()
                    ? Optional.empty()
                    : Optional.of(causes.invalid(
                            "the configuration breaks the adapter's schema at "
                                    + broken.getFirst().pointer() + ": "
                                    + broken.getFirst().detail(),
                            broken));
        }
    }

    private Optional<Cause> health(Causes causes, @Nullable Binding open) {
        if (open == null) {
            return Optional.empty();
        }
        Asked asked = new Asked(new InstanceKey(open.scope, open.instance), System.identityHashCode(open));
        Long since = asking.putIfAbsent(asked, System.nanoTime());
        if (since != null) {
            // one question at a time: an adapter that hangs must not take a thread for each
            return System.nanoTime() - since > HEALTH.toNanos()
                    ? Optional.of(hangs(causes, "the question before this one"))
                    : Optional.empty();
        }
        try {
            return switch (TimeLimit.<Health>run(threads, HEALTH, () -> ask(open, asked), late -> {})) {
                case Health.Up _ -> Optional.empty();
                case Health.Degraded(String reason) -> Optional.of(ill(causes, CauseCode.DEGRADED, open, reason));
                case Health.Down(String reason) -> Optional.of(ill(causes, CauseCode.UNHEALTHY, open, reason));
                case null ->
                    Optional.of(causes.of(
                            CauseCode.HEALTH_FAILED,
                            "the adapter says nothing when it is asked for its health",
                            Map.of("given", "nothing")));
            };
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            return Optional.of(causes.of(
                    CauseCode.HEALTH_FAILED,
                    "the adapter fails with " + cause.getClass().getName() + " when it is asked for its health",
                    Map.of("thrown", cause.getClass().getName())));
        } catch (TimeLimit.Exceeded e) {
            return Optional.of(hangs(causes, e.place()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private Health ask(Binding open, Asked asked) {
        try {
            return open.adapter.health();
        } finally {
            asking.remove(asked);
        }
    }

    private static Cause hangs(Causes causes, String place) {
        return causes.of(
                CauseCode.HEALTH_HANGS,
                "the adapter does not say within " + HEALTH.toSeconds() + " seconds how it is; it was at " + place,
                Map.of("seconds", HEALTH.toSeconds(), "place", place));
    }

    private static Cause ill(Causes causes, CauseCode code, Binding open, String reason) {
        String said = StartFailures.printable(open.mask.masked(String.valueOf(reason)));
        return causes.of(code, "the adapter says of its outside system: " + said, Map.of("said", said));
    }
}
