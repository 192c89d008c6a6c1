package io.maestro.rego.compile;

import io.maestro.rego.builtins.Builtin;
import io.maestro.rego.compile.TermResolver.Before;
import io.maestro.rego.compile.TermResolver.Owner;
import io.maestro.rego.compile.TermResolver.Place;
import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoError;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.syntax.Literal;
import io.maestro.rego.syntax.Literal.Expression;
import io.maestro.rego.syntax.Term;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Turns bodies into goals: first all names of a body get their slots, then its literals are resolved. */
final class BodyResolver {
    private final TermResolver terms;
    private final Declarations declarations;
    private final Map<Integer, RegoError> declared = new LinkedHashMap<>();

    BodyResolver(Names names, @Nullable Owner owner) {
        this.terms = new TermResolver(names, owner, this);
        this.declarations = new Declarations(names);
    }

    TermResolver terms() {
        return terms;
    }

    /** What {@code some} declared, with the error to give when nothing uses it. */
    Map<Integer, RegoError> declared() {
        return declared;
    }

    /**
     * The goals of a body, in the order of the source; more may be added.
     *
     * @param heads what is computed once the body holds, in the body's scope
     */
    List<Goal> goals(List<Literal> body, List<Term> heads, Scope scope) {
        declarations.declare(body, heads, scope);
        for (Literal literal : body) {
            if (literal.expression() instanceof Expression.Some(var names)) {
                for (Term.Variable name : names) {
                    Integer slot = scope.find(name.name());
                    if (slot != null) {
                        String message = "declared var " + name.name() + " unused";
                        declared.put(slot, new RegoError(ErrorCode.COMPILE, name.at(), message));
                    }
                }
            }
        }
        List<Goal> goals = new ArrayList<>();
        for (int i = 0; i < body.size(); i++) {
            literal(body.get(i), i, scope, goals);
        }
        scope.at(Integer.MAX_VALUE);
        return goals;
    }

    private void literal(Literal literal, int index, Scope scope, List<Goal> goals) {
        scope.at(Declarations.before(index));
        List<Goal.Replacement> replacements = new ArrayList<>();
        for (Literal.With with : literal.withs()) {
            replacements.add(replacement(with, scope, new Before(goals)));
        }
        boolean early = literal.negated() || !replacements.isEmpty();
        List<Goal> inner = new ArrayList<>();
        List<Goal> core = core(literal, index, scope, new Before(inner, early, literal.negated()));
        if (literal.negated()) {
            inner.add(new Goal.Not(literal.at(), core.getFirst()));
        } else {
            inner.addAll(core);
        }
        if (replacements.isEmpty()) {
            goals.addAll(inner);
        } else {
            goals.add(new Goal.With(literal.at(), replacements, new Form.Body(inner)));
        }
    }

    private List<Goal> core(Literal literal, int index, Scope scope, Before before) {
        return switch (literal.expression()) {
            case Expression.Some _ -> List.of();
            case Expression.SomeIn(var key, Term value, Term domain) -> {
                Form in = terms.form(domain, scope, before, Place.INSIDE);
                scope.at(Declarations.after(index));
                Form keys = key == null ? null : terms.form(key, scope, before, Place.INSIDE);
                Form values = terms.form(value, scope, before, Place.INSIDE);
                yield List.of(new Goal.Member(literal.at(), keys, values, in));
            }
            case Expression.Every every -> List.of(every(literal.at(), every, scope, before));
            case Expression.Plain(Term term) -> plain(literal, index, term, scope, before);
        };
    }

    private Goal every(Location at, Expression.Every every, Scope scope, Before before) {
        Form domain = terms.form(every.domain(), scope, before, Place.INSIDE);
        int first = scope.slots().count();
        Scope inner = scope.inner();
        Term.Variable key = every.key();
        int keySlot;
        if (key == null) {
            keySlot = scope.slots().temporary();
        } else {
            keySlot = declare(key, inner);
        }
        int valueSlot = declare(every.value(), inner);
        List<Goal> body = goals(every.body(), List.of(), inner);
        return new Goal.Every(
                at, keySlot, valueSlot, domain, new Form.Body(body), Uses.captured(body, List.of(), first));
    }

    private static int declare(Term.Variable variable, Scope scope) {
        scope.declare(variable.at(), variable.name(), false);
        Integer slot = scope.find(variable.name());
        if (slot == null) {
            throw new IllegalStateException("a declared variable has a slot");
        }
        return slot;
    }

    private List<Goal> plain(Literal literal, int index, Term term, Scope scope, Before before) {
        Location at = literal.at();
        if (!(term instanceof Term.Call call)) {
            return List.of(new Goal.Test(at, terms.form(term, scope, before, Place.ALONE)));
        }
        if (call.operator() instanceof Term.Operator(var _, String name)
                && (name.equals("eq") || name.equals("assign"))) {
            if (name.equals("assign") && literal.negated()) {
                throw TermResolver.error(ErrorCode.COMPILE, at, "cannot assign vars inside negated expression");
            }
            Form right = terms.form(call.arguments().getLast(), scope, before, Place.SIDE);
            scope.at(Declarations.after(index));
            Form left = terms.form(call.arguments().getFirst(), scope, before, Place.SIDE);
            List<Goal> goals = new ArrayList<>();
            if (literal.negated()) {
                goals.add(new Goal.Unify(at, left, right));
            } else if (TermResolver.searches(left, scope) && TermResolver.searches(right, scope)) {
                // one after the other
                Form.Slot first = new Form.Slot(scope.slots().temporary());
                goals.add(new Goal.Unify(at, first, left));
                goals.add(new Goal.Unify(at, first, right));
            } else {
                equations(at, left, right, goals);
            }
            return goals;
        }
        List<Goal> result = terms.withResult(call, scope, before);
        return result != null ? result : List.of(new Goal.Test(at, terms.form(term, scope, before, Place.ALONE)));
    }

    /** An equation of two arrays, or of two objects with the same keys, is one of each pair of members. */
    static void equations(Location at, Form left, Form right, List<Goal> goals) {
        if (left instanceof Form.Array(var lefts)
                && right instanceof Form.Array(var rights)
                && lefts.size() == rights.size()
                && !lefts.isEmpty()) {
            for (int i = 0; i < lefts.size(); i++) {
                equations(at, lefts.get(i), rights.get(i), goals);
            }
        } else if (left instanceof Form.Mapping one
                && right instanceof Form.Mapping other
                && !constantKeys(one).isEmpty()
                && constantKeys(one).equals(constantKeys(other))) {
            for (int i = 0; i < one.keys().size(); i++) {
                int same = other.keys().indexOf(one.keys().get(i));
                equations(at, one.values().get(i), other.values().get(same), goals);
            }
        } else {
            goals.add(new Goal.Unify(at, left, right));
        }
    }

    /** The keys of an object when all are constants and differ; empty otherwise. */
    private static Set<Form> constantKeys(Form.Mapping object) {
        Set<Form> keys = new HashSet<>(object.keys());
        boolean plain = keys.size() == object.keys().size() && keys.stream().allMatch(Form.Const.class::isInstance);
        return plain ? keys : Set.of();
    }

    private Goal.Replacement replacement(Literal.With with, Scope scope, Before before) {
        List<String> parts = Names.parts(with.target());
        if (parts == null || scope.find(parts.getFirst()) != null) {
            throw target(with);
        }
        Goal.Callee replaced = terms.function(with.target(), scope);
        if (replaced != null) {
            return ofFunction(with, replaced, scope, before);
        }
        List<String> path = terms.names().globalPath(with.target());
        if (path == null) {
            throw target(with);
        }
        List<String> below = List.copyOf(path.subList(1, path.size()));
        Form value = terms.form(with.value(), scope, before, Place.INSIDE);
        if (path.getFirst().equals("input")) {
            return new Goal.Replacement.OfInput(below, value);
        }
        for (int i = 0; i < below.size(); i++) {
            if (terms.names().tree().find(below.subList(0, i)) != null) {
                throw TermResolver.error(
                        ErrorCode.COMPILE, with.at(), "with keyword cannot partially replace virtual document(s)");
            }
        }
        return new Goal.Replacement.OfDocument(below, value);
    }

    private Goal.Replacement ofFunction(Literal.With with, Goal.Callee replaced, Scope scope, Before before) {
        String name = switch (replaced) {
            case Goal.Callee.OfRule(RuleGroup group) -> group.name();
            case Goal.Callee.OfBuiltin(Builtin builtin) -> {
                if (builtin.name().startsWith("internal.") || TermResolver.isRelation(builtin)) {
                    throw TermResolver.error(
                            ErrorCode.COMPILE,
                            with.at(),
                            "with keyword replacing " + builtin.name() + " is not possible");
                }
                yield builtin.name();
            }
        };
        Goal.Callee callee = terms.function(with.value(), scope);
        if (callee == null) {
            return new Goal.Replacement.OfFunction(name, null, terms.form(with.value(), scope, before, Place.INSIDE));
        }
        if (arity(callee) != arity(replaced)) {
            throw TermResolver.error(
                    ErrorCode.TYPE,
                    with.at(),
                    "function " + name + " has arity " + arity(replaced) + ", its replacement has " + arity(callee));
        }
        return new Goal.Replacement.OfFunction(name, callee, null);
    }

    private static int arity(Goal.Callee callee) {
        return switch (callee) {
            case Goal.Callee.OfBuiltin(Builtin builtin) -> builtin.arity();
            case Goal.Callee.OfRule(RuleGroup group) -> group.arity();
        };
    }

    private static RegoException target(Literal.With with) {
        return TermResolver.error(
                ErrorCode.TYPE, with.at(), "with keyword target must reference existing input, data, or a function");
    }
}
