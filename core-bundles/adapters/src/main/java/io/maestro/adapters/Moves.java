package io.maestro.adapters;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.adapter.spi.Health;
import io.maestro.adapters.ConfigurationSecrets.Kept;
import io.maestro.adapters.Opener.Candidate;
import io.maestro.adapters.Prepared.Answer;
import io.maestro.adapters.Prepared.Asking;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Definitions.Definition;
import io.maestro.api.adapters.InstanceAct.Rollback;
import io.maestro.api.adapters.InstanceAct.Upgrade;
import io.maestro.api.adapters.InstanceActs.Version;
import io.maestro.api.adapters.Instances.Wanted;
import io.maestro.api.adapters.Plan;
import io.maestro.api.adapters.Plan.ConfigurationChange;
import io.maestro.api.adapters.Plan.Effects;
import io.maestro.api.adapters.Plan.Undo;
import io.maestro.api.secrets.SecretName;
import io.maestro.model.Actor;
import io.maestro.model.AdapterVersion;
import io.maestro.model.DefinitionId;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Takes instances to other versions: works out what that means, and does it. Blocks; any thread. */
final class Moves {
    static final String UPGRADE = "upgrade";
    static final String ROLLBACK = "rollback";

    /** As the database compares: it does not keep how a number was written. */
    private static final Comparator<JsonNode> BY_VALUE = (one, other) -> one.isNumber() && other.isNumber()
            ? one.decimalValue().compareTo(other.decimalValue())
            : one.equals(other) ? 0 : 1;

    private final JooqInstances rows;
    private final JooqVersions versions;
    private final JooqDefinitions definitions;
    private final Configurations configurations;
    private final ConfigurationSecrets secrets;
    private final EarlierSecrets earlier;
    private final Factories factories;
    private final Opener opener;
    private final Reconciler reconciler;
    private final Steps steps;

    Moves(
            JooqInstances rows,
            JooqVersions versions,
            JooqDefinitions definitions,
            Configurations configurations,
            ConfigurationSecrets secrets,
            EarlierSecrets earlier,
            Factories factories,
            Opener opener,
            Reconciler reconciler,
            Steps steps) {
        this.rows = rows;
        this.versions = versions;
        this.definitions = definitions;
        this.configurations = configurations;
        this.secrets = secrets;
        this.earlier = earlier;
        this.factories = factories;
        this.opener = opener;
        this.reconciler = reconciler;
        this.steps = steps;
    }

    /**
     * A move that was worked out.
     *
     * @param row the instance as it is
     * @param configuration for the version that is wanted, with values in place of secrets that are not kept yet
     * @param kept the same as it is kept
     * @param retained names of the secrets that the configuration before refers to
     * @param change what becomes of the configuration
     * @param why {@link #UPGRADE} or {@link #ROLLBACK}
     */
    record Course(
            InstanceRow row,
            Definition from,
            Definition to,
            ObjectNode configuration,
            Kept kept,
            Set<SecretName> retained,
            ConfigurationChange change,
            List<String> notes,
            String why) {
        /** The instance as it would be. */
        InstanceRow next() {
            return new InstanceRow(
                    row.key(),
                    row.incarnation(),
                    to.id(),
                    to.digest(),
                    to.manifest().type(),
                    new Json(kept.configuration().toString()),
                    row.revision() + 1,
                    null,
                    row.wanted(),
                    row.revision() + 1,
                    row.createdAt(),
                    row.updatedAt());
        }
    }

    /**
     * A move that the policy allows.
     *
     * @param decision the policy's
     * @param actor with the decision, and the approval that it needs
     */
    record Decided(Course course, String decision, Actor actor) {}

    /** What was agreed upon, worked out once more; empty when the instance or what would become of it is another. */
    Optional<Course> again(InstanceKey key, AdapterVersion version, JooqRollouts.Agreed agreed) {
        JsonNode wanted = Documents.tree(agreed.configuration().text());
        return rows.find(key)
                .filter(agreed::holdsFor)
                .map(row -> upgrade(row, version, null))
                .filter(course -> course.kept().configuration().equals(BY_VALUE, wanted));
    }

    /** What it means for this instance, and whether the policy allows it. */
    Decided decided(InstanceKey key, AdapterVersion version, Asking asking, Actor actor) {
        Course course = upgrade(row(key, null, asking), version, null);
        Answer answer = asking.ask(
                Questions.move(course.row(), UPGRADE, course.from(), course.to(), course.configuration(), actor));
        check(course, answer.actor());
        return new Decided(course, answer.decision().id().toString(), answer.actor());
    }

    /** Works out an upgrade and asks the policy about it. */
    Prepared upgrade(Upgrade act, Asking asking, Actor actor) {
        InstanceKey key = new InstanceKey(act.scope(), act.instance());
        InstanceRow row = row(key, act.revision(), asking);
        Course course = upgrade(row, act.version(), act.configuration());
        return prepared(course, asking, actor);
    }

    /** What it means for this instance to go to this version. */
    Course upgrade(InstanceRow row, AdapterVersion version, @Nullable Json configuration) {
        InstanceKey key = row.key();
        Definition from = definitions.require(row.definition());
        Definition to = definitions.require(new DefinitionId(row.definition().name(), version));
        requireSameType(from, to);
        JsonNode marks = Documents.tree(to.manifest().configuration().text());
        ObjectNode stored = (ObjectNode) Documents.tree(row.configuration().text());
        ConfigurationMigration migration = version.compareTo(from.id().version()) > 0
                ? ConfigurationMigration.of(to.manifest(), from.id().version())
                : ConfigurationMigration.NONE;
        ObjectNode base = migration.forth(stored);
        ObjectNode given = configuration == null
                ? base
                : ConfigurationSecrets.over(base, marks, Configurations.parse(configuration));
        Kept kept = ConfigurationSecrets.kept(key, marks, given);
        boolean reversible = configuration == null && migration.isReversible(stored);
        List<String> notes = new ArrayList<>();
        if (!reversible && !stored.equals(kept.configuration())) {
            notes.add("The way back uses the configuration that is kept of " + from.id() + ".");
        }
        return new Course(
                row,
                from,
                to,
                given,
                kept,
                used(from, stored),
                change(stored, kept, migration.lines(), reversible),
                notes,
                UPGRADE);
    }

    /** Works out a rollback and asks the policy about it. */
    Prepared rollback(Rollback act, Asking asking, Actor actor) {
        InstanceKey key = new InstanceKey(act.scope(), act.instance());
        InstanceRow row = row(key, act.revision(), asking);
        Definition from = definitions.require(row.definition());
        ObjectNode stored = (ObjectNode) Documents.tree(row.configuration().text());
        AdapterVersion present = from.id().version();
        Optional<Version> before = versions.before(key, present, act.version());
        AdapterVersion version = before.map(one -> one.definition().version())
                .or(() -> Optional.ofNullable(act.version()))
                .orElseThrow(() -> impossible(
                        "the instance " + key + " was never at a version before " + present,
                        "Name the version with the rollback, or see the versions that the instance had."));
        Definition to = definitions.require(new DefinitionId(from.id().name(), version));
        requireSameType(from, to);
        ConfigurationMigration migration = ConfigurationMigration.of(from.manifest(), version);
        ObjectNode given = before.map(
                        one -> (ObjectNode) Documents.tree(one.configuration().text()))
                .or(() -> migration.back(stored))
                .orElseThrow(() -> impossible(
                        "the instance " + key + " was never at " + version
                                + ", and its configuration cannot be taken back to it without loss",
                        "Create an instance of that version with the configuration that it needs."));
        JsonNode marks = Documents.tree(to.manifest().configuration().text());
        Kept kept = ConfigurationSecrets.kept(key, marks, given);
        String source = before.map(one -> "The configuration is the one of version " + one.number() + ".")
                .orElse("The configuration is the present one, with its migration undone.");
        Course course = new Course(
                row,
                from,
                to,
                given,
                kept,
                used(from, stored),
                change(stored, kept, List.of(), true),
                List.of(source),
                ROLLBACK);
        return prepared(course, asking, actor);
    }

    private InstanceRow row(InstanceKey key, @Nullable Long revision, Asking asking) {
        InstanceRow found = rows.require(key);
        InstanceRow row = asking.dry()
                ? found
                : earlier.handedOver(
                        found,
                        definitions.require(found.definition()).manifest().configuration());
        JooqInstances.requireRevision(row, revision);
        return row;
    }

    private Prepared prepared(Course course, Asking asking, Actor actor) {
        Answer answer = asking.ask(
                Questions.move(course.row(), course.why(), course.from(), course.to(), course.configuration(), actor));
        if (answer.open()) {
            check(course, answer.actor());
        }
        Plan plan = Plans.of(
                "instance." + course.why(),
                course.row().key().toString(),
                course.from(),
                course.to(),
                effects(course),
                course.change(),
                answer.decision(),
                course.why().equals(UPGRADE)
                        ? Commands.rollback(
                                course.row().key(), course.from().id().version())
                        : back(course),
                course.notes());
        return new Prepared(plan, () -> move(course, answer.actor(), alongside -> {}));
    }

    /** Forth again after a rollback: with the configuration that was left, unless that is the present one. */
    private static Undo back(Course course) {
        InstanceKey key = course.row().key();
        AdapterVersion version = course.from().id().version();
        ConfigurationChange change = course.change();
        return Objects.equals(change.before(), change.after())
                ? Commands.upgrade(key, version)
                : Commands.upgrade(key, version, course.row().configuration());
    }

    /** Returns when the configuration obeys the schema of the version that is wanted. */
    void check(Course course, Actor actor) {
        Json schema = course.to().manifest().configuration();
        configurations.check(
                schema,
                secrets.resolved(course.row().key(), Documents.tree(schema.text()), course.configuration(), actor));
    }

    /** The bundle of an instance that is stopped is only tried, and is not there afterwards. */
    private Effects effects(Course course) {
        DefinitionId from = course.from().id();
        DefinitionId to = course.to().id();
        InstanceKey key = course.row().key();
        boolean running = course.row().wanted() == Wanted.RUNNING;
        boolean last = running && !from.equals(to) && factories.isUsedOnce(from);
        return new Effects(
                running && !factories.isStarted(to) ? List.of(to.toString()) : List.of(),
                last ? List.of(from.toString()) : List.of(),
                List.of(),
                List.of(),
                running ? List.of(key.toString()) : List.of(),
                List.of(key.scope().tenant().value()));
    }

    private InstanceRow move(Course course, Actor actor, JooqInstances.Alongside alongside) {
        Move move = new Move(
                opener, steps, () -> prove(course), course.row().wanted(), () -> commit(course, actor, alongside));
        reconciler.turn(course.row().key(), move);
        return move.await(opener.longestMove());
    }

    /** Writes that the instance is what was proven. */
    InstanceRow commit(Course course, Actor actor, JooqInstances.Alongside alongside) {
        return rows.move(
                course.row(), course.to().id(), course.kept(), course.retained(), course.why(), actor, alongside);
    }

    /**
     * Opens what the instance is to be and asks how it is; one that goes back need not be healthy, since what it goes back
     * from is worse. Null when the instance is stopped: then only its bundle is tried.
     */
    @Nullable
    Candidate prove(Course course) throws TimeLimit.Exceeded, InterruptedException {
        if (course.row().wanted() == Wanted.STOPPED) {
            opener.tryBundle(course.next(), course.to());
            return null;
        }
        Candidate candidate = opener.prepare(course.next(), course.to(), course.configuration());
        try {
            steps.reached("opened");
            if (opener.health(candidate) instanceof Health.Down down
                    && course.why().equals(UPGRADE)) {
                throw unhealthy(course, candidate, down);
            }
            steps.reached("healthy");
            return candidate;
        } catch (InterruptedException | RuntimeException | Error e) {
            opener.discard(candidate);
            throw e;
        }
    }

    private static ProblemException unhealthy(Course course, Candidate candidate, Health.Down down) {
        return candidate
                .binding()
                .mask
                .masked(Problem.of(
                                AdapterProblem.INSTANCE_UNHEALTHY,
                                course.to().id() + " opens as " + course.row().key() + ", but is down: "
                                        + down.reason(),
                                "The instance goes on with " + course.from().id()
                                        + ". See that what it talks to is up and configured, then try again.")
                        .asException());
    }

    private static Set<SecretName> used(Definition definition, ObjectNode configuration) {
        return ConfigurationSecrets.used(
                Documents.tree(definition.manifest().configuration().text()), configuration);
    }

    private static ConfigurationChange change(ObjectNode before, Kept kept, List<String> steps, boolean reversible) {
        return new ConfigurationChange(
                new Json(before.toString()), new Json(kept.configuration().toString()), steps, reversible);
    }

    private static void requireSameType(Definition from, Definition to) {
        if (!from.manifest().type().equals(to.manifest().type())) {
            throw Problem.of(
                            AdapterProblem.VERSION_UNFIT,
                            to.id() + " is of type " + to.manifest().type() + ", and the instance of type "
                                    + from.manifest().type(),
                            "Create an instance of the other type beside it.")
                    .asException();
        }
    }

    private static ProblemException impossible(String what, String fix) {
        return Problem.of(AdapterProblem.ROLLBACK_IMPOSSIBLE, what, fix).asException();
    }
}
