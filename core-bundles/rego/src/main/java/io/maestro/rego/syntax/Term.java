package io.maestro.rego.syntax;

import io.maestro.rego.error.Location;
import io.maestro.rego.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What stands for a value in a policy. */
public sealed interface Term {
    /** Where it begins. */
    Location at();

    /** A scalar. */
    record Constant(Location at, Value value) implements Term {}

    /** A name, or a wildcard with a name of its own that no source can write. */
    record Variable(Location at, String name) implements Term {
        public boolean isWildcard() {
            return name.startsWith("$");
        }
    }

    /** The name of an infix operator. */
    record Operator(Location at, String name) implements Term {}

    /** {@code head.a[b]}; a name behind a point is a constant. */
    record Ref(Location at, Term head, List<Term> path) implements Term {}

    record ArrayTerm(Location at, List<Term> members) implements Term {}

    record SetTerm(Location at, List<Term> members) implements Term {}

    record ObjectTerm(Location at, List<Entry> entries) implements Term {}

    /** One member of an object. */
    record Entry(Term key, Term value) {}

    /**
     * A collection of what a body finds.
     *
     * @param key of an object's members; null for arrays and sets
     */
    record Comprehension(Location at, Kind kind, @Nullable Term key, Term value, List<Literal> body) implements Term {}

    /** What a comprehension makes. */
    enum Kind {
        ARRAY,
        SET,
        OBJECT
    }

    /**
     * A call.
     *
     * @param operator a {@link Variable}, {@link Ref} or {@link Operator}
     */
    record Call(Location at, Term operator, List<Term> arguments) implements Term {}

    /** {@code $"text {expression}"}. */
    record Template(Location at, List<Part> parts) implements Term {}

    /** A piece of a template: a text, or an expression. */
    sealed interface Part {
        record Text(String text) implements Part {}

        record Hole(Literal literal) implements Part {}
    }
}
