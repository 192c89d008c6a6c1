package io.maestro.conformance;

import io.maestro.model.ProblemException;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a failure tells whoever reads it in a log. */
public final class Told {
    private Told() {}

    /** Messages, problems, causes and what was suppressed, as text. */
    public static String by(Throwable failure) {
        StringBuilder text = new StringBuilder();
        collect(failure, text, Collections.newSetFromMap(new IdentityHashMap<>()));
        return text.toString();
    }

    private static void collect(@Nullable Throwable failure, StringBuilder text, Set<Throwable> seen) {
        if (failure == null || !seen.add(failure)) {
            return;
        }
        text.append(failure).append('\n');
        if (failure instanceof ProblemException refusal) {
            text.append(refusal.problem()).append('\n');
        }
        collect(failure.getCause(), text, seen);
        for (Throwable suppressed : failure.getSuppressed()) {
            collect(suppressed, text, seen);
        }
    }
}
