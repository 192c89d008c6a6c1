package io.maestro.api.identity;

import org.osgi.annotation.versioning.ProviderType;

/** Who stands behind principals. Blocks on the database; any thread. */
@ProviderType
public interface Persons {
    /**
     * The principal at the beginning: a token was made by somebody, who may have been a token too. Two principals with the
     * same one behind them count as one person.
     *
     * @param principal its id
     * @return an id of a principal; the same when nobody made it, or when nobody knows any more who did
     */
    String behind(String principal);
}
