package io.maestro.api.secrets;

import io.maestro.adapter.spi.Secret;
import io.maestro.api.secrets.Secrets.Purpose;
import io.maestro.api.store.Transaction;
import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.Scope;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.osgi.annotation.versioning.ProviderType;

/** Secrets as the adapter host needs them, and nobody else. Blocks on the database and the master key; any thread. */
@ProviderType
public interface InstanceSecrets {
    /**
     * Gives the current values of secrets. That they were read is written down before any of them is given.
     *
     * @param instance for whom
     * @param correlationId the request that causes it; {@code -} when none does
     * @throws io.maestro.model.ProblemException {@link SecretProblem#SECRET_UNKNOWN}, {@link SecretProblem#SECRET_DAMAGED},
     *     {@link SecretProblem#MASTER_KEY_UNAVAILABLE}
     */
    Values read(Scope scope, InstanceId instance, Set<SecretName> names, Purpose purpose, String correlationId);

    /**
     * Runs an act in which {@link #attach} or {@link #reattach} is called. When these need a data key that the master key has
     * to unwrap or to make first, the act is rolled back, and runs again afterwards: so no transaction waits for the master
     * key.
     *
     * @param act may run several times, so it has no effect but its transaction's
     * @throws io.maestro.model.ProblemException {@link SecretProblem#MASTER_KEY_UNAVAILABLE}, and those of the act
     */
    <R> R prepared(Supplier<R> act);

    /**
     * Keeps the values that an instance owns, and notes which secrets it uses; from then on these cannot be deleted.
     *
     * @param act within which the instance is created; nothing is kept unless it commits
     * @param owned values by their names below {@code instance/}
     * @param used the names of all secrets that its configuration refers to, the owned ones included
     * @throws io.maestro.model.ProblemException {@link SecretProblem#SECRET_UNKNOWN}
     */
    void attach(
            Transaction act,
            Scope scope,
            InstanceId instance,
            Map<SecretName, Secret> owned,
            Set<SecretName> used,
            Actor actor);

    /**
     * Keeps further values that an instance owns, as next versions where it has one of that name, and notes which secrets it
     * uses from now on. What it owned and does not use any more is deleted.
     *
     * @param act within which the instance is changed; nothing is kept unless it commits
     * @param owned values by their names below {@code instance/}
     * @param used the names of all secrets that its configuration refers to, the owned ones included
     * @throws io.maestro.model.ProblemException {@link SecretProblem#SECRET_UNKNOWN}; {@link SecretProblem#SECRET_IN_USE} when
     *     another instance uses what would be deleted
     */
    void reattach(
            Transaction act,
            Scope scope,
            InstanceId instance,
            Map<SecretName, Secret> owned,
            Set<SecretName> used,
            Actor actor);

    /**
     * As {@link #reattach(Transaction, Scope, InstanceId, Map, Set, Actor)}, but some of what it owned and does not use any
     * more is kept, because the instance may go back to a configuration that refers to it. It is deleted with the next change
     * that does not say so.
     *
     * @param retained names that are kept although they are not used
     */
    void reattach(
            Transaction act,
            Scope scope,
            InstanceId instance,
            Map<SecretName, Secret> owned,
            Set<SecretName> used,
            Set<SecretName> retained,
            Actor actor);

    /**
     * Deletes what the instance owns, and forgets what it used.
     *
     * @param act within which the instance is deleted
     */
    void detach(Transaction act, Scope scope, InstanceId instance);

    /** For each instance that uses secrets, a number that goes up when one of them has a new version. */
    Map<InstanceOf, Long> stamps();

    /**
     * An instance with its scope.
     *
     * @param scope where
     * @param instance which
     */
    record InstanceOf(Scope scope, InstanceId instance) {}

    /**
     * Values as of one moment.
     *
     * @param values by name
     * @param stamp the number of {@link #stamps} at that moment
     * @param lineage where the values come from: the same only while no secret has a new version or was made anew, and
     *     nothing follows from it about the values
     */
    record Values(Map<SecretName, Secret> values, long stamp, String lineage) {
        /** Nothing, for an instance without secrets. */
        public static final Values NONE = new Values(Map.of(), 0, "");

        /** Copies the map. */
        public Values {
            values = Map.copyOf(values);
        }
    }
}
