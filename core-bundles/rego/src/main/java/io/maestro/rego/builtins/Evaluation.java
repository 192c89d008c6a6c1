package io.maestro.rego.builtins;

import io.maestro.rego.limit.Meter;
import io.maestro.rego.value.Value;
import java.time.Instant;
import java.util.function.Supplier;

/** What a built-in function may know of the evaluation that calls it. */
public interface Evaluation {
    /** What it costs is counted here, before it is spent. */
    Meter meter();

    /** The time of the evaluation, the same for all of it. */
    Instant now();

    /** Something kept for the rest of the evaluation, like a compiled pattern. */
    <T> T cached(String kind, Object key, Supplier<T> maker);

    /** A random value that is the same for the same key in one evaluation. */
    long random(Object key);

    /** Notes what a policy wants to tell its author. */
    void print(Value message);
}
