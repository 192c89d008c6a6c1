package io.maestro.rego.syntax;

import io.maestro.rego.error.Location;
import io.maestro.rego.syntax.Literal.Expression;
import io.maestro.rego.syntax.Literal.With;
import io.maestro.rego.syntax.Term.Call;
import io.maestro.rego.syntax.Term.Operator;
import io.maestro.rego.syntax.Term.Variable;
import java.util.ArrayList;
import java.util.List;

/** Reads bodies: literals, each on its line or parted by semicolons. */
final class BodyParser {
    private static final int MOST_LITERALS = 2_000;

    private final Tokens tokens;
    private final TermParser terms;

    BodyParser(Tokens tokens) {
        this.tokens = tokens;
        this.terms = new TermParser(tokens, this);
    }

    TermParser terms() {
        return terms;
    }

    /** A body in braces, with the open one still to come. */
    List<Literal> inBraces() {
        Token open = tokens.expect("{", "to begin a body");
        List<Literal> body = until("}");
        if (body.isEmpty()) {
            throw tokens.wrong(open.at(), "the body is empty");
        }
        return body;
    }

    /** A body up to a sign, which is taken too. */
    List<Literal> until(String close) {
        tokens.enter();
        Token first = tokens.now();
        List<Literal> body = new ArrayList<>();
        while (!tokens.now().is(close)) {
            body.add(literal());
            if (body.size() > MOST_LITERALS) {
                throw tokens.wrong(tokens.now().at(), "more than " + MOST_LITERALS + " expressions in one body");
            }
            if (!tokens.take(";") && !tokens.now().is(close) && (!tokens.now().lined() || tokens.atEnd())) {
                throw tokens.unexpected("a new line, `;` or `" + close + "` after an expression");
            }
        }
        if (body.isEmpty()) {
            throw tokens.wrong(first.at(), "unexpected `" + close + "`: the body is empty");
        }
        tokens.next();
        tokens.leave();
        return body;
    }

    /** Literals up to the end of the text. */
    List<Literal> whole() {
        List<Literal> body = new ArrayList<>();
        while (!tokens.atEnd()) {
            body.add(literal());
            if (!tokens.take(";") && !tokens.atEnd() && !tokens.now().lined()) {
                throw tokens.unexpected("a new line or `;` after an expression");
            }
        }
        return body;
    }

    Literal literal() {
        tokens.enter();
        Location at = tokens.now().at();
        boolean negated = tokens.takeKeyword("not");
        Expression expression;
        if (tokens.keyword("some")) {
            if (negated) {
                throw tokens.unexpected("an expression after `not`");
            }
            tokens.next();
            expression = some();
        } else if (tokens.keyword("every")) {
            if (negated) {
                throw tokens.unexpected("an expression after `not`: give the `every` a rule of its own");
            }
            tokens.next();
            expression = every();
        } else {
            expression = new Expression.Plain(statement());
        }
        List<With> withs = new ArrayList<>();
        while (tokens.keyword("with")) {
            if (expression instanceof Expression.Some) {
                throw tokens.wrong(tokens.now().at(), "`some` takes no `with`: nothing is evaluated there");
            }
            withs.add(with());
        }
        tokens.leave();
        return new Literal(at, negated, expression, withs);
    }

    private With with() {
        Location at = tokens.next().at();
        Term target = terms.beforeIn();
        if (!tokens.takeKeyword("as")) {
            throw tokens.unexpected("`as` after the target of `with`");
        }
        return new With(at, target, terms.term());
    }

    private Term statement() {
        Term left = terms.term();
        Token sign = tokens.now();
        if (sign.is(",")) {
            return terms.pairIn(left);
        }
        if (sign.is(":=") || sign.is("=")) {
            tokens.next();
            String name = sign.is("=") ? "eq" : "assign";
            Term right = terms.term();
            if (tokens.now().is(",") && !tokens.now().lined()) {
                right = terms.pairIn(right);
            }
            return new Call(left.at(), new Operator(sign.at(), name), List.of(left, right));
        }
        return left;
    }

    private Expression some() {
        Term first = terms.beforeIn();
        List<Term> names = new ArrayList<>(List.of(first));
        while (tokens.take(",")) {
            names.add(terms.beforeIn());
        }
        if (tokens.takeKeyword("in")) {
            if (names.size() > 2) {
                throw tokens.wrong(first.at(), "`some … in` takes one or two names");
            }
            Term domain = terms.beforeIn();
            return names.size() == 1
                    ? new Expression.SomeIn(null, first, domain)
                    : new Expression.SomeIn(first, names.get(1), domain);
        }
        List<Variable> variables = new ArrayList<>();
        for (Term name : names) {
            if (!(name instanceof Variable variable)) {
                throw tokens.wrong(name.at(), "`some` declares names, and `in` must follow anything else");
            }
            variables.add(variable);
        }
        return new Expression.Some(variables);
    }

    private Expression every() {
        Variable first = variable();
        Variable second = tokens.take(",") ? variable() : null;
        if (!tokens.takeKeyword("in")) {
            throw tokens.unexpected("`in` after the names of `every`");
        }
        Term domain = terms.beforeIn();
        List<Literal> body = inBraces();
        return second == null
                ? new Expression.Every(null, first, domain, body)
                : new Expression.Every(first, second, domain, body);
    }

    private Variable variable() {
        Term term = terms.beforeIn();
        if (!(term instanceof Variable variable)) {
            throw tokens.wrong(term.at(), "`every` takes names before `in`");
        }
        return variable;
    }
}
