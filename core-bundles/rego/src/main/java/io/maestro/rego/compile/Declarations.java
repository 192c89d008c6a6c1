package io.maestro.rego.compile;

import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.syntax.Literal;
import io.maestro.rego.syntax.Literal.Expression;
import io.maestro.rego.syntax.Term;
import java.util.List;

/** Finds the names of a body, bodies inside it left out, and gives each its slot. */
final class Declarations {
    private final Names names;

    Declarations(Names names) {
        this.names = names;
    }

    void declare(List<Literal> body, List<Term> heads, Scope scope) {
        for (int i = 0; i < body.size(); i++) {
            Literal literal = body.get(i);
            scope.at(after(i));
            for (Literal.With with : literal.withs()) {
                if (!isBuiltin(with.value())) {
                    references(with.value(), scope);
                }
            }
            switch (literal.expression()) {
                case Expression.Some(List<Term.Variable> variables) ->
                    variables.forEach(variable -> scope.declare(variable.at(), variable.name(), true));
                case Expression.SomeIn(var key, Term value, Term domain) -> {
                    references(domain, scope);
                    if (key != null) {
                        pattern(key, scope);
                    }
                    pattern(value, scope);
                }
                case Expression.Every every -> references(every.domain(), scope);
                case Expression.Plain(Term term) -> plain(literal, term, scope);
            }
        }
        scope.at(Integer.MAX_VALUE);
        heads.forEach(head -> references(head, scope));
        for (String name : scope.referenced()) {
            if (scope.find(name) == null && names.global(name) == null) {
                scope.implicit(name, true);
            }
        }
    }

    /** The place in a body before a literal has declared anything. */
    static int before(int index) {
        return 2 * index + 1;
    }

    /** The place in a body after a literal has declared its names. */
    static int after(int index) {
        return 2 * index + 2;
    }

    private boolean isBuiltin(Term term) {
        List<String> parts = Names.parts(term);
        return parts != null && names.builtin(String.join(".", parts)) != null;
    }

    private void plain(Literal literal, Term term, Scope scope) {
        if (term instanceof Term.Call(var _, Term.Operator(var _, String name), List<Term> sides)
                && name.equals("assign")) {
            references(sides.getLast(), scope);
            if (!literal.negated()) {
                assign(sides.getFirst(), scope);
            }
        } else {
            references(term, scope);
        }
    }

    private void assign(Term term, Scope scope) {
        switch (term) {
            case Term.Variable(var at, String name) -> scope.declare(at, name, false);
            case Term.ArrayTerm(var _, List<Term> members) -> members.forEach(member -> assign(member, scope));
            case Term.ObjectTerm(var _, List<Term.Entry> entries) -> {
                for (Term.Entry entry : entries) {
                    references(entry.key(), scope);
                    assign(entry.value(), scope);
                }
            }
            case Term.Constant _ -> {}
            default -> {
                String what = switch (term) {
                    case Term.Ref _ -> "ref";
                    case Term.Call _ -> "call";
                    case Term.SetTerm _ -> "set";
                    case Term.Template _ -> "template string";
                    default -> "comprehension";
                };
                throw TermResolver.error(ErrorCode.COMPILE, term.at(), "cannot assign to " + what);
            }
        }
    }

    /** All names in a pattern of {@code some … in} are new. */
    private void pattern(Term term, Scope scope) {
        switch (term) {
            case Term.Variable(var at, String name) -> scope.declare(at, name, true);
            case Term.ArrayTerm(var _, List<Term> members) -> members.forEach(member -> pattern(member, scope));
            case Term.ObjectTerm(var _, List<Term.Entry> entries) -> {
                for (Term.Entry entry : entries) {
                    references(entry.key(), scope);
                    pattern(entry.value(), scope);
                }
            }
            default -> references(term, scope);
        }
    }

    static void references(Term term, Scope scope) {
        switch (term) {
            case Term.Variable(var _, String name) -> scope.reference(name);
            case Term.Ref(var _, Term head, List<Term> path) -> {
                references(head, scope);
                path.forEach(part -> references(part, scope));
            }
            case Term.ArrayTerm(var _, List<Term> members) -> members.forEach(member -> references(member, scope));
            case Term.SetTerm(var _, List<Term> members) -> members.forEach(member -> references(member, scope));
            case Term.ObjectTerm(var _, List<Term.Entry> entries) -> {
                for (Term.Entry entry : entries) {
                    references(entry.key(), scope);
                    references(entry.value(), scope);
                }
            }
            case Term.Call(var _, var _, List<Term> arguments) ->
                arguments.forEach(argument -> references(argument, scope));
            case Term.Constant _, Term.Operator _, Term.Comprehension _, Term.Template _ -> {}
        }
    }
}
