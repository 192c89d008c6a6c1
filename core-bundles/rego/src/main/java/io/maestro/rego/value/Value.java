package io.maestro.rego.value;

import org.jspecify.annotations.Nullable;

/**
 * A value of Rego. Immutable and safe to share.
 *
 * <p>The order is total: null, booleans, numbers, strings by code point, arrays, objects, sets. Equality is the order's: {@code
 * 1} and {@code 1.0} are equal.
 */
public abstract sealed class Value implements Comparable<Value>
        permits NullValue, BoolValue, NumberValue, StringValue, ArrayValue, ObjectValue, SetValue {
    /** How deep collections may stand inside one another. */
    public static final int MOST_DEPTH = 400;

    /** How large a value may be, as {@link #bulk} counts it. */
    public static final int MOST_SIZE = 1 << 26;

    Value() {}

    /** The place of its type in the order. */
    abstract int rank();

    /** Compares with a value of the same type. */
    abstract int compareSame(Value other);

    /** The name of its type, as {@code type_name} gives it. */
    public abstract String type();

    /** How deep collections stand inside it; 0 for a scalar. */
    int depth() {
        return 0;
    }

    /**
     * How much it is to read it all: its members with theirs, and texts by their length. Members that stand in several places
     * are counted in each, so that a value can be far larger than the memory it takes.
     */
    public int bulk() {
        return weight();
    }

    /** What it costs to make. */
    public int weight() {
        return 1;
    }

    /** The member at a key, an index or, for a set, the member itself; null when there is none. */
    public @Nullable Value get(Value key) {
        return null;
    }

    /** Whether it is the value {@code false}, which alone lets an expression fail that is defined. */
    public boolean isFalse() {
        return false;
    }

    /** Whether it is an array, an object or a set. */
    public boolean isCollection() {
        return false;
    }

    @Override
    public final int compareTo(Value other) {
        if (this == other) {
            return 0;
        }
        int byRank = Integer.compare(rank(), other.rank());
        return byRank != 0 ? byRank : compareSame(other);
    }

    @Override
    public abstract boolean equals(@Nullable Object other);

    @Override
    public abstract int hashCode();

    /** As JSON; sets as arrays, keys that are no strings as the text of their JSON. */
    public final String json() {
        return JsonWriter.json(this);
    }

    /** As Rego writes it. */
    @Override
    public final String toString() {
        return JsonWriter.rego(this);
    }

    static int deeper(int deepest) {
        if (deepest >= MOST_DEPTH) {
            throw new ValueLimitException("values are nested deeper than " + MOST_DEPTH);
        }
        return deepest + 1;
    }

    static int larger(long bulk) {
        if (bulk > MOST_SIZE) {
            throw new ValueLimitException("a value is larger than " + MOST_SIZE);
        }
        return (int) bulk;
    }
}
