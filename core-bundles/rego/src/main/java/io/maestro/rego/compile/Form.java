package io.maestro.rego.compile;

import io.maestro.rego.builtins.Builtin;
import io.maestro.rego.error.Location;
import io.maestro.rego.syntax.Term.Kind;
import io.maestro.rego.value.Value;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A term whose names are resolved: variables are slots of a frame, all else has its full path. */
public sealed interface Form {
    record Const(Value value) implements Form {}

    record Slot(int index) implements Form {}

    /** A member of a value. */
    record Get(Form head, List<Form> path) implements Form {}

    /** {@code input} and what is in it. */
    record Input(List<Form> path) implements Form {}

    /** {@code data} and what is in it, rules included. */
    record Document(Location at, List<Form> path) implements Form {}

    record Array(List<Form> members) implements Form {}

    record Set(List<Form> members) implements Form {}

    record Mapping(List<Form> keys, List<Form> values) implements Form {}

    /**
     * A comprehension.
     *
     * @param captured the slots of outer bodies that it reads
     */
    record Collect(Kind kind, @Nullable Form key, Form value, Body body, BitSet captured) implements Form {}

    record Call(Location at, Builtin builtin, List<Form> arguments) implements Form {}

    /** A call of a function that a policy defines. */
    record Apply(Location at, RuleGroup function, List<Form> arguments) implements Form {}

    /** A template: constants and comprehensions of at most one member. */
    record Template(Location at, List<Form> parts) implements Form {}

    /** Goals; in the order of the source until they are ordered by safety. */
    final class Body {
        private List<Goal> goals;
        private boolean ordered;

        Body(List<Goal> goals) {
            this.goals = List.copyOf(goals);
        }

        public List<Goal> goals() {
            return goals;
        }

        void order(List<Goal> safe) {
            goals = List.copyOf(safe);
            ordered = true;
        }

        boolean isOrdered() {
            return ordered;
        }
    }
}
