package io.maestro.rego.compile;

import io.maestro.rego.builtins.Builtin;
import io.maestro.rego.builtins.Kinds;
import io.maestro.rego.compile.RuleGroup.Alternative;
import io.maestro.rego.compile.RuleGroup.Definition;
import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoError;
import io.maestro.rego.value.Value;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Finds calls whose arguments can never have a fitting type, and equations that can never hold for their types. */
final class TypeCheck {
    private final List<RegoError> errors;
    private final Map<Integer, Integer> slots = new HashMap<>();

    private TypeCheck(List<RegoError> errors) {
        this.errors = errors;
    }

    static void check(RuleTree tree, List<RegoError> errors) {
        for (RuleGroup group : tree.groups()) {
            for (Definition definition : group.definitions()) {
                for (Alternative alternative : definition.alternatives()) {
                    check(alternative.body(), errors);
                }
            }
        }
    }

    static void check(Form.Body body, List<RegoError> errors) {
        TypeCheck check = new TypeCheck(errors);
        body.goals().forEach(check::goal);
    }

    private void goal(Goal goal) {
        switch (goal) {
            case Goal.Unify(Location at, Form left, Form right) -> unify(at, left, right);
            case Goal.Read(Location at, Form.Slot slot, Form form) -> unify(at, slot, form);
            case Goal.Test(Location at, Form form) -> form(at, form);
            case Goal.Not(var _, Goal inner) -> goal(inner);
            case Goal.Member member -> Uses.forms(member).forEach(form -> form(member.at(), form));
            case Goal.Every every -> {
                form(every.at(), every.domain());
                every.body().goals().forEach(this::goal);
            }
            case Goal.With with -> {
                Uses.forms(with).forEach(form -> form(with.at(), form));
                // replacements may change what a built-in function gives
                if (with.replacements().stream().noneMatch(Goal.Replacement.OfFunction.class::isInstance)) {
                    with.body().goals().forEach(this::goal);
                }
            }
        }
    }

    private void unify(Location at, Form left, Form right) {
        int one = form(at, left);
        int other = form(at, right);
        if ((one & other) == 0) {
            errors.add(new RegoError(
                    ErrorCode.TYPE,
                    at,
                    "match error: " + Kinds.names(one) + " on the left, " + Kinds.names(other) + " on the right"));
            return;
        }
        learn(left, other);
        learn(right, one);
    }

    private void learn(Form form, int kinds) {
        if (form instanceof Form.Slot(int index)) {
            slots.merge(index, kinds, (before, now) -> before & now);
        }
    }

    /** The types that a form can have. */
    private int form(Location at, Form form) {
        return switch (form) {
            case Form.Const(Value value) -> Kinds.of(value);
            case Form.Slot(int index) -> slots.getOrDefault(index, Kinds.ANY);
            case Form.Array array -> inside(at, array, "A");
            case Form.Set set -> inside(at, set, "T");
            case Form.Mapping object -> inside(at, object, "O");
            case Form.Template template -> inside(at, template, "S");
            case Form.Collect collect -> {
                collect.body().goals().forEach(this::goal);
                yield Kinds.letters(
                        switch (collect.kind()) {
                            case ARRAY -> "A";
                            case SET -> "T";
                            case OBJECT -> "O";
                        });
            }
            case Form.Call call -> call(call);
            default -> inside(at, form, "X");
        };
    }

    private int inside(Location at, Form form, String kinds) {
        Uses.parts(form).forEach(part -> form(at, part));
        return Kinds.letters(kinds);
    }

    private int call(Form.Call call) {
        Builtin builtin = call.builtin();
        for (int i = 0; i < call.arguments().size(); i++) {
            int kinds = form(call.at(), call.arguments().get(i));
            int wanted = builtin.arguments().get(i);
            if ((kinds & wanted) == 0) {
                errors.add(new RegoError(
                        ErrorCode.TYPE,
                        call.at(),
                        builtin.name() + ": invalid argument " + (i + 1) + ": have " + Kinds.names(kinds) + ", want "
                                + Kinds.names(wanted)));
            }
        }
        if (builtin.name().equals("equal") && errors.isEmpty()) {
            int one = form(call.at(), call.arguments().getFirst());
            int other = form(call.at(), call.arguments().getLast());
            if ((one & other) == 0) {
                errors.add(new RegoError(
                        ErrorCode.TYPE,
                        call.at(),
                        "match error: " + Kinds.names(one) + " on the left, " + Kinds.names(other) + " on the right"));
            }
        }
        return builtin.result();
    }
}
