package io.maestro.adapters;

import io.maestro.adapters.Bundles.Started;
import io.maestro.adapters.JooqDefinitions.Inserted;
import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Definitions;
import io.maestro.api.trust.Inspection;
import io.maestro.api.trust.Inspector;
import io.maestro.model.AdapterName;
import io.maestro.model.DefinitionId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.PublisherName;
import java.io.IOException;
import java.io.InputStream;
import java.lang.System.Logger.Level;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The one way in for artifacts: inspect a copy, put that very copy in its place, prove that it starts, write the row. The
 * row is the act: what a crash leaves without one is swept away at the next start.
 */
final class Admissions implements Definitions {
    private static final System.Logger LOG = System.getLogger(Admissions.class.getName());

    private final Inspector inspector;
    private final JooqDefinitions definitions;
    private final JooqQuarantine quarantine;
    private final Artifacts artifacts;
    private final Bundles bundles;
    private final Factories factories;
    private final InstantSource clock;
    private final NameLocks names = new NameLocks();

    Admissions(
            Inspector inspector,
            JooqDefinitions definitions,
            JooqQuarantine quarantine,
            Artifacts artifacts,
            Bundles bundles,
            Factories factories,
            InstantSource clock) {
        this.inspector = inspector;
        this.definitions = definitions;
        this.quarantine = quarantine;
        this.artifacts = artifacts;
        this.bundles = bundles;
        this.factories = factories;
        this.clock = clock;
    }

    @Override
    public Admitted admit(InputStream artifact, String source, String actor) throws IOException {
        return switch (inspector.inspect(artifact)) {
            case Inspection.Refused refused -> {
                quarantine.add(
                        refused.problem(),
                        refused.digest(),
                        refused.size(),
                        refused.name(),
                        refused.version(),
                        source,
                        actor);
                throw refused.problem().asException();
            }
            case Inspection.Passed passed -> {
                try {
                    yield admit(passed, actor);
                } catch (ProblemException e) {
                    refuse(passed, e, source, actor);
                    throw e;
                } finally {
                    Files.deleteIfExists(passed.copy());
                }
            }
        };
    }

    private Admitted admit(Inspection.Passed passed, String actor) throws IOException {
        DefinitionId id = passed.manifest().id();
        try (NameLocks.Held _ = names.take(id)) {
            Optional<Definition> present = definitions.find(id);
            if (present.isPresent()) {
                return same(present.get(), passed);
            }
            // before anything of a stranger runs
            requireOwner(id.name(), passed.publisher());
            return prove(passed, actor);
        }
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

    /** The same bytes again: heals an artifact that was lost. */
    private Admitted same(Definition present, Inspection.Passed passed) throws IOException {
        if (!present.digest().equals(passed.digest())) {
            throw Problem.of(
                            AdapterProblem.DEFINITION_EXISTS,
                            present.id() + " exists with other bytes (" + present.digest() + ")",
                            "A version never changes: raise the version, sign again and install that.")
                    .asException();
        }
        if (!artifacts.intact(present.digest())) {
            artifacts.adopt(passed.copy(), present.digest());
        }
        return new Admitted(present, false);
    }

    private Admitted prove(Inspection.Passed passed, String actor) throws IOException {
        Path file = artifacts.adopt(passed.copy(), passed.digest());
        Started proven = null;
        boolean admitted = false;
        boolean certain = true;
        try {
            proven = bundles.start(file);
            Definition definition = new Definition(
                    passed.manifest(),
                    passed.digest(),
                    passed.size(),
                    passed.publisher(),
                    passed.key(),
                    clock.instant().truncatedTo(ChronoUnit.MICROS),
                    actor);
            certain = false;
            admitted = definitions.insert(definition) == Inserted.DONE;
            certain = true;
            if (admitted) {
                factories.adopt(definition.id(), proven);
                // as everybody reads it from now on
                return new Admitted(definitions.require(definition.id()), true);
            }
        } finally {
            if (!admitted) {
                if (proven != null) {
                    bundles.uninstall(proven.bundle());
                }
                // when nobody knows whether the row was written, the next start knows
                if (certain) {
                    artifacts.delete(passed.digest());
                }
            }
        }
        // another one was faster: the rows decide
        requireOwner(passed.manifest().id().name(), passed.publisher());
        return same(definitions.require(passed.manifest().id()), passed);
    }

    private void refuse(Inspection.Passed passed, ProblemException refusal, String source, String actor) {
        try {
            quarantine.add(
                    refusal.problem(),
                    passed.digest(),
                    passed.size(),
                    passed.manifest().id().name().value(),
                    passed.manifest().id().version().value(),
                    source,
                    actor);
        } catch (RuntimeException e) {
            LOG.log(Level.WARNING, "the refusal of " + passed.manifest().id() + " cannot be written down", e);
            refusal.addSuppressed(e);
        }
    }

    @Override
    public Definition definition(DefinitionId id) {
        return definitions.require(id);
    }

    @Override
    public Page<Definition> definitions(@Nullable AdapterName name, PageRequest page) {
        return definitions.page(name, page);
    }

    @Override
    public Page<Quarantined> quarantine(PageRequest page) {
        return quarantine.page(page);
    }
}
