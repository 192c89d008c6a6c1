package io.maestro.rego;

import io.maestro.rego.eval.Request;
import io.maestro.rego.limit.Budget;
import io.maestro.rego.trace.Observer;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.Value;
import java.time.Instant;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * What a policy is asked with.
 *
 * @param input what is known of the case; null when nothing is, which policies see as undefined
 * @param data what is known beside it
 * @param budget what the answer may cost
 * @param now the time that policies see
 * @param strict whether an error of a built-in function is an error and not undefined
 */
public record Question(@Nullable Value input, ObjectValue data, Budget budget, Instant now, boolean strict) {
    /** Without input and data, with the standard budget. */
    public static Question at(Instant now) {
        return new Question(null, ObjectValue.EMPTY, Budget.STANDARD, now, false);
    }

    public Question withInput(@Nullable Value value) {
        return new Question(value, data, budget, now, strict);
    }

    public Question withData(ObjectValue documents) {
        return new Question(input, documents, budget, now, strict);
    }

    public Question withBudget(Budget other) {
        return new Question(input, data, other, now, strict);
    }

    public Question strictly() {
        return new Question(input, data, budget, now, true);
    }

    Request request(@Nullable Observer observer) {
        return new Request(input, data, budget, now, SplittableRandom::new, strict, observer);
    }
}
