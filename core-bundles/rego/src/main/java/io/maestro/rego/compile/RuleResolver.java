package io.maestro.rego.compile;

import io.maestro.rego.compile.RuleGroup.Alternative;
import io.maestro.rego.compile.RuleGroup.Definition;
import io.maestro.rego.compile.TermResolver.Before;
import io.maestro.rego.compile.TermResolver.Owner;
import io.maestro.rego.compile.TermResolver.Place;
import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoError;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.syntax.Rule;
import io.maestro.rego.syntax.Term;
import io.maestro.rego.value.BoolValue;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Resolves one definition of a rule. */
final class RuleResolver {
    private final Names names;
    private final RuleGroup group;
    private final RuleTree.Source source;
    private final Rule rule;

    RuleResolver(Names names, RuleGroup group, RuleTree.Source source) {
        this.names = names;
        this.group = group;
        this.source = source;
        this.rule = source.rule();
    }

    Definition definition() {
        if (rule.isDefault()) {
            checkDefault();
        }
        List<Alternative> alternatives = new ArrayList<>();
        for (Rule.Alternative each : rule.alternatives()) {
            alternatives.add(alternative(each));
        }
        return new Definition(
                rule.isDefault(), String.join(".", source.module().packagePath()), List.copyOf(alternatives));
    }

    private Alternative alternative(Rule.Alternative written) {
        Slots slots = new Slots();
        Scope arguments = Scope.ofArguments(slots);
        BodyResolver bodies = new BodyResolver(names, new Owner(source.module(), rule));
        List<Term> patterns = arguments(slots, arguments);
        Scope scope = arguments.inner();

        List<Term> heads = new ArrayList<>(source.tail());
        if (rule.member() != null) {
            heads.add(rule.member());
        }
        if (written.value() != null) {
            heads.add(written.value());
        }
        List<Goal> goals = bodies.goals(written.body(), heads, scope);
        List<Goal> matches = new ArrayList<>();
        for (int i = 0; i < patterns.size(); i++) {
            match(patterns.get(i), i, bodies, scope, matches);
        }
        matches.addAll(goals);

        List<Goal> body = new ArrayList<>(matches);
        Before before = new Before(body);
        List<Form> tail = new ArrayList<>();
        for (Term part : source.tail()) {
            tail.add(bodies.terms().head(part, scope, before));
        }
        Form member = rule.member() == null ? null : bodies.terms().head(rule.member(), scope, before);
        Form value = written.value() == null
                ? new Form.Const(BoolValue.TRUE)
                : bodies.terms().head(written.value(), scope, before);

        Form.Body ordered = order(slots, body, tail, member, value, written.at());
        checkUsed(bodies, ordered, tail, member, value);
        return new Alternative(written.at(), slots.count(), slots.names(), tail, member, value, ordered);
    }

    /** A plain new name takes the slot of its argument; all else is compared with it. */
    private List<Term> arguments(Slots slots, Scope scope) {
        List<Term> terms = rule.arguments() == null ? List.of() : rule.arguments();
        terms.forEach(_ -> slots.temporary());
        List<Term> patterns = new ArrayList<>();
        for (int i = 0; i < terms.size(); i++) {
            Term term = terms.get(i);
            patterns.add(term);
            if (term instanceof Term.Variable(Location at, String name)) {
                if (name.equals("input") || name.equals("data")) {
                    throw TermResolver.error(ErrorCode.COMPILE, at, "args must not shadow " + name);
                }
                if (scope.find(name) == null) {
                    scope.bind(name, i);
                }
            }
        }
        for (Term term : patterns) {
            names(term, scope);
        }
        return patterns;
    }

    private static void names(Term term, Scope scope) {
        switch (term) {
            case Term.Variable(var _, String name) -> {
                if (scope.find(name) == null) {
                    scope.implicit(name, true);
                }
            }
            case Term.ArrayTerm(var _, List<Term> members) -> members.forEach(member -> names(member, scope));
            case Term.ObjectTerm(var _, List<Term.Entry> entries) ->
                entries.forEach(entry -> names(entry.value(), scope));
            default -> {}
        }
    }

    private static void match(Term pattern, int index, BodyResolver bodies, Scope scope, List<Goal> goals) {
        Form form = bodies.terms().form(pattern, scope, new Before(goals), Place.SIDE);
        if (!form.equals(new Form.Slot(index))) {
            goals.add(new Goal.Unify(pattern.at(), new Form.Slot(index), form));
        }
    }

    private Form.Body order(
            Slots slots, List<Goal> goals, List<Form> tail, @Nullable Form member, Form value, Location at) {
        BitSet bound = new BitSet();
        bound.set(0, group.arity());
        List<Form> heads = new ArrayList<>(tail);
        if (member != null) {
            heads.add(member);
        }
        heads.add(value);
        Form.Body body = new Form.Body(goals);
        new SafetyOrder(slots).order(body, bound, heads, at);
        return body;
    }

    private static void checkUsed(
            BodyResolver bodies, Form.Body body, List<Form> tail, @Nullable Form member, Form value) {
        if (bodies.declared().isEmpty()) {
            return;
        }
        BitSet used = new BitSet();
        java.util.function.Consumer<Form> note = form -> {
            if (form instanceof Form.Slot(int index)) {
                used.set(index);
            }
        };
        body.goals().forEach(goal -> Uses.everywhere(goal, note));
        tail.forEach(form -> Uses.everywhere(form, note));
        if (member != null) {
            Uses.everywhere(member, note);
        }
        Uses.everywhere(value, note);
        List<RegoError> errors = new ArrayList<>();
        bodies.declared().forEach((slot, error) -> {
            if (!used.get(slot)) {
                errors.add(error);
            }
        });
        if (!errors.isEmpty()) {
            throw new RegoException(errors);
        }
    }

    private void checkDefault() {
        Term value = rule.alternatives().getFirst().value();
        if (value != null && !isGround(value)) {
            throw TermResolver.error(
                    ErrorCode.PARSE, value.at(), "default rules must not contain a variable, reference or call");
        }
        List<Term> arguments = rule.arguments();
        if (arguments != null && !arguments.stream().allMatch(Term.Variable.class::isInstance)) {
            throw TermResolver.error(ErrorCode.PARSE, rule.at(), "the arguments of a default function are names, or _");
        }
        if (rule.member() != null || group.kind() == RuleGroup.Kind.PARTIAL_SET) {
            throw TermResolver.error(ErrorCode.TYPE, rule.at(), "conflicting rules " + group.name() + " found");
        }
    }

    private static boolean isGround(Term term) {
        return switch (term) {
            case Term.Constant _, Term.Comprehension _ -> true;
            case Term.ArrayTerm(var _, List<Term> members) -> members.stream().allMatch(RuleResolver::isGround);
            case Term.SetTerm(var _, List<Term> members) -> members.stream().allMatch(RuleResolver::isGround);
            case Term.ObjectTerm(var _, List<Term.Entry> entries) ->
                entries.stream().allMatch(entry -> isGround(entry.key()) && isGround(entry.value()));
            default -> false;
        };
    }
}
