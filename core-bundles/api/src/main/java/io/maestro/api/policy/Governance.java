package io.maestro.api.policy;

import io.maestro.model.Actor;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Asks the policy. Every question is recorded. Does not block on the database, but for the first question about a tenant
 * with packs of its own and for questions that refer to an approval; any thread.
 */
@ProviderType
public interface Governance {
    /**
     * What the policy says. Does not fail: when the policy cannot be asked, the outcome says so. An approval that the actor
     * refers to is not looked at.
     */
    Decision decide(PolicyInput input);

    /**
     * Returns when the policy allows it, or when a second person has: then the decision names that approval, and the act
     * uses it up as it commits, or {@link #use} does. Else, when a second person could allow it, leaves a request for that.
     *
     * @throws io.maestro.model.ProblemException {@link PolicyProblem#POLICY_DENIED}, {@link
     *     PolicyProblem#APPROVAL_REQUIRED}, {@link PolicyProblem#APPROVAL_NOT_VALID}, {@link
     *     PolicyProblem#POLICY_UNAVAILABLE}
     */
    Decision require(PolicyInput input);

    /**
     * Uses up the approval that an act needs which leaves no receipt, so that no transaction does: right before the act.
     * Returns at once when it needs none, or when the act has used it already. Blocks on the database.
     *
     * @param decision of {@link #require} about this question
     * @throws io.maestro.model.ProblemException {@link PolicyProblem#APPROVAL_NOT_VALID} when it was used meanwhile
     */
    void use(PolicyInput input, Decision decision);

    /** As {@link #require}; gives the actor back with the decision, so that the receipt of the act carries it. */
    default Actor allow(PolicyInput input) {
        Decision decision = require(input);
        return input.actor()
                .allowedBy(
                        decision.id().toString(),
                        decision.approval() == null ? null : decision.approval().toString());
    }
}
