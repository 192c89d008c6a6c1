package io.maestro.rego.compile;

import io.maestro.rego.error.Location;
import java.util.BitSet;
import java.util.List;
import java.util.function.Consumer;

/** Walks forms and goals. */
final class Uses {
    private Uses() {}

    /** Adds all slots of a form; of a comprehension those that it captures. */
    static void slots(Form form, BitSet into) {
        switch (form) {
            case Form.Const _ -> {}
            case Form.Slot(int index) -> into.set(index);
            case Form.Collect collect -> into.or(collect.captured());
            default -> parts(form).forEach(part -> slots(part, into));
        }
    }

    static void slots(Goal goal, BitSet into) {
        switch (goal) {
            case Goal.Every every -> {
                slots(every.domain(), into);
                into.or(every.captured());
            }
            case Goal.Not(var _, Goal inner) -> slots(inner, into);
            case Goal.With with -> {
                forms(goal).forEach(form -> slots(form, into));
                with.body().goals().forEach(inner -> slots(inner, into));
            }
            default -> forms(goal).forEach(form -> slots(form, into));
        }
    }

    /** The forms directly inside a form, comprehensions left out. */
    static List<Form> parts(Form form) {
        return switch (form) {
            case Form.Const _, Form.Slot _, Form.Collect _ -> List.of();
            case Form.Get(Form head, List<Form> path) -> join(List.of(head), path);
            case Form.Input(List<Form> path) -> path;
            case Form.Document(Location _, List<Form> path) -> path;
            case Form.Array(List<Form> members) -> members;
            case Form.Set(List<Form> members) -> members;
            case Form.Mapping(List<Form> keys, List<Form> values) -> join(keys, values);
            case Form.Call call -> call.arguments();
            case Form.Apply apply -> apply.arguments();
            case Form.Template template -> template.parts();
        };
    }

    /** The forms directly inside a goal. */
    static List<Form> forms(Goal goal) {
        return switch (goal) {
            case Goal.Unify unify -> List.of(unify.left(), unify.right());
            case Goal.Read read -> List.of(read.slot(), read.form());
            case Goal.Test test -> List.of(test.form());
            case Goal.Not _ -> List.of();
            case Goal.Member(var _, var key, Form value, Form domain) ->
                key == null ? List.of(value, domain) : List.of(key, value, domain);
            case Goal.Every every -> List.of(every.domain());
            case Goal.With with ->
                with.replacements().stream()
                        .<Form>mapMulti((replacement, out) -> {
                            Form value = switch (replacement) {
                                case Goal.Replacement.OfInput(var _, Form given) -> given;
                                case Goal.Replacement.OfDocument(var _, Form given) -> given;
                                case Goal.Replacement.OfFunction function -> function.value();
                            };
                            if (value != null) {
                                out.accept(value);
                            }
                        })
                        .toList();
        };
    }

    private static List<Form> join(List<Form> first, List<Form> second) {
        return java.util.stream.Stream.concat(first.stream(), second.stream()).toList();
    }

    /** The slots below a number that goals and forms read: what a closure takes from the bodies around it. */
    static BitSet captured(List<Goal> goals, List<Form> forms, int first) {
        BitSet used = new BitSet();
        goals.forEach(goal -> slots(goal, used));
        forms.forEach(form -> slots(form, used));
        if (used.length() > first) {
            used.clear(first, used.length());
        }
        return used;
    }

    /** Visits a form and all inside it, bodies of comprehensions included. */
    static void everywhere(Form form, Consumer<Form> visitor) {
        visitor.accept(form);
        if (form instanceof Form.Collect collect) {
            if (collect.key() != null) {
                everywhere(collect.key(), visitor);
            }
            everywhere(collect.value(), visitor);
            collect.body().goals().forEach(goal -> everywhere(goal, visitor));
        } else {
            parts(form).forEach(part -> everywhere(part, visitor));
        }
    }

    static void everywhere(Goal goal, Consumer<Form> visitor) {
        forms(goal).forEach(form -> everywhere(form, visitor));
        switch (goal) {
            case Goal.Not(var _, Goal inner) -> everywhere(inner, visitor);
            case Goal.Every every -> every.body().goals().forEach(inner -> everywhere(inner, visitor));
            case Goal.With with -> with.body().goals().forEach(inner -> everywhere(inner, visitor));
            default -> {}
        }
    }
}
