package io.maestro.api.adapters;

import io.maestro.api.trust.AdapterManifest;
import io.maestro.model.AdapterName;
import io.maestro.model.DefinitionId;
import io.maestro.model.Digest;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.PublisherName;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
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
     * @param actor who; for a dropped file {@code drop-folder}
     * @throws io.maestro.model.ProblemException the reason of the refusal; the artifact is listed as quarantined
     * @throws IOException when the bytes cannot be read; nothing is left behind
     */
    Admitted admit(InputStream artifact, String source, String actor) throws IOException;

    /** The definition, or {@link AdapterProblem#DEFINITION_UNKNOWN}. */
    Definition definition(DefinitionId id);

    /** Definitions by name and version; only of one adapter when {@code name} is given. */
    Page<Definition> definitions(@Nullable AdapterName name, PageRequest page);

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
     */
    record Definition(
            AdapterManifest manifest,
            Digest digest,
            long size,
            PublisherName publisher,
            Digest key,
            Instant createdAt,
            String createdBy) {
        /** Name and version. */
        public DefinitionId id() {
            return manifest.id();
        }
    }

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
