package io.maestro.rego.explain;

import io.maestro.rego.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change of the input.
 *
 * @param path below {@code input}
 * @param from null when nothing was there
 * @param to null when it is taken away
 */
public record Change(
        List<Value> path, @Nullable Value from, @Nullable Value to) {
    /** The place as a policy would write it. */
    public String place() {
        return Fact.place(path);
    }

    /** The input with it; null when it has no such place. */
    public @Nullable Value applied(@Nullable Value input) {
        return Inputs.with(input, path, to);
    }

    @Override
    public String toString() {
        return place() + ": " + (from == null ? "undefined" : from) + " -> " + (to == null ? "undefined" : to);
    }
}
