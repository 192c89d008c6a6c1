package io.maestro.api.policy;

import io.maestro.model.Json;
import org.jspecify.annotations.Nullable;

/**
 * What a rule of a policy has against an act.
 *
 * @param kind what it asks for
 * @param rule its id, for example {@code R-ADAPTER-03}
 * @param title what the rule wants, constant per rule
 * @param message what is against it this time, one sentence
 * @param facts what of the input makes it so
 * @param remediation how to get it allowed; null when the rule does not say
 * @param severity {@code low}, {@code medium}, {@code high} or {@code critical}
 * @param mode how seriously the rule is taken
 * @param pack which pack it stands in
 */
public record Reason(
        Kind kind,
        String rule,
        String title,
        String message,
        Json facts,
        @Nullable String remediation,
        String severity,
        Mode mode,
        String pack) {
    /** What a rule asks for. */
    public enum Kind {
        /** That it is not done. */
        DENY,
        /** That a second person approves. */
        APPROVAL
    }

    /** The pack of what no rule says: that nothing allows it, or that nobody could be asked. */
    public static final String NO_PACK = "-";
}
