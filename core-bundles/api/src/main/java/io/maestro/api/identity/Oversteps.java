package io.maestro.api.identity;

import io.maestro.model.Actor;
import io.maestro.model.Scope;
import org.osgi.annotation.versioning.ProviderType;

/** Takes down attempts to overstep that an engine has refused. Blocks on the database; any thread. */
@ProviderType
public interface Oversteps {
    /**
     * Writes the security event before it returns. Every one is written, so only of principals that are known, and of a rule
     * whose events are kept apart: they push out none of the others. Never fails: the refusal stands, whether it can be written
     * down or not.
     *
     * @param rule which was broken
     * @param actor whose attempt it was
     * @param resource what was reached for
     */
    void refused(Rule rule, Scope scope, Actor actor, String resource);
}
