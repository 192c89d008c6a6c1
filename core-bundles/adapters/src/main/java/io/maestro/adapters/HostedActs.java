package io.maestro.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.adapters.ConfigurationSecrets.Kept;
import io.maestro.adapters.Prepared.Answer;
import io.maestro.adapters.Prepared.Asking;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.InstanceAct;
import io.maestro.api.adapters.InstanceAct.Configure;
import io.maestro.api.adapters.InstanceAct.Create;
import io.maestro.api.adapters.InstanceAct.Delete;
import io.maestro.api.adapters.InstanceAct.Rollback;
import io.maestro.api.adapters.InstanceAct.Upgrade;
import io.maestro.api.adapters.InstanceAct.Want;
import io.maestro.api.adapters.InstanceActs;
import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Plan;
import io.maestro.api.adapters.Plan.ConfigurationChange;
import io.maestro.api.adapters.Plan.Effects;
import io.maestro.api.policy.EntryPoint;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Everything that is done to an instance: looked into first, then done, or only shown. */
final class HostedActs implements InstanceActs {
    private final JooqInstances rows;
    private final JooqVersions versions;
    private final JooqDefinitions definitions;
    private final Tenants tenants;
    private final Questions policy;
    private final Configurations configurations;
    private final ConfigurationSecrets secrets;
    private final EarlierSecrets earlier;
    private final Factories factories;
    private final Reconciler reconciler;
    private final Moves moves;
    private final Tryouts tryouts;
    private final InstanceView view;
    private final Steps steps;

    HostedActs(
            JooqInstances rows,
            JooqVersions versions,
            JooqDefinitions definitions,
            Tenants tenants,
            Questions policy,
            Configurations configurations,
            ConfigurationSecrets secrets,
            EarlierSecrets earlier,
            Factories factories,
            Reconciler reconciler,
            Moves moves,
            Tryouts tryouts,
            InstanceView view,
            Steps steps) {
        this.rows = rows;
        this.versions = versions;
        this.definitions = definitions;
        this.tenants = tenants;
        this.policy = policy;
        this.configurations = configurations;
        this.secrets = secrets;
        this.earlier = earlier;
        this.factories = factories;
        this.reconciler = reconciler;
        this.moves = moves;
        this.tryouts = tryouts;
        this.view = view;
        this.steps = steps;
    }

    @Override
    public Plan plan(InstanceAct act, Actor actor) {
        return prepared(act, new Prepared.Only(policy), actor).plan();
    }

    @Override
    public Optional<Instance> carryOut(InstanceAct act, @Nullable Digest expected, Actor actor) {
        return Optional.ofNullable(done(act, expected, actor)).map(view::of);
    }

    private @Nullable InstanceRow done(InstanceAct act, @Nullable Digest expected, Actor actor) {
        if (expected == null) {
            return doneAsItIs(act, actor);
        }
        // looked at before the policy lets an approval be used up
        Plan planned = plan(act, actor);
        if (!planned.digest().equals(expected)) {
            throw Plans.changed(planned, expected);
        }
        Prepared prepared = prepared(act, new Prepared.Really(policy), actor);
        // an approval makes another answer of it, which is no other plan
        Plan now = Plans.with(prepared.plan(), planned.policy());
        if (!now.digest().equals(expected)) {
            throw Plans.changed(now, expected);
        }
        return done(prepared);
    }

    private @Nullable InstanceRow done(Prepared prepared) {
        steps.reached("allowed");
        InstanceRow row = prepared.work().run();
        steps.reached("written");
        return row;
    }

    /**
     * Starting, stopping and deleting mean the instance, not one state of it: when somebody else changed it in between, it
     * is looked at once more and the policy asked about what it is now. Never another instance of its name.
     */
    private @Nullable InstanceRow doneAsItIs(InstanceAct act, Actor actor) {
        Optional<InstanceRow> before = switch (act) {
            case Want(var scope, var id, var _, var revision)
            when revision == null -> rows.find(new InstanceKey(scope, id));
            case Delete(var scope, var id, var revision) when revision == null -> rows.find(new InstanceKey(scope, id));
            case Create _, Configure _, Upgrade _, Rollback _, Want _, Delete _ -> Optional.empty();
        };
        try {
            return done(prepared(act, new Prepared.Really(policy), actor));
        } catch (ProblemException e) {
            boolean same = e.problem().code().equals(CallerProblem.REVISION_CHANGED.code())
                    && before.isPresent()
                    && rows.find(before.get().key())
                            .filter(now -> now.incarnation() == before.get().incarnation())
                            .isPresent();
            if (!same) {
                throw e;
            }
            return done(prepared(act, new Prepared.Really(policy), actor));
        }
    }

    private Prepared prepared(InstanceAct act, Asking asking, Actor actor) {
        return switch (act) {
            case Create create -> create(create, asking, actor);
            case Configure configure -> configure(configure, asking, actor);
            case Upgrade upgrade -> {
                tenants.require(act.scope());
                yield moves.upgrade(upgrade, asking, actor);
            }
            case Rollback rollback -> {
                tenants.require(act.scope());
                yield moves.rollback(rollback, asking, actor);
            }
            case Want want -> want(want, asking, actor);
            case Delete delete -> delete(delete, asking, actor);
        };
    }

    @Override
    public Page<Version> versions(Scope scope, InstanceId instance, PageRequest page) {
        InstanceKey key = new InstanceKey(scope, instance);
        var _ = rows.require(key);
        return versions.page(key, page);
    }

    @Override
    public Trial tryOut(Create act, Actor actor) {
        Checked checked = checked(act, new Prepared.Tentatively(policy), actor);
        return tryouts.run(checked.key(), checked.definition(), checked.given());
    }

    @Override
    public Trial tryOut(Configure act, Actor actor) {
        Changed changed = changed(act, new Prepared.Tentatively(policy), actor);
        return tryouts.run(
                changed.row().key(),
                changed.checked().definition(),
                changed.checked().given());
    }

    /** A configuration that fits its adapter's schema, as far as the policy has nothing against it. */
    private record Checked(InstanceKey key, Definition definition, JsonNode marks, ObjectNode given, Answer answer) {
        Kept kept() {
            return ConfigurationSecrets.kept(key, marks, given);
        }
    }

    /** Another configuration of an instance. */
    private record Changed(InstanceRow row, Checked checked) {}

    private Checked checked(InstanceKey key, Definition definition, ObjectNode given, Answer answer) {
        Json schema = definition.manifest().configuration();
        JsonNode marks = Documents.tree(schema.text());
        if (answer.open()) {
            configurations.check(schema, secrets.resolved(key, marks, given, answer.actor()));
        }
        return new Checked(key, definition, marks, given, answer);
    }

    private Checked checked(Create act, Asking asking, Actor actor) {
        tenants.require(act.scope());
        Definition wanted = definitions.require(act.definition());
        InstanceKey key = new InstanceKey(act.scope(), act.instance());
        ObjectNode given = Configurations.parse(act.configuration());
        if (asking.dry() && rows.find(key).isPresent()) {
            throw JooqInstances.exists(key);
        }
        return checked(key, wanted, given, asking.ask(Questions.install(key, wanted, given, actor)));
    }

    private Changed changed(Configure act, Asking asking, Actor actor) {
        tenants.require(act.scope());
        InstanceKey key = new InstanceKey(act.scope(), act.instance());
        InstanceRow found = rows.require(key);
        Definition definition = definitions.require(found.definition());
        Json schema = definition.manifest().configuration();
        // a secret that is left out stays, so those of an earlier release have to be there to stay
        InstanceRow row = asking.dry() ? found : earlier.handedOver(found, schema);
        JooqInstances.requireRevision(row, act.revision());
        ObjectNode stored = (ObjectNode) Documents.tree(row.configuration().text());
        ObjectNode given = ConfigurationSecrets.over(
                stored, Documents.tree(schema.text()), Configurations.parse(act.configuration()));
        Answer answer = asking.ask(Questions.configure(key, definition, given, actor));
        return new Changed(row, checked(key, definition, given, answer));
    }

    private Prepared create(Create act, Asking asking, Actor actor) {
        Checked checked = checked(act, asking, actor);
        InstanceKey key = checked.key();
        Definition wanted = checked.definition();
        Answer answer = checked.answer();
        Kept kept = checked.kept();
        Plan plan = Plans.of(
                "instance.create",
                key.toString(),
                null,
                wanted,
                opened(key, wanted.id()),
                new ConfigurationChange(null, new Json(kept.configuration().toString()), List.of(), true),
                answer.decision(),
                Commands.delete(key),
                List.of());
        return new Prepared(plan, () -> {
            InstanceRow row = rows.insert(key, act.definition(), kept, answer.actor());
            reconciler.look(key);
            return row;
        });
    }

    private Prepared configure(Configure act, Asking asking, Actor actor) {
        Changed change = changed(act, asking, actor);
        InstanceRow row = change.row();
        InstanceKey key = row.key();
        Definition definition = change.checked().definition();
        Answer answer = change.checked().answer();
        Kept kept = change.checked().kept();
        boolean same = kept.owned().isEmpty()
                && Documents.tree(row.configuration().text()).equals(kept.configuration());
        Plan plan = Plans.of(
                "instance.configure",
                key.toString(),
                definition,
                definition,
                same ? nothing(key) : switched(row),
                same
                        ? null
                        : new ConfigurationChange(
                                row.configuration(),
                                new Json(kept.configuration().toString()),
                                List.of(),
                                true),
                answer.decision(),
                Commands.configure(key, row.configuration()),
                kept.owned().isEmpty()
                        ? List.of()
                        : List.of("Secrets are given new values, and those before are not kept."));
        return new Prepared(plan, () -> {
            InstanceRow changed = rows.configure(row, kept, answer.actor());
            reconciler.look(key);
            return changed;
        });
    }

    private Prepared want(Want act, Asking asking, Actor actor) {
        InstanceKey key = new InstanceKey(act.scope(), act.instance());
        InstanceRow row = rows.require(key);
        JooqInstances.requireRevision(row, act.revision());
        Definition definition = definitions.require(row.definition());
        boolean start = act.wanted() == Wanted.RUNNING;
        String action = start ? "instance.start" : "instance.stop";
        Answer answer = asking.ask(Questions.change(
                start ? EntryPoint.ADAPTER_START : EntryPoint.ADAPTER_STOP, action, row, definition, actor));
        Effects effects =
                row.wanted() == act.wanted() ? nothing(key) : start ? opened(key, row.definition()) : closed(row);
        Plan plan = Plans.of(
                action,
                key.toString(),
                definition,
                definition,
                effects,
                null,
                answer.decision(),
                start ? Commands.stop(key) : Commands.start(key),
                List.of());
        return new Prepared(plan, () -> {
            InstanceRow changed = rows.want(row, act.wanted(), answer.actor());
            reconciler.look(key);
            return changed;
        });
    }

    private Prepared delete(Delete act, Asking asking, Actor actor) {
        InstanceKey key = new InstanceKey(act.scope(), act.instance());
        InstanceRow row = rows.require(key);
        JooqInstances.requireRevision(row, act.revision());
        Definition definition = definitions.require(row.definition());
        Answer answer =
                asking.ask(Questions.change(EntryPoint.ADAPTER_UNINSTALL, "instance.delete", row, definition, actor));
        if (asking.dry()) {
            rows.requireDeletable(key);
        }
        Plan plan = Plans.of(
                "instance.delete",
                key.toString(),
                definition,
                null,
                row.wanted() == Wanted.RUNNING ? closed(row) : nothing(key),
                null,
                answer.decision(),
                null,
                List.of("Its folder, its versions and the secrets that are its own go with it."));
        return new Prepared(plan, () -> {
            rows.delete(row, answer.actor());
            reconciler.look(key);
            return null;
        });
    }

    private Effects opened(InstanceKey key, DefinitionId definition) {
        List<String> bundles = factories.isStarted(definition) ? List.of() : List.of(definition.toString());
        return new Effects(bundles, List.of(), List.of(key.toString()), List.of(), List.of(), tenant(key));
    }

    private Effects closed(InstanceRow row) {
        InstanceKey key = row.key();
        DefinitionId definition = row.definition();
        List<String> bundles = factories.isUsedOnce(definition) ? List.of(definition.toString()) : List.of();
        return new Effects(List.of(), bundles, List.of(), List.of(key.toString()), List.of(), tenant(key));
    }

    private static Effects switched(InstanceRow row) {
        return row.wanted() == Wanted.RUNNING
                ? new Effects(
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(row.key().toString()),
                        tenant(row.key()))
                : nothing(row.key());
    }

    private static Effects nothing(InstanceKey key) {
        return new Effects(List.of(), List.of(), List.of(), List.of(), List.of(), tenant(key));
    }

    private static List<String> tenant(InstanceKey key) {
        return List.of(key.scope().tenant().value());
    }
}
