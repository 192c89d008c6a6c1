package io.maestro.store;

import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import org.jspecify.annotations.Nullable;

/**
 * One change, as the receipt of it will say. Who, when and in whose chain is known from the act.
 *
 * @param action what was done: the kind of subject and a verb, for example {@code instance.create}
 * @param environment where, when it concerns one environment
 * @param subject what was changed
 * @param before its public representation before, without secrets; null when it was not there
 * @param after its public representation after, without secrets; null when it is no longer there
 * @param decision the policy decision that allowed it; null for the one that the actor carries, if any
 */
public record Fact(
        String action,
        @Nullable Environment environment,
        Subject subject,
        @Nullable Json before,
        @Nullable Json after,
        @Nullable String decision) {
    /**
     * What was changed.
     *
     * @param type its kind, for example {@code adapter-instance}
     * @param name its name within the chain's tenant, or within the installation
     * @param digest of the artifact that it is or runs; null when there is none
     */
    public record Subject(
            String type, String name, @Nullable Digest digest) {
        /** A subject without an artifact. */
        public static Subject of(String type, Object name) {
            return new Subject(type, name.toString(), null);
        }
    }

    /** Something was made. */
    public static Fact made(String action, Subject subject, Json after) {
        return new Fact(action, null, subject, null, after, null);
    }

    /** Something was changed. */
    public static Fact changed(String action, Subject subject, Json before, Json after) {
        return new Fact(action, null, subject, before, after, null);
    }

    /** Something was taken away. */
    public static Fact removed(String action, Subject subject, Json before) {
        return new Fact(action, null, subject, before, null, null);
    }

    /** The same fact, in this environment. */
    public Fact in(Environment where) {
        return new Fact(action, where, subject, before, after, decision);
    }

    /** The same fact, allowed by this decision. */
    public Fact by(@Nullable String policyDecision) {
        return new Fact(action, environment, subject, before, after, policyDecision);
    }
}
