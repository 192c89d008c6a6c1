package io.maestro.adapters;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.Instances;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.Retry;
import io.maestro.model.Scope;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Instances: writes what is wanted, tells the reconciler, and answers with what this node observes. */
final class HostedInstances implements Instances {
    private final JooqInstances rows;
    private final HostedActs acts;
    private final Observations observations;
    private final InstanceView view;

    HostedInstances(JooqInstances rows, HostedActs acts, Observations observations, InstanceView view) {
        this.rows = rows;
        this.acts = acts;
        this.observations = observations;
        this.view = view;
    }

    @Override
    public Instance create(Scope scope, InstanceId id, DefinitionId definition, Json configuration, Actor actor) {
        return done(new InstanceAct.Create(scope, id, definition, configuration), actor);
    }

    @Override
    public Instance configure(Scope scope, InstanceId id, Json configuration, @Nullable Long revision, Actor actor) {
        return done(new InstanceAct.Configure(scope, id, configuration, revision), actor);
    }

    private Instance done(InstanceAct act, Actor actor) {
        return acts.carryOut(act, null, actor).orElseThrow();
    }

    @Override
    public Instance instance(Scope scope, InstanceId id) {
        return instance(rows.require(new InstanceKey(scope, id)));
    }

    @Override
    public Instance want(Scope scope, InstanceId id, Wanted wanted, @Nullable Long revision, Actor actor) {
        return done(new InstanceAct.Want(scope, id, wanted, revision), actor);
    }

    @Override
    public void delete(Scope scope, InstanceId id, @Nullable Long revision, Actor actor) {
        var _ = acts.carryOut(new InstanceAct.Delete(scope, id, revision), null, actor);
    }

    @Override
    public Instance await(Scope scope, InstanceId id, Duration patience) {
        InstanceRow row = rows.require(new InstanceKey(scope, id));
        observations.await(row.key(), row.incarnation(), row.revision(), patience);
        return instance(scope, id);
    }

    /** Whether what is open is the instance of its row, with the configuration that the row shows. */
    boolean isAsShown(Binding open) {
        return rows.find(new InstanceKey(open.scope, open.instance))
                .filter(row -> Fingerprints.of(row, open.lineage).equals(open.fingerprint))
                .isPresent();
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

    /** What the row says, with what this node observes. */
    Instance instance(InstanceRow row) {
        return view.of(row);
    }
}
