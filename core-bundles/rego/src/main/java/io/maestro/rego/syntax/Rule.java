package io.maestro.rego.syntax;

import io.maestro.rego.error.Location;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One definition of a rule.
 *
 * @param alternatives the definition itself and what follows each {@code else}, in order
 * @param end the row of its last line
 */
public record Rule(
        Location at,
        boolean isDefault,
        List<Term> path,
        @Nullable List<Term> arguments,
        @Nullable Term member,
        List<Alternative> alternatives,
        int end) {
    /**
     * One value with the body that it needs.
     *
     * @param value null where none is written, which means true
     * @param body empty where none is written
     */
    public record Alternative(Location at, @Nullable Term value, List<Literal> body) {}

    /** Its name as written, for messages. */
    public String name() {
        StringBuilder name = new StringBuilder();
        for (Term part : path) {
            if (part instanceof Term.Constant(var _, io.maestro.rego.value.StringValue text)) {
                name.append(name.isEmpty() ? "" : ".").append(text.value());
            } else {
                name.append('[')
                        .append(part instanceof Term.Variable variable ? variable.name() : "…")
                        .append(']');
            }
        }
        return name.toString();
    }
}
