package io.maestro.adapters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.adapters.Observations.Observation;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.Instances;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import io.maestro.model.Scope;
import io.maestro.store.Cursor;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Instances: writes what is wanted, tells the reconciler, and answers with what this node observes. */
final class HostedInstances implements Instances {
    private final JooqInstances rows;
    private final JooqDefinitions definitions;
    private final Tenants tenants;
    private final Configurations configurations;
    private final SealedSecrets secrets;
    private final Observations observations;
    private final Reconciler reconciler;

    HostedInstances(
            JooqInstances rows,
            JooqDefinitions definitions,
            Tenants tenants,
            Configurations configurations,
            SealedSecrets secrets,
            Observations observations,
            Reconciler reconciler) {
        this.rows = rows;
        this.definitions = definitions;
        this.tenants = tenants;
        this.configurations = configurations;
        this.secrets = secrets;
        this.observations = observations;
        this.reconciler = reconciler;
    }

    @Override
    public Instance create(Scope scope, InstanceId id, DefinitionId definition, Json configuration, String actor) {
        tenants.require(scope);
        Definition wanted = definitions.require(definition);
        Json schema = wanted.manifest().configuration();
        ObjectNode open = configurations.check(schema, configuration);
        ObjectNode taken = SecretProperties.take(Documents.tree(schema.text()), open);
        InstanceKey key = new InstanceKey(scope, id);
        byte[] sealed =
                taken.isEmpty() ? null : secrets.seal(key, taken.toString().getBytes(StandardCharsets.UTF_8));
        InstanceRow row = rows.insert(key, definition, new Json(open.toString()), sealed, actor);
        reconciler.look(key);
        return instance(row);
    }

    @Override
    public Instance instance(Scope scope, InstanceId id) {
        return instance(rows.require(new InstanceKey(scope, id)));
    }

    @Override
    public Page<Instance> instances(Scope scope, PageRequest page) {
        // an empty list would hide a mistyped name
        tenants.require(scope);
        return Cursor.page(
                        page,
                        rows.list(scope, page),
                        last -> Cursor.at(JooqInstances.LIST, last.key().instance()))
                .map(this::instance);
    }

    @Override
    public Instance want(Scope scope, InstanceId id, Wanted wanted, @Nullable Long revision, String actor) {
        InstanceRow row = rows.want(new InstanceKey(scope, id), wanted, revision, actor);
        reconciler.look(row.key());
        return instance(row);
    }

    @Override
    public void delete(Scope scope, InstanceId id, @Nullable Long revision, String actor) {
        InstanceKey key = new InstanceKey(scope, id);
        rows.delete(key, revision, actor);
        reconciler.look(key);
    }

    @Override
    public Instance await(Scope scope, InstanceId id, Duration patience) {
        InstanceRow row = rows.require(new InstanceKey(scope, id));
        observations.await(row.key(), row.incarnation(), row.revision(), patience);
        return instance(scope, id);
    }

    /** Why there is no open instance of that name. */
    Problem absence(Scope scope, InstanceId id) {
        return rows.find(new InstanceKey(scope, id))
                .map(this::instance)
                .map(HostedInstances::notRunning)
                .orElseGet(() -> Problem.of(
                        AdapterProblem.INSTANCE_UNKNOWN,
                        "there is no instance \"" + id + "\" in " + scope,
                        "List the instances of the environment, or create this one first."));
    }

    private static Problem notRunning(Instance instance) {
        Problem why = instance.problem();
        return switch (instance.observed()) {
            case FAILED ->
                Problem.of(
                        AdapterProblem.INSTANCE_NOT_RUNNING,
                        "the instance \"" + instance.id() + "\" cannot run" + (why == null ? "" : ": " + why.detail()),
                        why == null ? null : why.fix());
            case STOPPED ->
                Problem.of(
                        AdapterProblem.INSTANCE_NOT_RUNNING,
                        "the instance \"" + instance.id() + "\" is stopped",
                        "Start it first.");
            case PENDING, RUNNING ->
                Problem.of(
                                AdapterProblem.INSTANCE_NOT_RUNNING,
                                "the instance \"" + instance.id() + "\" is being opened",
                                "Try again in a moment.")
                        .with(Retry.after(Duration.ofMillis(200)));
        };
    }

    private Instance instance(InstanceRow row) {
        Observation last = observations.of(row.key());
        Observation seen = last != null && last.incarnation() == row.incarnation()
                ? last
                : new Observation(row.incarnation(), 0, Observed.PENDING, null);
        return new Instance(
                row.key().scope(),
                row.key().instance(),
                row.definition(),
                row.type(),
                row.configuration(),
                row.wanted(),
                seen.observed(),
                seen.problem(),
                row.revision(),
                row.createdAt(),
                row.updatedAt());
    }
}
