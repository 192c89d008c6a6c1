package io.maestro.api.policy;

import static io.maestro.model.ProblemCategory.CALLER;
import static io.maestro.model.ProblemCategory.INTERNAL;
import static io.maestro.model.ProblemCategory.POLICY_OR_LIMIT;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/** What can go wrong with policies. */
public enum PolicyProblem implements ProblemCode {
    /** A rule says no. */
    POLICY_DENIED(POLICY_OR_LIMIT, 403, "The policy does not allow it"),
    /** A rule wants a second person to approve. */
    APPROVAL_REQUIRED(POLICY_OR_LIMIT, 403, "A second person has to approve it"),
    /** The approval that the request refers to does not allow this. */
    APPROVAL_NOT_VALID(POLICY_OR_LIMIT, 403, "The approval does not allow this"),
    /** The policy cannot be asked; so nothing is allowed. */
    POLICY_UNAVAILABLE(INTERNAL, 503, "The policy cannot be asked"),
    /** There is no such request for an approval. */
    APPROVAL_UNKNOWN(CALLER, 404, "There is no such request for an approval"),
    /** Somebody has decided on it, or it has expired. */
    APPROVAL_DECIDED(CALLER, 409, "The request is no longer open"),
    /** Nobody approves what they ask for themselves. */
    APPROVAL_OF_ONES_OWN(POLICY_OR_LIMIT, 403, "It takes another person"),
    /** There is no such decision. */
    DECISION_UNKNOWN(CALLER, 404, "There is no such decision"),
    /** The settings are not such as policies know. */
    POLICY_SETTINGS_INVALID(CALLER, 400, "The policy settings are not valid"),
    /** Once it holds, nobody could take it back. */
    POLICY_LOCKS_OUT(CALLER, 409, "Nobody could undo it"),
    /** The bundle cannot become active; the previous one stays. */
    POLICY_PACK_REFUSED(CALLER, 400, "The policy pack is refused"),
    /** An engine outside of the server decides, and has its packs from elsewhere. */
    POLICY_PACKS_ELSEWHERE(CALLER, 409, "Policy packs come from elsewhere"),
    /** There is no such pack, or no such revision of it. */
    POLICY_PACK_UNKNOWN(CALLER, 404, "There is no such policy pack"),
    /** There is no such key. */
    POLICY_KEY_UNKNOWN(CALLER, 404, "There is no such policy key"),
    /** A key with this id is there already. */
    POLICY_KEY_EXISTS(CALLER, 409, "The policy key exists already"),
    /** It is no public key, or of a kind that is not taken. */
    POLICY_KEY_INVALID(CALLER, 400, "The policy key is not valid");

    private final ProblemCategory category;
    private final int status;
    private final String title;

    PolicyProblem(ProblemCategory category, int status, String title) {
        this.category = category;
        this.status = status;
        this.title = title;
    }

    @Override
    public ProblemCategory category() {
        return category;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
