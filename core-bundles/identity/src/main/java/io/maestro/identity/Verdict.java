package io.maestro.identity;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/** What an identity provider says when it is asked who somebody is. */
sealed interface Verdict {
    /**
     * It is this one.
     *
     * @param issuer names the provider
     * @param subject names the person or program within it
     * @param displayName for people to read
     * @param roles as the instance maps them, in its words
     * @param attributes for decisions by attributes
     * @param expiresAt until when it holds
     */
    record Verified(
            String issuer,
            String subject,
            String displayName,
            List<String> roles,
            Map<String, List<String>> attributes,
            Instant expiresAt)
            implements Verdict {}

    /**
     * It is nobody that the provider vouches for.
     *
     * @param code why, as a problem's code
     * @param soon whether the same may be right in a moment, when the provider has been asked for its new keys
     */
    record Refused(String code, boolean soon) implements Verdict {}
}
