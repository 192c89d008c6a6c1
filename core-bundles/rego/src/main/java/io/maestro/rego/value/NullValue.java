package io.maestro.rego.value;

import org.jspecify.annotations.Nullable;

/** Null, which is defined. */
public final class NullValue extends Value {
    /** The only one. */
    public static final NullValue NULL = new NullValue();

    private NullValue() {}

    @Override
    int rank() {
        return 0;
    }

    @Override
    int compareSame(Value other) {
        return 0;
    }

    @Override
    public String type() {
        return "null";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return 7;
    }
}
