package io.maestro.rest;

import io.maestro.api.http.ProblemAnswers;
import io.maestro.model.Problem;
import java.io.IOException;

/** Problems as JSON. */
record ProblemWriter(Wire wire) implements ProblemAnswers {
    @Override
    public byte[] body(Problem problem, String instance, String correlationId) {
        try {
            return wire.bytes(ProblemBody.of(problem, instance, correlationId));
        } catch (IOException e) {
            throw new IllegalStateException("a problem can be written", e);
        }
    }
}
