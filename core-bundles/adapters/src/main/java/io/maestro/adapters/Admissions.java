package io.maestro.adapters;

import io.maestro.adapters.Bundles.Started;
import io.maestro.adapters.JooqDefinitions.Inserted;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Definitions;
import io.maestro.api.adapters.Plan;
import io.maestro.api.adapters.Plan.Effects;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.PolicyProblem;
import io.maestro.api.policy.Reason;
import io.maestro.api.trust.Inspection;
import io.maestro.api.trust.Inspector;
import io.maestro.api.trust.Verification;
import io.maestro.api.trust.Verification.Check;
import io.maestro.model.Actor;
import io.maestro.model.AdapterName;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.PublisherName;
import io.maestro.store.StoreProblem;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The one way in for artifacts: inspect a copy, put that very copy in its place, prove that it starts, write the row. The
 * row is the act: what a crash leaves without one is swept away at the next start.
 */
final class Admissions implements Definitions {
    private static final System.Logger LOG = System.getLogger(Admissions.class.getName());

    /** How the way in through the drop folder is called. */
    private static final String DROPPED = "deploy/";

    private static final String ALLOWED = "it allows it";
    private static final String PRESENT = "the same bytes are here already";

    /** What says nothing against the artifact. */
    private static final Set<String> UNJUDGED = Set.of(
            PolicyProblem.POLICY_UNAVAILABLE.code(),
            AdapterProblem.PLAN_CHANGED.code(),
            StoreProblem.DATABASE_UNAVAILABLE.code());

    private final Inspector inspector;
    private final Questions policy;
    private final JooqDefinitions definitions;
    private final JooqQuarantine quarantine;
    private final Artifacts artifacts;
    private final Bundles bundles;
    private final Factories factories;
    private final Steps steps;
    private final InstantSource clock;
    private final NameLocks names = new NameLocks();

    /** Files of which nobody knows whether their row was written: the database went away in that moment. */
    private final Map<Digest, DefinitionId> uncertain = new ConcurrentHashMap<>();

    Admissions(
            Inspector inspector,
            Questions policy,
            JooqDefinitions definitions,
            JooqQuarantine quarantine,
            Artifacts artifacts,
            Bundles bundles,
            Factories factories,
            Steps steps,
            InstantSource clock) {
        this.inspector = inspector;
        this.policy = policy;
        this.definitions = definitions;
        this.quarantine = quarantine;
        this.artifacts = artifacts;
        this.bundles = bundles;
        this.factories = factories;
        this.steps = steps;
        this.clock = clock;
    }

    @Override
    public Admitted admit(
            InputStream artifact, String source, @Nullable Digest expected, Actor actor, Verification verification)
            throws IOException {
        return switch (inspector.inspect(artifact, verification)) {
            case Inspection.Refused refused -> {
                quarantine.add(
                        refused.problem(),
                        refused.digest(),
                        refused.size(),
                        refused.name(),
                        refused.version(),
                        source,
                        actor.id());
                throw refused.problem().asException();
            }
            case Inspection.Passed passed -> {
                try {
                    if (expected != null) {
                        // looked at before the policy lets an approval be used up
                        verification.begin(Check.PLAN);
                        require(plan(passed, actor, Verification.untold()), expected);
                        verification.passed("the plan is still " + expected);
                    }
                    yield admit(passed, source, actor, verification);
                } catch (ProblemException e) {
                    end(verification, e.problem());
                    // what nobody could be asked about is not refused, and may be handed in again
                    if (!UNJUDGED.contains(e.problem().code())) {
                        refuse(passed, e, source, actor);
                    }
                    throw e;
                } finally {
                    Files.deleteIfExists(passed.copy());
                }
            }
        };
    }

    @Override
    public Plan plan(InputStream artifact, Actor actor, Verification verification) throws IOException {
        return switch (inspector.inspect(artifact, verification)) {
            case Inspection.Refused refused -> throw refused.problem().asException();
            case Inspection.Passed passed -> {
                try {
                    yield plan(passed, actor, verification);
                } catch (ProblemException e) {
                    end(verification, e.problem());
                    throw e;
                } finally {
                    Files.deleteIfExists(passed.copy());
                }
            }
        };
    }

    /** Tells of the check that was under way how it ended. */
    private static void end(Verification verification, Problem problem) {
        if (UNJUDGED.contains(problem.code()) || problem.code().equals(PolicyProblem.APPROVAL_REQUIRED.code())) {
            verification.undecided(problem.detail());
        } else {
            verification.failed(problem);
        }
    }

    private Plan plan(Inspection.Passed passed, Actor actor, Verification verification) {
        DefinitionId id = passed.manifest().id();
        verification.begin(Check.POLICY);
        Decision decision =
                policy.decide(Questions.submit(passed.manifest(), passed.publisher(), passed.digest(), actor));
        tell(verification, decision);
        verification.begin(Check.NAME);
        Optional<Definition> present = definitions.find(id);
        if (present.isPresent()) {
            requireSame(present.get(), passed);
            verification.passed(PRESENT);
        } else {
            requireOwner(id.name(), passed.publisher());
            requireWhatItWas(passed, "");
            verification.passed(nameOf(passed));
        }
        return Plans.of(
                "adapter-definition.install",
                id.toString(),
                null,
                definition(passed, actor),
                new Effects(
                        present.isPresent() ? List.of() : List.of(id.toString()),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()),
                null,
                decision,
                null,
                present.isPresent() ? List.of("The same bytes are here already.") : List.of());
    }

    /** What the policy would say, which keeps nobody from seeing the plan. */
    private static void tell(Verification verification, Decision decision) {
        String because = decision.reasons().stream()
                .map(Reason::message)
                .findFirst()
                .map(message -> ": " + message)
                .orElse("");
        switch (decision.outcome()) {
            case ALLOW -> verification.passed(ALLOWED);
            case DENY -> verification.failed("it does not allow it" + because);
            case APPROVAL -> verification.undecided("a second person has to approve it" + because);
            case UNAVAILABLE -> verification.undecided("it cannot be asked" + because);
        }
    }

    private static String nameOf(Inspection.Passed passed) {
        return "the name may be used by the publisher \"" + passed.publisher() + "\", and the version is new here";
    }

    private Definition definition(Inspection.Passed passed, Actor actor) {
        return new Definition(
                passed.manifest(),
                passed.digest(),
                passed.size(),
                passed.publisher(),
                passed.key(),
                clock.instant().truncatedTo(ChronoUnit.MICROS),
                actor.id(),
                Documents.settings(passed.manifest()));
    }

    private Admitted admit(Inspection.Passed passed, String source, Actor asking, Verification verification)
            throws IOException {
        DefinitionId id = passed.manifest().id();
        verification.begin(Check.POLICY);
        Actor actor = policy.allow(Questions.submit(passed.manifest(), passed.publisher(), passed.digest(), asking));
        verification.passed(ALLOWED);
        steps.reached("allowed");
        verification.begin(Check.NAME);
        try (NameLocks.Held _ = names.take(id)) {
            Optional<Definition> present = definitions.find(id);
            if (present.isPresent()) {
                Admitted same = same(present.get(), passed);
                verification.passed(PRESENT);
                return same;
            }
            // before anything of a stranger runs
            requireOwner(id.name(), passed.publisher());
            requireWhatItWas(passed, source);
            verification.passed(nameOf(passed));
            return prove(passed, actor, verification);
        }
    }

    /** A version that was uninstalled stays those bytes; and a file that lies about does not bring it back at a restart. */
    private void requireWhatItWas(Inspection.Passed passed, String source) {
        DefinitionId id = passed.manifest().id();
        Digest earlier = definitions.retired(id).orElse(passed.digest());
        if (!earlier.equals(passed.digest())) {
            throw otherBytes(id, "was installed before with", earlier);
        }
        if (source.startsWith(DROPPED) && definitions.retired(id).isPresent()) {
            throw Problem.of(
                            AdapterProblem.DEFINITION_UNINSTALLED,
                            id + " was uninstalled, and its file is in the drop folder still or again",
                            "Remove the file from the drop folder. To have the adapter back, upload it: maestro adapter"
                                    + " install.")
                    .asException();
        }
    }

    private static ProblemException otherBytes(DefinitionId id, String how, Digest digest) {
        return Problem.of(
                        AdapterProblem.DEFINITION_EXISTS,
                        id + " " + how + " other bytes (" + digest + ")",
                        "A version never changes: raise the version, sign again and install that.")
                .asException();
    }

    /** All versions of a name come from the publisher of the first: else any of them could put a newer one under it. */
    private void requireOwner(AdapterName name, PublisherName publisher) {
        PublisherName owner = definitions.owner(name).orElse(publisher);
        if (!owner.equals(publisher)) {
            throw Problem.of(
                            AdapterProblem.DEFINITION_NAME_TAKEN,
                            "the adapter name \"" + name + "\" belongs to the publisher \"" + owner + "\", not to \""
                                    + publisher + "\"",
                            "Choose another name, or have its owner sign the version.")
                    .asException();
        }
    }

    private static void requireSame(Definition present, Inspection.Passed passed) {
        if (!present.digest().equals(passed.digest())) {
            throw otherBytes(present.id(), "exists with", present.digest());
        }
    }

    /** The same bytes again: heals an artifact that was lost, here or in the database. */
    private Admitted same(Definition present, Inspection.Passed passed) throws IOException {
        requireSame(present, passed);
        artifacts.heal(passed.copy(), present.digest());
        return new Admitted(present, false);
    }

    private Admitted prove(Inspection.Passed passed, Actor actor, Verification verification) throws IOException {
        verification.begin(Check.START);
        Path file = artifacts.adopt(passed.copy(), passed.digest());
        Started proven = null;
        boolean keep = false;
        try {
            steps.reached("placed");
            proven = bundles.start(file);
            verification.passed("its bundle starts here and offers its factory");
            steps.reached("started");
            verification.begin(Check.RECORD);
            Definition definition = definition(passed, actor);
            // unless the database answers, nobody knows whether the row was written
            keep = true;
            uncertain.put(definition.digest(), definition.id());
            Inserted inserted = insert(definition, file, actor);
            uncertain.remove(definition.digest());
            if (inserted == Inserted.DONE) {
                verification.passed("it is written down as " + definition.id());
                steps.reached("installed");
                factories.adopt(definition.id(), proven);
                proven = null;
                // as everybody reads it from now on
                return new Admitted(definitions.require(definition.id()), true);
            }
            // another node was faster: the rows decide, and the file is of the same bytes or of no use
            keep = false;
            requireOwner(definition.id().name(), passed.publisher());
            requireWhatItWas(passed, "");
            Definition present = definitions.require(definition.id());
            requireSame(present, passed);
            keep = true;
            verification.passed(PRESENT);
            return new Admitted(present, false);
        } finally {
            if (proven != null) {
                bundles.uninstall(proven.bundle());
            }
            if (!keep) {
                artifacts.delete(passed.digest());
            }
        }
    }

    private Inserted insert(Definition definition, Path file, Actor actor) throws IOException {
        try {
            return definitions.insert(
                    definition,
                    sql -> {
                        JooqArtifacts.add(sql, definition.digest(), file);
                        steps.reached("kept");
                    },
                    actor);
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void refuse(Inspection.Passed passed, ProblemException refusal, String source, Actor actor) {
        try {
            quarantine.add(
                    refusal.problem(),
                    passed.digest(),
                    passed.size(),
                    passed.manifest().id().name().value(),
                    passed.manifest().id().version().value(),
                    source,
                    actor.id());
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the refusal of " + passed.manifest().id() + " cannot be written down", e);
            refusal.addSuppressed(e);
        }
    }

    private static void require(Plan now, Digest expected) {
        if (!now.digest().equals(expected)) {
            throw Plans.changed(now, expected);
        }
    }

    @Override
    public Plan planUninstall(DefinitionId id, Actor actor) {
        Definition definition = definitions.require(id);
        Decision decision = policy.decide(Questions.uninstalling(definition, actor));
        definitions.requireUnused(id);
        return Plans.of(
                "adapter-definition.uninstall",
                id.toString(),
                definition,
                null,
                new Effects(
                        List.of(),
                        factories.running(id) == null ? List.of() : List.of(id.toString()),
                        List.of(),
                        List.of(),
                        List.of(),
                        List.of()),
                null,
                decision,
                null,
                List.of("The same bytes can be installed again; other bytes under this version cannot."));
    }

    @Override
    public void uninstall(DefinitionId id, @Nullable Digest expected, Actor actor) {
        if (expected != null) {
            require(planUninstall(id, actor), expected);
        }
        Actor allowed = policy.uninstall(definitions.require(id), actor);
        steps.reached("allowed");
        try (NameLocks.Held _ = names.take(id)) {
            Digest digest = definitions.uninstall(id, allowed).digest();
            steps.reached("uninstalled");
            // the row is the act: what does not work now is made good by the sweep
            remove(id, digest);
        }
    }

    /**
     * Takes away what is still here of definitions that were uninstalled, here or on another node, and of those whose
     * admission did not come to its end. Blocks.
     */
    void sweep() {
        uncertain.forEach((digest, id) -> {
            try (NameLocks.Held _ = names.take(id)) {
                Optional<Definition> present = definitions.find(id);
                if (present.isEmpty()) {
                    remove(id, digest);
                } else if (!present.get().digest().equals(digest)) {
                    // other bytes have become that version; these belong to nobody
                    artifacts.delete(digest);
                }
                uncertain.remove(digest);
            }
        });
        definitions.goneOfLate().forEach((id, digest) -> {
            if (factories.running(id) != null || Files.exists(artifacts.file(digest))) {
                try (NameLocks.Held _ = names.take(id)) {
                    // it may be on its way back
                    if (definitions.find(id).isEmpty()) {
                        remove(id, digest);
                    }
                }
            }
        });
    }

    /** The bundle first, for it is read from the file; nobody starts it anew before the file is gone. */
    private void remove(DefinitionId id, Digest digest) {
        try {
            var _ = factories.retire(id, () -> {
                steps.reached("taken-out");
                artifacts.delete(digest);
            });
        } catch (ProblemException e) {
            LOG.log(Level.WARNING, "the bundle of " + id + ", which was uninstalled, cannot be taken out yet", e);
        }
    }

    @Override
    public Definition definition(DefinitionId id) {
        return definitions.require(id);
    }

    @Override
    public Page<Quarantined> quarantine(PageRequest page) {
        return quarantine.page(page);
    }
}
