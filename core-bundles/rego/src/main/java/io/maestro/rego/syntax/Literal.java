package io.maestro.rego.syntax;

import io.maestro.rego.error.Location;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One line of a body. */
public record Literal(Location at, boolean negated, Expression expression, List<With> withs) {
    /** {@code with target as value}. */
    public record With(Location at, Term target, Term value) {}

    /** What a literal says. */
    public sealed interface Expression {
        /** A term, a call or a unification. */
        record Plain(Term term) implements Expression {}

        /** {@code some x, y}. */
        record Some(List<Term.Variable> names) implements Expression {}

        /** {@code some key, value in domain}. */
        record SomeIn(@Nullable Term key, Term value, Term domain) implements Expression {}

        /** {@code every key, value in domain { body }}. */
        record Every(Term.@Nullable Variable key, Term.Variable value, Term domain, List<Literal> body)
                implements Expression {}
    }
}
