package io.maestro.policy;

import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.Value;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Answers questions about documents: our own engine in this process, or an OPA server. Every answer is bounded in time and
 * size. Any number of threads.
 */
interface PolicyEngine extends AutoCloseable {
    /**
     * The value of a document.
     *
     * @param path below {@code data}, with slashes, for example {@code maestro/adapter/install}
     * @param data what policies know beside the input, below {@code data}
     * @param now the time that policies see, where the engine lets us choose
     * @return null when it is undefined
     * @throws EngineException when there is no answer
     */
    @Nullable
    Value ask(String path, ObjectValue input, ObjectValue data, Instant now) throws EngineException;

    @Override
    void close();
}
