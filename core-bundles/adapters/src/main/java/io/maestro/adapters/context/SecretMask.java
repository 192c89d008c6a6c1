package io.maestro.adapters.context;

import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Violation;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Hides the values of one instance's secrets in what its adapter says: log lines, problems and failures. */
public final class SecretMask {
    /** Hides nothing, and is never renewed. */
    public static final SecretMask NONE = new SecretMask(List.of());

    /** A shorter secret stands in too many words to mask it. */
    private static final int SHORTEST = 4;

    private static final int DEEPEST = 10;
    private static final String MASK = "***";

    private volatile List<String> secrets;

    /** What the adapter has, and what it was offered since and may have kept. */
    private List<String> held;

    /** What it had before. */
    private List<String> former = List.of();

    /** Hides {@code secrets}. */
    public SecretMask(List<String> secrets) {
        this.held = List.copyOf(secrets);
        this.secrets = worthHiding(held.stream());
    }

    /** Hides these as well: the adapter is offered them, and nobody knows yet whether it takes them. */
    public synchronized void alsoHide(List<String> offered) {
        held = Stream.concat(held.stream(), offered.stream()).distinct().toList();
        secrets = worthHiding(Stream.concat(former.stream(), held.stream()));
    }

    /** The adapter has these now. What it had before stays hidden until the next time: a call may be stumbling over it. */
    public synchronized void renew(List<String> taken) {
        former = held;
        held = List.copyOf(taken);
        secrets = worthHiding(Stream.concat(former.stream(), held.stream()));
    }

    /** The longest first, so that no rest of it remains when one secret contains another. */
    private static List<String> worthHiding(Stream<String> secrets) {
        return secrets.flatMap(secret -> SecretParts.of(secret).stream())
                .filter(secret -> secret.length() >= SHORTEST)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    /** The text without the secrets. */
    public String masked(String text) {
        String result = text;
        for (String secret : secrets) {
            result = result.replace(secret, MASK);
        }
        return result;
    }

    /** The same failure without the secrets; the very same when it has none. */
    public ProblemException masked(ProblemException thrown) {
        Throwable cause = thrown.getCause();
        Problem problem = masked(thrown.problem());
        boolean clean = problem.equals(thrown.problem()) && (cause == null || isClean(cause));
        if (clean) {
            return thrown;
        }
        ProblemException masked = cause == null ? problem.asException() : problem.asException(masked(cause));
        masked.setStackTrace(thrown.getStackTrace());
        return masked;
    }

    /** The same failure for the log: class, masked message and stack, also of its causes. */
    public Throwable masked(Throwable thrown) {
        return secrets.isEmpty() ? thrown : masked(thrown, 0);
    }

    private Problem masked(Problem problem) {
        String fix = problem.fix();
        return new Problem(
                problem.code(),
                problem.category(),
                problem.status(),
                problem.title(),
                masked(problem.detail()),
                fix == null ? null : masked(fix),
                problem.violations().stream()
                        .map(violation -> new Violation(violation.pointer(), masked(violation.detail())))
                        .toList(),
                problem.retry());
    }

    private boolean isClean(Throwable thrown) {
        int depth = 0;
        for (Throwable one = thrown; one != null; one = one.getCause()) {
            String text = one.toString();
            if (++depth > DEEPEST || !masked(text).equals(text)) {
                return secrets.isEmpty();
            }
        }
        return true;
    }

    private Throwable masked(Throwable thrown, int depth) {
        Throwable cause = thrown.getCause();
        Masked masked = new Masked(
                masked(thrown.toString()), cause == null || depth == DEEPEST ? null : masked(cause, depth + 1));
        masked.setStackTrace(thrown.getStackTrace());
        return masked;
    }

    @SuppressWarnings("OverrideThrowableToString") // stands for another class, whose name is part of the text
    private static final class Masked extends Exception {
        private static final long serialVersionUID = 1;

        private final String text;

        Masked(String text, @Nullable Throwable cause) {
            super(text, cause);
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
