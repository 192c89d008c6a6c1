package io.maestro.adapter.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * What an {@link AdapterInstance} implements as well when it can take new secrets while it works. One that does not is
 * opened anew with them, and closed when its calls have ended.
 */
@ConsumerType
public interface SecretRotation {
    /**
     * Takes the new secrets. Calls that begin afterwards use them; those that are running may end with the old ones.
     *
     * <p>Called by the host while calls go on, never twice at a time; limited in time as {@link AdapterFactory#open} is.
     * When it throws, the instance is opened anew.
     *
     * @param context the same as the instance was opened with, but for the values of the secrets; takes its place
     */
    void secretsChanged(AdapterContext context);
}
