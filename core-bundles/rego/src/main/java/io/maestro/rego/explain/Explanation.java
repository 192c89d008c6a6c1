package io.maestro.rego.explain;

import io.maestro.rego.error.Location;
import io.maestro.rego.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why an answer is what it is.
 *
 * @param value the answer; null when it is undefined
 * @param fired the definitions that gave values, in the order in which they were tried first
 * @param missed the definitions that were tried and gave none
 * @param facts all of the input that was read, in the order in which it was
 */
public record Explanation(@Nullable Value value, List<Fired> fired, List<Missed> missed, List<Fact> facts) {
    /**
     * A definition that gave a value.
     *
     * @param rule its path, with {@code data} first
     * @param values one for each way in which it held, or the one it has
     * @param facts what of the input it read, and the rules that it needed
     */
    public record Fired(String rule, Location at, List<Value> values, List<Fact> facts) {}

    /**
     * A definition that gave none.
     *
     * @param goal the last goal that was tried, which is the one that did not hold
     */
    public record Missed(String rule, Location at, Location goal, List<Fact> facts) {}

    /** The definition that gave a value to a rule; null when none did. */
    public @Nullable Fired firedBy(String rule, Value value) {
        return fired.stream()
                .filter(each -> each.rule().equals(rule) && each.values().contains(value))
                .findFirst()
                .orElse(null);
    }
}
