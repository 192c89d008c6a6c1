package io.maestro.rego.eval;

import io.maestro.rego.limit.Budget;
import io.maestro.rego.trace.Observer;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.Value;
import java.time.Instant;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation is given.
 *
 * @param input null for undefined
 * @param random asked at most once, and only when a policy wants a random value
 * @param strict whether an error of a built-in function ends the evaluation, and is not taken for undefined
 */
public record Request(
        @Nullable Value input,
        ObjectValue data,
        Budget budget,
        Instant now,
        Supplier<RandomGenerator> random,
        boolean strict,
        @Nullable Observer observer) {}
