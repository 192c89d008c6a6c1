package io.maestro.api.trust;

import io.maestro.model.Problem;
import java.time.Duration;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One verification of one artifact, as it goes: who carries out a check says when it begins and how it ended, and somebody is
 * told of each as it ends. Each check ends at most once, so that whoever is told has to keep no more steps than there are
 * {@linkplain Check checks}. One thread.
 */
public final class Verification {
    private static final int LONGEST = 500;

    private final Consumer<Step> told;
    private @Nullable Check running;
    private long begunAt;

    /**
     * Makes one of which {@code told} is told.
     *
     * @param told called by the thread that verifies, with locks held: it must return at once and throw nothing
     */
    public Verification(Consumer<Step> told) {
        this.told = told;
    }

    /** One of which nobody is told. */
    public static Verification untold() {
        return new Verification(step -> {});
    }

    /** What is looked at, in the order of an admission. */
    public enum Check {
        /** All bytes have arrived, and they are not too many. */
        BYTES,
        /** The jar is one, and unpacks to what it says. */
        ARCHIVE,
        /** A trusted key signed every entry. */
        SIGNATURE,
        /** What the adapter says of itself. */
        MANIFEST,
        /** The bundle does nothing that an adapter must not. */
        STRUCTURE,
        /** What the bundle imports. */
        IMPORTS,
        /** The hosts that the adapter wants to reach. */
        NETWORK,
        /** The plan is still the one that was agreed to; only when one was. */
        PLAN,
        /** What the policy says. */
        POLICY,
        /** The name is the publisher's, and the version these bytes. */
        NAME,
        /** The bundle starts here; not when only a plan is asked for. */
        START,
        /** The definition is written down; not when only a plan is asked for. */
        RECORD
    }

    /** How a check ended. */
    public enum Result {
        /** Nothing is wrong. */
        PASSED,
        /** There is nothing to judge, only to know. */
        NOTED,
        /** The artifact is refused for it. */
        FAILED,
        /** Nobody has decided yet: a second person has to, or who was to be asked is away. */
        UNDECIDED
    }

    /**
     * A check that ended.
     *
     * @param detail one sentence; cut off when it is longer than {@value #LONGEST} characters
     * @param took how long it took
     */
    public record Step(Check check, Result result, String detail, Duration took) {
        /** Cuts a long sentence off. */
        public Step {
            detail = detail.length() <= LONGEST ? detail : detail.substring(0, end(detail)) + "…";
        }

        /** Not within a character: half of one is none, and cannot be written in UTF-8. */
        private static int end(String detail) {
            return Character.isHighSurrogate(detail.charAt(LONGEST - 1)) ? LONGEST - 1 : LONGEST;
        }
    }

    /** The check begins. */
    public void begin(Check check) {
        running = check;
        begunAt = System.nanoTime();
    }

    /** The check that began last has passed. */
    public void passed(String detail) {
        ended(Result.PASSED, detail);
    }

    /** The check that began last found what is to be known. */
    public void noted(String detail) {
        ended(Result.NOTED, detail);
    }

    /** The check that began last refuses the artifact; nothing when none is under way. */
    public void failed(Problem problem) {
        failed(problem.detail());
    }

    /** The same, in other words. */
    public void failed(String detail) {
        ended(Result.FAILED, detail);
    }

    /** The check that began last could not be brought to an end; nothing when none is under way. */
    public void undecided(String detail) {
        ended(Result.UNDECIDED, detail);
    }

    private void ended(Result result, String detail) {
        Check check = running;
        if (check != null) {
            running = null;
            told.accept(new Step(check, result, detail, Duration.ofNanos(System.nanoTime() - begunAt)));
        }
    }
}
