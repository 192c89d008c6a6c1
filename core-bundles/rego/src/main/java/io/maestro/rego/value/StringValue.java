package io.maestro.rego.value;

import org.jspecify.annotations.Nullable;

/** A text, ordered by code point. */
public final class StringValue extends Value {
    private final String value;

    private StringValue(String value) {
        this.value = value;
    }

    public static StringValue of(String value) {
        return new StringValue(value);
    }

    public String value() {
        return value;
    }

    @Override
    int rank() {
        return 3;
    }

    @Override
    int compareSame(Value other) {
        return compare(value, ((StringValue) other).value);
    }

    /** By code point, which is the order of UTF-8 and not Java's. */
    public static int compare(String left, String right) {
        int length = Math.min(left.length(), right.length());
        for (int i = 0; i < length; i++) {
            char one = left.charAt(i);
            char other = right.charAt(i);
            if (one != other) {
                boolean pair = Character.isSurrogate(one);
                return pair == Character.isSurrogate(other) ? Character.compare(one, other) : pair ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    @Override
    public String type() {
        return "string";
    }

    @Override
    public int weight() {
        return 1 + (value.length() >> 3);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return this == other || (other instanceof StringValue text && text.value.equals(value));
    }

    @Override
    public int hashCode() {
        return value.hashCode();
    }
}
