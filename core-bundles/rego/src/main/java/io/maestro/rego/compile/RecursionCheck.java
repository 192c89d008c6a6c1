package io.maestro.rego.compile;

import io.maestro.rego.compile.RuleGroup.Alternative;
import io.maestro.rego.compile.RuleGroup.Definition;
import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.RegoError;
import io.maestro.rego.value.Value;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Finds rules that need themselves, through whatever others. */
final class RecursionCheck {
    private enum State {
        NEW,
        OPEN,
        DONE
    }

    private final RuleTree tree;
    private final List<RegoError> errors;
    private final State[] states;
    private final List<RuleGroup> open = new ArrayList<>();

    private RecursionCheck(RuleTree tree, List<RegoError> errors) {
        this.tree = tree;
        this.errors = errors;
        this.states = new State[tree.groups().size()];
        java.util.Arrays.fill(states, State.NEW);
    }

    static void check(RuleTree tree, List<RegoError> errors) {
        RecursionCheck check = new RecursionCheck(tree, errors);
        for (RuleGroup group : tree.groups()) {
            check.from(group);
        }
    }

    /** A rule that is looked at, with those it needs that are still to be looked at. */
    private record Step(RuleGroup group, Deque<RuleGroup> next) {}

    /** Depth first, without the stack of the thread: chains of rules may be long. */
    private void from(RuleGroup first) {
        if (states[first.id()] != State.NEW) {
            return;
        }
        Deque<Step> steps = new ArrayDeque<>();
        steps.push(begin(first));
        while (!steps.isEmpty()) {
            Step step = steps.element();
            RuleGroup next = step.next().poll();
            if (next == null) {
                steps.pop();
                open.removeLast();
                states[step.group().id()] = State.DONE;
            } else if (states[next.id()] == State.NEW) {
                steps.push(begin(next));
            } else if (states[next.id()] == State.OPEN) {
                report(next);
            }
        }
    }

    private Step begin(RuleGroup group) {
        states[group.id()] = State.OPEN;
        open.add(group);
        return new Step(group, new ArrayDeque<>(needed(group)));
    }

    private void report(RuleGroup again) {
        List<RuleGroup> circle = new ArrayList<>(open.subList(open.indexOf(again), open.size()));
        circle.add(again);
        String shown = circle.stream().map(RuleGroup::name).limit(12).collect(Collectors.joining(" -> "));
        errors.add(new RegoError(ErrorCode.RECURSION, again.at(), "rule " + again.name() + " is recursive: " + shown));
    }

    private Set<RuleGroup> needed(RuleGroup group) {
        Set<RuleGroup> needed = new LinkedHashSet<>();
        List<Definition> definitions = new ArrayList<>(group.definitions());
        if (group.defaults() != null) {
            definitions.add(group.defaults());
        }
        for (Definition definition : definitions) {
            for (Alternative alternative : definition.alternatives()) {
                alternative.body().goals().forEach(goal -> of(goal, needed));
                alternative.tail().forEach(form -> Uses.everywhere(form, each -> of(each, needed)));
                Uses.everywhere(alternative.value(), each -> of(each, needed));
            }
        }
        return needed;
    }

    private void of(Goal goal, Set<RuleGroup> needed) {
        Uses.everywhere(goal, form -> of(form, needed));
        functions(goal, needed);
    }

    private void functions(Goal goal, Set<RuleGroup> needed) {
        if (goal instanceof Goal.With with) {
            for (Goal.Replacement replacement : with.replacements()) {
                if (replacement instanceof Goal.Replacement.OfFunction(var _, var callee, var _)
                        && callee instanceof Goal.Callee.OfRule(RuleGroup group)) {
                    needed.add(group);
                }
            }
        }
    }

    private void of(Form form, Set<RuleGroup> needed) {
        switch (form) {
            case Form.Apply apply -> needed.add(apply.function());
            case Form.Document(var _, List<Form> path) -> reached(tree.root(), path, 0, needed);
            default -> {}
        }
    }

    private static void reached(RuleTree.Node node, List<Form> path, int index, Set<RuleGroup> needed) {
        if (node.group() != null || index == path.size()) {
            List<RuleGroup> all = new ArrayList<>();
            node.collect(all);
            // naming a function without calling it gives nothing of it
            all.stream()
                    .filter(group -> group.kind() != RuleGroup.Kind.FUNCTION)
                    .forEach(needed::add);
        } else if (path.get(index) instanceof Form.Const(Value key)) {
            RuleTree.Node child = node.child(key);
            if (child != null) {
                reached(child, path, index + 1, needed);
            }
        } else {
            node.children().values().forEach(child -> reached(child, path, index + 1, needed));
        }
    }
}
