package io.maestro.store;

import java.util.List;

/**
 * How an act ended: what its caller is told, and the facts that are committed with it.
 *
 * @param result for the caller
 * @param facts what was changed; when there are none, nothing was, and the transaction is rolled back
 */
public record Act<R>(R result, List<Fact> facts) {
    /** Copies the list. */
    public Act {
        facts = List.copyOf(facts);
    }

    /** Something was changed. */
    public static <R> Act<R> done(R result, Fact fact) {
        return new Act<>(result, List.of(fact));
    }

    /** Everything was as wanted already. */
    public static <R> Act<R> unchanged(R result) {
        return new Act<>(result, List.of());
    }
}
