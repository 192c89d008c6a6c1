package io.maestro.rego.compile;

import java.util.BitSet;
import java.util.List;

/** What a goal needs and what it finds, when certain variables have values already. */
final class Binding {
    private final Slots slots;
    private final BitSet bound;
    private final BitSet found = new BitSet();
    private final BitSet missing = new BitSet();

    Binding(Slots slots, BitSet bound) {
        this.slots = slots;
        this.bound = bound;
    }

    static Binding of(Goal goal, Slots slots, BitSet bound) {
        Binding binding = new Binding(slots, bound);
        binding.goal(goal);
        return binding;
    }

    /** Variables that have no value and get none. */
    BitSet missing() {
        return missing;
    }

    /** Variables that get their value. */
    BitSet found() {
        return found;
    }

    private void goal(Goal goal) {
        switch (goal) {
            case Goal.Test(var _, Form form) -> search(form);
            case Goal.Read(var _, Form.Slot slot, Form form) -> {
                ground(form);
                pattern(slot);
            }
            case Goal.Unify(var _, Form left, Form right) -> unify(left, right);
            case Goal.Not(var _, Goal inner) -> {
                goal(inner);
                // nothing gets a value under `not`
                missing.or(found);
                found.clear();
            }
            case Goal.Member(var _, var key, Form value, Form domain) -> {
                search(domain);
                if (key != null) {
                    pattern(key);
                }
                pattern(value);
            }
            case Goal.Every every -> {
                search(every.domain());
                captured(every.captured());
            }
            case Goal.With with -> {
                Uses.forms(with).forEach(this::need);
                group(with.body().goals());
            }
        }
    }

    private void unify(Form left, Form right) {
        Binding rightFirst = valueAndPattern(right, left);
        if (rightFirst.missing.isEmpty()) {
            take(rightFirst);
            return;
        }
        Binding leftFirst = valueAndPattern(left, right);
        take(leftFirst.missing.isEmpty() ? leftFirst : rightFirst);
    }

    /** The equation with its value on the right and its pattern on the left. */
    static Goal.Unify turned(Goal.Unify unify, Slots slots, BitSet bound) {
        Binding binding = new Binding(slots, bound);
        Form pattern = unify.left();
        Form value = unify.right();
        return binding.valueAndPattern(value, pattern).missing.isEmpty()
                ? unify
                : new Goal.Unify(unify.at(), value, pattern);
    }

    private Binding valueAndPattern(Form value, Form pattern) {
        Binding binding = copy();
        binding.search(value);
        binding.pattern(pattern);
        return binding;
    }

    /** Goals that are ordered among themselves later. */
    private void group(List<Goal> goals) {
        boolean[] done = new boolean[goals.size()];
        boolean more = true;
        while (more) {
            more = false;
            for (int i = 0; i < done.length; i++) {
                if (!done[i]) {
                    Binding each = copy();
                    each.missing.clear();
                    each.goal(goals.get(i));
                    if (each.missing.isEmpty()) {
                        done[i] = true;
                        more = true;
                        found.or(each.found);
                    }
                }
            }
        }
        for (int i = 0; i < done.length; i++) {
            if (!done[i]) {
                Binding each = copy();
                each.goal(goals.get(i));
                missing.or(each.missing);
            }
        }
    }

    private Binding copy() {
        Binding copy = new Binding(slots, bound);
        copy.found.or(found);
        copy.missing.or(missing);
        return copy;
    }

    private void take(Binding other) {
        found.or(other.found);
        missing.or(other.missing);
    }

    private boolean has(int slot) {
        return bound.get(slot) || found.get(slot);
    }

    private void captured(BitSet slots) {
        slots.stream().filter(slot -> !has(slot)).forEach(missing::set);
    }

    /** A form whose value is wanted. */
    void need(Form form) {
        search(form);
    }

    private void search(Form form) {
        switch (form) {
            case Form.Const _ -> {}
            case Form.Slot(int index) -> {
                if (!has(index)) {
                    missing.set(index);
                }
            }
            case Form.Get(Form head, List<Form> path) -> {
                search(head);
                path.forEach(this::index);
            }
            case Form.Input(List<Form> path) -> path.forEach(this::index);
            case Form.Document(var _, List<Form> path) -> path.forEach(this::index);
            case Form.Collect collect -> captured(collect.captured());
            default -> Uses.parts(form).forEach(this::search);
        }
    }

    /** A part of a reference's path: it may be searched. */
    private void index(Form form) {
        switch (form) {
            case Form.Slot(int slot) -> {
                // what is assigned or given gets its value there and nowhere else
                if (slots.mayBeSearched(slot)) {
                    pattern(form);
                } else {
                    search(form);
                }
            }
            case Form.Array _, Form.Mapping _ -> pattern(form);
            default -> search(form);
        }
    }

    private void pattern(Form form) {
        switch (form) {
            case Form.Slot(int index) -> {
                if (!has(index)) {
                    found.set(index);
                }
            }
            case Form.Array(List<Form> members) -> members.forEach(this::pattern);
            case Form.Mapping(List<Form> keys, List<Form> values) -> {
                keys.forEach(this::search);
                values.forEach(this::pattern);
            }
            // compared with, so it may not search
            default -> ground(form);
        }
    }

    /** A form in which nothing is searched. */
    private void ground(Form form) {
        BitSet before = (BitSet) found.clone();
        search(form);
        BitSet searched = (BitSet) found.clone();
        searched.andNot(before);
        found.andNot(searched);
        missing.or(searched);
    }
}
