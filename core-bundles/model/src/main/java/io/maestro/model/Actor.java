package io.maestro.model;

import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who acts, and within which request; stands in every receipt.
 *
 * @param id the principal's id, for example {@code token:8c0cf9b40fa3f1b5}; for the server's own acts {@code system:NAME}
 * @param correlationId follows the request through logs; {@code -} when no request caused the act
 * @param standing what policies are told of who acts; {@link Standing#NONE} for the server's own acts
 * @param approval names the approval that the act refers to; once there is a decision, the one that it needs and uses up.
 *     Null when there is none
 * @param decision the policy's decision that allows the act; null while none was asked
 */
public record Actor(
        String id,
        String correlationId,
        Standing standing,
        @Nullable String approval,
        @Nullable String decision) {
    private static final int LONGEST_ID = 200;
    private static final int LONGEST_CORRELATION_ID = 100;

    /** Both are made by the server and bounded; longer ones are a fault of ours. */
    public Actor {
        if (id.isEmpty() || id.length() > LONGEST_ID || correlationId.length() > LONGEST_CORRELATION_ID) {
            throw new IllegalArgumentException("not an actor: " + Slug.printable(id));
        }
    }

    /** Somebody of whom nothing else is known. */
    public Actor(String id, String correlationId) {
        this(id, correlationId, Standing.NONE, null, null);
    }

    /**
     * What policies are told of who acts.
     *
     * @param roles in lower case, in the order of their declaration
     * @param tenant the one tenant that the principal is confined to; null for principals of the installation
     * @param environment the one environment that it is confined to; null for all of the tenant
     * @param attributes as whoever vouches for the principal gave them
     * @param person the principal behind it, where that matters; null where nobody has looked
     */
    public record Standing(
            List<String> roles,
            @Nullable TenantId tenant,
            @Nullable Environment environment,
            Map<String, List<String>> attributes,
            @Nullable String person) {
        /** Of the server itself, and of those of whom nothing is known. */
        public static final Standing NONE = new Standing(List.of(), null, null, Map.of(), null);

        /** Copies list and map. */
        public Standing {
            roles = List.copyOf(roles);
            attributes = attributes.entrySet().stream()
                    .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, entry -> List.copyOf(entry.getValue())));
        }
    }

    /** The same actor, of whom policies are told this. */
    public Actor with(Standing known) {
        return new Actor(id, correlationId, known, approval, decision);
    }

    /**
     * The same actor, allowed by this decision; receipts of what it does carry it.
     *
     * @param usedApproval the approval that the decision needed, which the act uses up; null when it needed none
     */
    public Actor allowedBy(String policyDecision, @Nullable String usedApproval) {
        return new Actor(id, correlationId, standing, usedApproval, policyDecision);
    }

    /** A part of the server that acts by itself. */
    public static Actor system(String name) {
        return new Actor("system:" + name, "-");
    }

    @Override
    public String toString() {
        return id;
    }
}
