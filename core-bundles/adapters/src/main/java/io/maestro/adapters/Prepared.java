package io.maestro.adapters;

import io.maestro.api.adapters.AdapterProblem;
import io.maestro.api.adapters.Plan;
import io.maestro.api.policy.Decision;
import io.maestro.api.policy.Outcome;
import io.maestro.api.policy.PolicyInput;
import io.maestro.model.Actor;
import io.maestro.model.Problem;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An act that was looked into and about which the policy was asked.
 *
 * @param plan what it does
 * @param work does it
 */
record Prepared(Plan plan, Work work) {
    /** What is left to do. */
    @FunctionalInterface
    interface Work {
        /** The instance as its row then says; null when it is no more. */
        @Nullable
        InstanceRow run();
    }

    /** How the policy is asked. */
    sealed interface Asking {
        /** Asks. */
        Answer ask(PolicyInput question);

        /** Whether nothing may be written. */
        boolean dry();
    }

    /** What would it say; nothing is done afterwards. */
    record Only(Questions policy) implements Asking {
        @Override
        public Answer ask(PolicyInput question) {
            Decision decision = policy.decide(question);
            return new Answer(decision, question.actor(), decision.allowed() || decision.outcome() == Outcome.APPROVAL);
        }

        @Override
        public boolean dry() {
            return true;
        }
    }

    /** May it be done at once; nothing is written, and no approval is used up or asked for. */
    record Tentatively(Questions policy) implements Asking {
        @Override
        public Answer ask(PolicyInput question) {
            Decision decision = policy.decide(question);
            if (decision.outcome() == Outcome.APPROVAL) {
                throw Problem.of(
                                AdapterProblem.TRIAL_UNAPPROVED,
                                "the policy wants " + question.action() + " of " + question.subject()
                                        + " approved by a second person, so it is not opened before that",
                                "Do it without trying it first, and have it approved.")
                        .asException();
            }
            // whatever else is against it, the policy says itself
            return new Answer(decision.allowed() ? decision : policy.require(question), question.actor(), true);
        }

        @Override
        public boolean dry() {
            return true;
        }
    }

    /** May it be done; an approval that it needs is used up as it commits. Throws when it may not. */
    record Really(Questions policy) implements Asking {
        @Override
        public Answer ask(PolicyInput question) {
            Decision decision = policy.require(question);
            @Nullable UUID approval = decision.approval();
            Actor allowed =
                    question.actor().allowedBy(decision.id().toString(), approval == null ? null : approval.toString());
            return new Answer(decision, allowed, true);
        }

        @Override
        public boolean dry() {
            return false;
        }
    }

    /**
     * The policy's answer.
     *
     * @param actor with the decision, when the act may be done
     * @param open whether the act may be done, or could be with an approval
     */
    record Answer(Decision decision, Actor actor, boolean open) {}
}
