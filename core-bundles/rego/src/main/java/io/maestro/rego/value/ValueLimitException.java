package io.maestro.rego.value;

/** A value would be nested deeper than {@link Value#MOST_DEPTH}, or larger than {@link Value#MOST_SIZE}. */
public final class ValueLimitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    ValueLimitException(String message) {
        super(message, null, false, false);
    }
}
