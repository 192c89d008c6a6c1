package io.maestro.rego.explain;

import io.maestro.rego.Policy;
import io.maestro.rego.Question;
import io.maestro.rego.error.RegoException;
import io.maestro.rego.value.ArrayValue;
import io.maestro.rego.value.BoolValue;
import io.maestro.rego.value.NumberValue;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.SetValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for the smallest change of the input after which a policy would allow. It tries what the rules compared the input with:
 * their constants, members of data, other parts of the input; one change, then two. What it finds was asked and allowed.
 */
final class Remedies {
    private static final int MOST_MEMBERS = 16;
    private static final int MOST_FIRST = 48;
    private static final int MOST_UNDEFINED = 24;

    private final Policy policy;
    private final Policy observable;
    private final List<String> path;
    private final Question question;
    private final Explainer.Wanted wanted;
    private int left;

    Remedies(Policy policy, List<String> path, Question question, Explainer.Wanted wanted) {
        this.policy = policy;
        this.observable = policy.observable();
        this.path = path;
        this.question = question;
        this.wanted = wanted;
        this.left = wanted.most();
    }

    /** Empty when nothing is found. */
    List<Change> find() {
        Value input = question.input();
        List<Change> firsts = candidates(input);
        for (Change change : firsts) {
            if (allows(apply(input, change))) {
                return List.of(change);
            }
        }
        for (Change first : firsts.subList(0, Math.min(MOST_FIRST, firsts.size()))) {
            Value changed = apply(input, first);
            if (changed == null || left <= 0) {
                continue;
            }
            for (Change second : candidates(changed)) {
                if (!overlap(first.path(), second.path()) && allows(apply(changed, second))) {
                    return List.of(first, second);
                }
            }
        }
        return List.of();
    }

    private static @Nullable Value apply(@Nullable Value input, Change change) {
        return Inputs.with(input, change.path(), change.to());
    }

    private boolean allows(@Nullable Value input) {
        if (input == null || left <= 0) {
            return false;
        }
        left--;
        try {
            return wanted.allows().test(policy.evaluate(path, question.withInput(input)));
        } catch (RegoException e) {
            return false;
        }
    }

    private @Nullable Watch watch(@Nullable Value input) {
        if (left <= 0) {
            return null;
        }
        left--;
        Watch watch = new Watch();
        try {
            observable.evaluate(path, question.withInput(input), watch);
        } catch (RegoException e) {
            return null;
        }
        return watch;
    }

    private List<Change> candidates(@Nullable Value input) {
        Watch watch = watch(input);
        if (watch == null) {
            return List.of();
        }
        Set<Change> better = new LinkedHashSet<>();
        Set<Change> worse = new LinkedHashSet<>();
        compared(new Inputs(input), watch, input, better);
        int undefined = 0;
        for (Fact fact : watch.facts()) {
            if (fact.value() == null) {
                if (++undefined <= MOST_UNDEFINED) {
                    undefined(input, fact.path(), better);
                }
            } else {
                itself(input, fact, better, worse);
            }
        }
        better.addAll(worse);
        return new ArrayList<>(better);
    }

    /** What a value was compared with is what it could be. */
    private void compared(Inputs inputs, Watch watch, @Nullable Value input, Set<Change> changes) {
        for (Watch.Pair pair : watch.pairs()) {
            towards(inputs.places(pair.one()), pair.one(), pair.other(), input, changes);
            towards(inputs.places(pair.other()), pair.other(), pair.one(), input, changes);
        }
    }

    private void towards(
            List<List<Value>> places, Value from, Value other, @Nullable Value input, Set<Change> changes) {
        for (List<Value> place : places) {
            switch (other) {
                case SetValue set -> each(place, set.sorted(), input, changes);
                case ArrayValue array
                when !(from instanceof ArrayValue) -> each(place, array.members(), input, changes);
                case ObjectValue object when !from.isCollection() -> each(place, object.keys(), input, changes);
                case NumberValue number -> {
                    add(place, number, input, changes);
                    if (from instanceof NumberValue) {
                        add(place, NumberValue.of(number.decimal().subtract(BigDecimal.ONE)), input, changes);
                        add(place, NumberValue.of(number.decimal().add(BigDecimal.ONE)), input, changes);
                    }
                }
                default -> add(place, other, input, changes);
            }
            if (from instanceof ArrayValue list && !other.isCollection()) {
                List<Value> longer = new ArrayList<>(list.members());
                longer.add(other);
                add(place, ArrayValue.keeping(longer), input, changes);
            }
        }
    }

    private void each(List<Value> place, List<Value> values, @Nullable Value input, Set<Change> changes) {
        values.stream().limit(MOST_MEMBERS).forEach(value -> add(place, value, input, changes));
    }

    /** Something is put where nothing is, to see what it is compared with. */
    @SuppressWarnings("ReferenceEquality") // the very probe, not a text of the policy that says the same
    private void undefined(@Nullable Value input, List<Value> place, Set<Change> changes) {
        add(place, BoolValue.TRUE, input, changes);
        Value probe = StringValue.of("anything");
        Value changed = place.isEmpty() || isFixed(place) ? null : Inputs.with(input, place, probe);
        Watch watch = changed == null ? null : watch(changed);
        if (watch != null) {
            for (Watch.Pair pair : watch.pairs()) {
                if (pair.one() == probe) {
                    towards(List.of(place), probe, pair.other(), input, changes);
                } else if (pair.other() == probe) {
                    towards(List.of(place), probe, pair.one(), input, changes);
                }
            }
        }
    }

    /** What a value could be without a rule saying so: the opposite, a member less, or nothing at all. */
    private void itself(@Nullable Value input, Fact fact, Set<Change> better, Set<Change> worse) {
        switch (fact.value()) {
            case BoolValue bool -> add(fact.path(), BoolValue.of(!bool.value()), input, better);
            case ArrayValue array -> {
                for (int i = 0; i < Math.min(MOST_MEMBERS, array.size()); i++) {
                    add(Inputs.below(fact.path(), NumberValue.of(i)), null, input, worse);
                }
            }
            case null, default -> {}
        }
        if (fact.value() != null && !fact.value().isCollection()) {
            add(fact.path(), null, input, worse);
        }
    }

    private void add(List<Value> place, @Nullable Value to, @Nullable Value input, Set<Change> changes) {
        Value from = Inputs.at(input, place);
        boolean same = from == null ? to == null : from.equals(to);
        if (!place.isEmpty() && !same && !isFixed(place)) {
            changes.add(new Change(place, from, to));
        }
    }

    private boolean isFixed(List<Value> place) {
        return wanted.fixed().stream().anyMatch(fixed -> {
            int common = Math.min(fixed.size(), place.size());
            for (int i = 0; i < common; i++) {
                if (!StringValue.of(fixed.get(i)).equals(place.get(i))) {
                    return false;
                }
            }
            return true;
        });
    }

    private static boolean overlap(List<Value> one, List<Value> other) {
        int common = Math.min(one.size(), other.size());
        return one.subList(0, common).equals(other.subList(0, common));
    }
}
