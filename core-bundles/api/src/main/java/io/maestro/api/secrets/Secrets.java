package io.maestro.api.secrets;

import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Scope;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Secrets of all scopes, and the keys that seal them. Values go in and never come out here. Blocks on the database, and on
 * what holds the master key; any thread.
 */
@ProviderType
public interface Secrets {
    /**
     * Keeps a value: of a new secret, or the next version of one. The version before is destroyed. Instances that use the
     * secret are given the new value without being asked for it.
     *
     * @param value not empty, at most 64 KiB in UTF-8; a plain text, because it comes as one and is not kept as one
     * @param version the version that must still be current, or null for any; else {@code revision-changed}
     * @throws io.maestro.model.ProblemException {@link SecretProblem#SECRET_UNKNOWN} for a name below {@code instance/} that
     *     no instance owns, or an unknown tenant or environment
     */
    KeptSecret put(Scope scope, SecretName name, String value, @Nullable Long version, Actor actor);

    /** The secret without its value, or {@link SecretProblem#SECRET_UNKNOWN}. */
    KeptSecret secret(Scope scope, SecretName name);

    /** Secrets of one scope, by name; a tenant or environment that is not there is refused. */
    Page<KeptSecret> secrets(Scope scope, PageRequest page);

    /**
     * Deletes a secret with all its versions.
     *
     * @param version the version that must still be current, or null for any
     * @throws io.maestro.model.ProblemException {@link SecretProblem#SECRET_IN_USE}, which names the instances
     */
    void delete(Scope scope, SecretName name, @Nullable Long version, Actor actor);

    /** Who read what in a scope, newest first. Kept for 90 days. */
    Page<Read> reads(Scope scope, PageRequest page);

    /**
     * Makes a new data key for the scope, seals all its secrets anew with it, and destroys the data keys before. When it is
     * broken off, the node goes on with it at its next start. When several ask at the same moment, one makes the data key,
     * and all help to seal.
     */
    RotatedDataKey rotateDataKey(Scope scope, Actor actor);

    /**
     * Puts the configured master key in charge and wraps all data keys anew with it. The one before must be configured as
     * the former one. When it is broken off, it is asked for again.
     */
    RotatedMasterKey rotateMasterKey(Actor actor);

    /**
     * A secret without its value.
     *
     * @param version of the current value; goes up by one with each
     * @param versions the newest ones first, 20 at most
     * @param usedBy instances whose configuration refers to it
     */
    record KeptSecret(
            Scope scope,
            SecretName name,
            long version,
            Instant createdAt,
            Instant updatedAt,
            List<Version> versions,
            List<InstanceId> usedBy) {
        /** Copies the lists. */
        public KeptSecret {
            versions = List.copyOf(versions);
            usedBy = List.copyOf(usedBy);
        }
    }

    /**
     * One value that a secret has or had.
     *
     * @param createdBy the principal's id
     */
    record Version(long number, Instant createdAt, String createdBy) {}

    /**
     * A value was given to an instance, or read on its behalf.
     *
     * @param correlationId the request that caused it; {@code -} when none did
     */
    record Read(
            SecretName secret, long version, InstanceId instance, Purpose purpose, Instant at, String correlationId) {}

    /** Why a value was read. */
    enum Purpose {
        /** To check a configuration that an instance is to have. */
        CHECK,
        /** To open the instance. */
        OPEN,
        /** To give an open instance a new value. */
        ROTATE
    }

    /**
     * A data key was replaced.
     *
     * @param version the number of the new one
     * @param secrets how many secrets were sealed anew
     */
    record RotatedDataKey(Scope scope, int version, int secrets) {}

    /**
     * The master key in charge.
     *
     * @param id tells master keys apart; nothing follows from it about the key
     * @param dataKeys how many data keys were wrapped anew
     */
    record RotatedMasterKey(String id, int dataKeys) {}
}
