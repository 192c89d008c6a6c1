package io.maestro.rego.compile;

import io.maestro.rego.error.ErrorCode;
import io.maestro.rego.error.Location;
import io.maestro.rego.error.RegoError;
import io.maestro.rego.error.RegoException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Orders the goals of a body so that each finds its variables bound, changing as little as possible of the author's order. Says
 * so when there is no such order.
 */
final class SafetyOrder {
    private final Slots slots;

    SafetyOrder(Slots slots) {
        this.slots = slots;
    }

    /**
     * Orders a body and all bodies inside it.
     *
     * @param bound what has a value before; what the body binds is added
     */
    void order(Form.Body body, BitSet bound, List<Form> heads, Location at) {
        List<Goal> ordered = placed(body.goals(), bound);
        body.order(ordered);
        Binding after = new Binding(slots, bound);
        heads.forEach(after::need);
        if (!after.missing().isEmpty()) {
            throw unsafe(Map.of(after.missing().nextSetBit(0), at));
        }
    }

    private List<Goal> placed(List<Goal> goals, BitSet bound) {
        List<Goal> ordered = new ArrayList<>();
        List<Goal> waiting = new ArrayList<>(goals);
        int[] waitsFor = new int[goals.size()];
        java.util.Arrays.fill(waitsFor, -1);
        boolean[] done = new boolean[goals.size()];
        int placed;
        do {
            placed = ordered.size();
            for (int i = 0; i < waiting.size(); i++) {
                if (done[i] || (waitsFor[i] >= 0 && !bound.get(waitsFor[i]))) {
                    continue;
                }
                Binding binding = Binding.of(waiting.get(i), slots, bound);
                if (!binding.missing().isEmpty()) {
                    waitsFor[i] = binding.missing().nextSetBit(0);
                    continue;
                }
                done[i] = true;
                closures(waiting.get(i), bound);
                ordered.add(
                        waiting.get(i) instanceof Goal.Unify unify
                                ? Binding.turned(unify, slots, bound)
                                : waiting.get(i));
                bound.or(binding.found());
            }
        } while (ordered.size() > placed && ordered.size() < goals.size());
        if (ordered.size() < goals.size()) {
            Map<Integer, Location> unsafe = new LinkedHashMap<>();
            for (int i = 0; i < waiting.size(); i++) {
                if (!done[i]) {
                    Location at = waiting.get(i).at();
                    Binding.of(waiting.get(i), slots, bound).missing().stream()
                            .forEach(slot -> unsafe.putIfAbsent(slot, at));
                }
            }
            throw unsafe(unsafe);
        }
        return ordered;
    }

    private RegoException unsafe(Map<Integer, Location> unsafe) {
        List<RegoError> errors = new ArrayList<>();
        List<String> said = new ArrayList<>();
        unsafe.forEach((slot, at) -> {
            String name = slots.name(slot);
            if (!name.isEmpty() && !said.contains(name)) {
                said.add(name);
                errors.add(new RegoError(ErrorCode.UNSAFE_VAR, at, "var " + name + " is unsafe"));
            }
        });
        if (errors.isEmpty()) {
            errors.add(new RegoError(
                    ErrorCode.UNSAFE_VAR, unsafe.values().iterator().next(), "expression is unsafe"));
        }
        return new RegoException(errors);
    }

    /** Orders the bodies inside a goal that is placed now. */
    private void closures(Goal goal, BitSet bound) {
        switch (goal) {
            case Goal.Not(var _, Goal inner) -> closures(inner, bound);
            case Goal.Every every -> {
                closures(every.domain(), bound, every.at());
                BitSet inner = (BitSet) bound.clone();
                inner.set(every.key());
                inner.set(every.value());
                order(every.body(), inner, List.of(), every.at());
            }
            case Goal.With with -> {
                Uses.forms(with).forEach(form -> closures(form, bound, with.at()));
                order(with.body(), (BitSet) bound.clone(), List.of(), with.at());
            }
            default -> Uses.forms(goal).forEach(form -> closures(form, bound, goal.at()));
        }
    }

    /** Orders the comprehensions in a form. */
    void closures(Form form, BitSet bound, Location at) {
        if (form instanceof Form.Collect collect) {
            List<Form> heads = new ArrayList<>();
            if (collect.key() != null) {
                heads.add(collect.key());
            }
            heads.add(collect.value());
            BitSet inner = (BitSet) bound.clone();
            order(collect.body(), inner, heads, at);
        } else {
            Uses.parts(form).forEach(part -> closures(part, bound, at));
        }
    }
}
