package io.maestro.api.adapters;

import io.maestro.api.trust.AdapterManifest;
import io.maestro.api.trust.Verification;
import io.maestro.model.Actor;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.PublisherName;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/** Adapter definitions and refused artifacts. Blocks on files and the database; any thread. */
@ProviderType
public interface Definitions {
    /**
     * Admits an artifact: copies, inspects and proves it, then makes it a definition. The same bytes again are answered
     * with the definition that is there. Atomic: after a crash the definition is there whole or not at all.
     *
     * @param artifact read to its end; not closed
     * @param source the way in: {@code upload} or {@code deploy/NAME}
     * @param expected the digest of the plan that it must be done by; null when any will do
     * @param actor who; for a dropped file {@code system:drop-folder}
     * @param verification told of each check as it ends
     * @throws io.maestro.model.ProblemException the reason of the refusal; the artifact is listed as quarantined. {@link
     *     AdapterProblem#PLAN_CHANGED} with the plan as it is now, and nothing is kept
     * @throws IOException when the bytes cannot be read; nothing is left behind
     */
    Admitted admit(
            InputStream artifact, String source, @Nullable Digest expected, Actor actor, Verification verification)
            throws IOException;

    /** Admits an artifact without telling anybody of the checks. */
    default Admitted admit(InputStream artifact, String source, @Nullable Digest expected, Actor actor)
            throws IOException {
        return admit(artifact, source, expected, actor, Verification.untold());
    }

    /** Admits an artifact by whatever plan. */
    default Admitted admit(InputStream artifact, String source, Actor actor) throws IOException {
        return admit(artifact, source, null, actor);
    }

    /**
     * What admitting it would do. Nothing is kept of it, it is not started, and a refusal is not listed as quarantined.
     *
     * @param artifact read to its end; not closed
     * @param verification told of each check as it ends
     * @throws io.maestro.model.ProblemException why it would be refused, but for what the policy has against it and for what
     *     only its start shows
     * @throws IOException when the bytes cannot be read
     */
    Plan plan(InputStream artifact, Actor actor, Verification verification) throws IOException;

    /** Plans without telling anybody of the checks. */
    default Plan plan(InputStream artifact, Actor actor) throws IOException {
        return plan(artifact, actor, Verification.untold());
    }

    /** The definition, or {@link AdapterProblem#DEFINITION_UNKNOWN}. */
    Definition definition(DefinitionId id);

    /**
     * Uninstalls a definition that no instance is of: its row, and then on each node its bundle and its file. Atomic: after
     * a crash it is there whole, or gone and swept away. The name stays its publisher's, and the version can only ever be
     * these bytes again.
     *
     * @throws io.maestro.model.ProblemException {@link AdapterProblem#DEFINITION_UNKNOWN}; {@link
     *     AdapterProblem#DEFINITION_IN_USE} with the first instances of it; what the policy says; {@link
     *     AdapterProblem#PLAN_CHANGED} when another plan was {@code expected}
     */
    void uninstall(DefinitionId id, @Nullable Digest expected, Actor actor);

    /** Uninstalls a definition by whatever plan. */
    default void uninstall(DefinitionId id, Actor actor) {
        uninstall(id, null, actor);
    }

    /**
     * What uninstalling it would do.
     *
     * @throws io.maestro.model.ProblemException why it would be refused, but for what the policy has against it
     */
    Plan planUninstall(DefinitionId id, Actor actor);

    /** Refused artifacts, newest first. */
    Page<Quarantined> quarantine(PageRequest page);

    /**
     * The answer to an admission.
     *
     * @param definition what the artifact is now
     * @param fresh false when it was here already
     */
    record Admitted(Definition definition, boolean fresh) {}

    /**
     * One immutable, signed version of an adapter.
     *
     * @param manifest what it says of itself
     * @param digest of the artifact
     * @param size of the artifact in bytes
     * @param publisher who signed
     * @param key fingerprint of the signing key
     * @param createdAt when it was admitted
     * @param createdBy by whom
     * @param settings what its configuration takes, as far as the schema says it by name
     */
    record Definition(
            AdapterManifest manifest,
            Digest digest,
            long size,
            PublisherName publisher,
            Digest key,
            Instant createdAt,
            String createdBy,
            List<Setting> settings) {
        /** Copies the list. */
        public Definition {
            settings = List.copyOf(settings);
        }

        /** Name and version. */
        public DefinitionId id() {
            return manifest.id();
        }
    }

    /**
     * A value that a configuration takes.
     *
     * @param pointer where it stands, as a JSON Pointer
     * @param required whether it has to be there; one within something optional is required once that is there
     * @param secret whether it is written only
     */
    record Setting(String pointer, boolean required, boolean secret) {}

    /**
     * A refused artifact; its bytes are not kept.
     *
     * @param id ascending
     * @param digest null when the bytes were not all read
     * @param name adapter name as far as it could be read
     * @param version adapter version as far as it could be read
     * @param source the way in
     * @param problem code, what is wrong, where, and how to fix it
     */
    record Quarantined(
            long id,
            @Nullable Digest digest,
            long size,
            @Nullable String name,
            @Nullable String version,
            String source,
            String actor,
            Problem problem,
            Instant refusedAt) {}
}
