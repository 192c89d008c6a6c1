package io.maestro.rego.eval;

import io.maestro.rego.builtins.Prepared;
import io.maestro.rego.limit.Meter;
import io.maestro.rego.trace.Observer;
import io.maestro.rego.value.Value;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** What all contexts of one evaluation share. */
final class Shared {
    final Code code;
    final Meter meter;
    final Instant now;
    final boolean strict;
    final @Nullable Observer observer;
    final @Nullable Value given;
    private final Supplier<RandomGenerator> randomness;
    private @Nullable RandomGenerator random;
    private final Map<Prepared.Key, Object> cache = new HashMap<>();

    Shared(Code code, Request request) {
        this.code = code;
        this.meter = new Meter(request.budget());
        this.now = request.now();
        this.strict = request.strict();
        this.observer = request.observer();
        this.given = request.input();
        this.randomness = request.random();
    }

    @SuppressWarnings("unchecked") // one kind of key is used with one type of value
    <T> T cached(String kind, Object of, Supplier<T> maker) {
        Prepared.Key key = new Prepared.Key(kind, of);
        Object prepared = code.prepared().get(key);
        return (T) (prepared != null ? prepared : cache.computeIfAbsent(key, _ -> maker.get()));
    }

    long random(Object key) {
        return cached("random", key, () -> {
            RandomGenerator generator = random;
            if (generator == null) {
                generator = randomness.get();
                random = generator;
            }
            return generator.nextLong();
        });
    }
}
