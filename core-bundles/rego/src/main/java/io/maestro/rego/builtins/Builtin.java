package io.maestro.rego.builtins;

import io.maestro.rego.value.Value;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A built-in function.
 *
 * @param name as policies write it
 * @param arguments the types each argument may have
 * @param result the types its result may have
 */
public record Builtin(String name, List<Integer> arguments, int result, Body body) {
    /** What it does. Null means undefined. */
    @FunctionalInterface
    public interface Body {
        /**
         * Computes.
         *
         * @throws BuiltinException when the arguments make no sense
         */
        @Nullable
        Value call(Evaluation evaluation, Value[] arguments);
    }

    public int arity() {
        return arguments.size();
    }

    /**
     * Checks the types of the arguments, then computes.
     *
     * @throws BuiltinException when the arguments make no sense
     */
    public @Nullable Value call(Evaluation evaluation, Value[] values) {
        for (int i = 0; i < values.length; i++) {
            int kind = Kinds.of(values[i]);
            if ((arguments.get(i) & kind) == 0) {
                throw BuiltinException.type(
                        name,
                        "operand " + (i + 1) + " must be " + Kinds.names(arguments.get(i)) + " but got "
                                + Kinds.names(kind));
            }
        }
        try {
            return body.call(evaluation, values);
        } catch (ArithmeticException e) {
            throw BuiltinException.of(name, String.valueOf(e.getMessage()));
        }
    }
}
