package io.maestro.rego.explain;

import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What stands at a place of the input.
 *
 * @param path below {@code input}; empty for all of it
 * @param value null when nothing is there
 */
public record Fact(List<Value> path, @Nullable Value value) {
    /** The place as a policy would write it. */
    public String place() {
        return place(path);
    }

    static String place(List<Value> path) {
        return path.stream()
                .map(key ->
                        key instanceof StringValue name && isName(name.value()) ? "." + name.value() : "[" + key + "]")
                .collect(Collectors.joining("", "input", ""));
    }

    private static boolean isName(String text) {
        return !text.isEmpty()
                && !Character.isDigit(text.charAt(0))
                && text.chars().allMatch(c -> c == '_' || (c < 128 && Character.isLetterOrDigit(c)));
    }

    @Override
    public String toString() {
        return place() + (value == null ? " is undefined" : " = " + value);
    }
}
