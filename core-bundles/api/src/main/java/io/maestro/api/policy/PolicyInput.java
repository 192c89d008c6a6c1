package io.maestro.api.policy;

import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A question to the policy. Holds no secret: configurations stand in it without those of their properties that are secret.
 *
 * @param entryPoint what it is about
 * @param action as in receipts, for example {@code instance.create}
 * @param actor who asks
 * @param tenant where; null for what belongs to the installation
 * @param environment where within the tenant; null for all of it
 * @param subjectType the kind of what is touched, for example {@code adapter-instance}
 * @param subject its name
 * @param more further members of the input document by their names, for example {@code adapter}
 * @param content all that the act would do, also what no policy is shown; an approval holds for this content only. Looked
 *     at when an approval is asked for or used, and not before. Null when the input document tells all
 */
public record PolicyInput(
        EntryPoint entryPoint,
        String action,
        Actor actor,
        @Nullable TenantId tenant,
        @Nullable Environment environment,
        String subjectType,
        String subject,
        Map<String, Json> more,
        @Nullable Supplier<Content> content) {
    /** Copies the map. */
    public PolicyInput {
        if (environment != null && tenant == null) {
            throw new IllegalArgumentException("an environment is one of a tenant");
        }
        more = Map.copyOf(more);
    }

    /** A question whose input document tells all. */
    public PolicyInput(
            EntryPoint entryPoint,
            String action,
            Actor actor,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            String subjectType,
            String subject,
            Map<String, Json> more) {
        this(entryPoint, action, actor, tenant, environment, subjectType, subject, more, null);
    }

    /**
     * What an act would do.
     *
     * @param digest of all of it; stands in no input document and no record
     * @param shown what whoever approves is shown of it, an object: what is named like a secret is taken out before. Null
     *     when the input document shows enough
     */
    public record Content(Digest digest, @Nullable Json shown) {}

    /** The same question, about this content. */
    public PolicyInput of(Digest whole) {
        return of(() -> new Content(whole, null));
    }

    /**
     * The same question, about this content.
     *
     * @param whole throws when the act cannot be bound to its content
     */
    public PolicyInput of(Supplier<Content> whole) {
        return new PolicyInput(entryPoint, action, actor, tenant, environment, subjectType, subject, more, whole);
    }

    /** A question about something in a scope. */
    public static PolicyInput in(
            Scope scope,
            EntryPoint entryPoint,
            String action,
            Actor actor,
            String subjectType,
            Object subject,
            Map<String, Json> more) {
        return new PolicyInput(
                entryPoint, action, actor, scope.tenant(), scope.environment(), subjectType, subject.toString(), more);
    }
}
