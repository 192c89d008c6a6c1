package io.maestro.rego.compile;

import io.maestro.rego.compile.Form.Body;
import io.maestro.rego.error.Location;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a body wants to hold. */
public sealed interface Goal {
    /** Where it is written. */
    Location at();

    /** Whether it neither uses nor finds variables, nor changes what other goals see. */
    default boolean isBare() {
        boolean simple = switch (this) {
            case Test _ -> true;
            case Not(var _, Goal inner) -> inner.isBare();
            case Unify _, Read _, Member _, Every _, With _ -> false;
        };
        boolean[] bare = {simple};
        Uses.everywhere(this, form -> bare[0] &= !(form instanceof Form.Slot || form instanceof Form.Collect));
        return bare[0];
    }

    /** Both sides are equal, or become so by giving variables their values. */
    record Unify(Location at, Form left, Form right) implements Goal {}

    /** A variable gets the value of a form that is part of a negated one, and in which therefore nothing is searched. */
    record Read(Location at, Form.Slot slot, Form form) implements Goal {}

    /** The form is defined and not false. */
    record Test(Location at, Form form) implements Goal {}

    /** The inner goal does not hold. */
    record Not(Location at, Goal goal) implements Goal {}

    /** A member of the domain fits the patterns. */
    record Member(Location at, @Nullable Form key, Form value, Form domain) implements Goal {}

    /** The body holds for each member of the domain. */
    record Every(Location at, int key, int value, Form domain, Body body, BitSet captured) implements Goal {}

    /** The inner goals hold while some things are others. */
    record With(Location at, List<Replacement> replacements, Body body) implements Goal {}

    /** What {@code with} replaces. */
    sealed interface Replacement {
        /** Part of the input, or all of it when the path is empty. */
        record OfInput(List<String> path, Form value) implements Replacement {}

        /** Part of the data, base documents and rules alike. */
        record OfDocument(List<String> path, Form value) implements Replacement {}

        /**
         * A function by another function, a rule or a value; exactly one of the last two is there.
         *
         * @param name of a built-in function, or the path of a rule
         */
        record OfFunction(
                String name,
                @Nullable Callee callee,
                @Nullable Form value) implements Replacement {}
    }

    /** A function that takes the place of another. */
    sealed interface Callee {
        record OfRule(RuleGroup group) implements Callee {}

        record OfBuiltin(io.maestro.rego.builtins.Builtin builtin) implements Callee {}
    }
}
