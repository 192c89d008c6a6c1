package io.maestro.api.tenancy;

import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * What an engine keeps of tenants. Each engine that has rows, files or keys of a tenant registers one as a service; the
 * tenancy asks it before an environment is deleted, and has it erase everything when a tenant leaves. Receipts and
 * security events are no holdings: they tell that a tenant was here, and stay.
 */
@ConsumerType
public interface TenantHoldings {
    /** Names the engine, for example {@code adapters}; never changes, for it stands in the database. */
    String name();

    /**
     * How much there is, by kind, for example {@code instances}; kinds of which there is nothing may be left out. Called on
     * the thread of a request; may block.
     *
     * @param environment only what belongs to this one alone, which stands against deleting it; null for all of the tenant
     */
    Map<String, Long> count(TenantId tenant, @Nullable Environment environment);

    /**
     * An environment is about to be deleted: it holds nothing that {@link #count} tells, and nothing can be put into it any more.
     * What is kept of it without being counted goes now, for example keys. May be called again, and for an environment that is
     * not deleted after all. May block; a failure keeps the environment.
     *
     * @param actor who deletes the environment
     */
    default void emptied(Scope scope, Actor actor) {}

    /**
     * Erases what there is, or begins to. Called again every few seconds until nothing is left, after a crash too, and
     * possibly by two nodes at once: what has gone already is no error, and what another engine has erased meanwhile is
     * none either. May block; is not interrupted. A failure is logged and the call repeated.
     *
     * @param actor who offboards the tenant
     * @return whether nothing is left
     */
    boolean erase(TenantId tenant, Actor actor);
}
