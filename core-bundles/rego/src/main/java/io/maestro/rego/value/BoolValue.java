package io.maestro.rego.value;

import org.jspecify.annotations.Nullable;

/** True or false. */
public final class BoolValue extends Value {
    public static final BoolValue TRUE = new BoolValue(true);
    public static final BoolValue FALSE = new BoolValue(false);

    private final boolean value;

    private BoolValue(boolean value) {
        this.value = value;
    }

    /** One of the two. */
    public static BoolValue of(boolean value) {
        return value ? TRUE : FALSE;
    }

    public boolean value() {
        return value;
    }

    @Override
    public boolean isFalse() {
        return !value;
    }

    @Override
    int rank() {
        return 1;
    }

    @Override
    int compareSame(Value other) {
        return Boolean.compare(value, ((BoolValue) other).value);
    }

    @Override
    public String type() {
        return "boolean";
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other;
    }

    @Override
    public int hashCode() {
        return Boolean.hashCode(value);
    }
}
