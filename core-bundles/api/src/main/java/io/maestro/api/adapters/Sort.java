package io.maestro.api.adapters;

/**
 * The order of a list.
 *
 * @param by what decides first; the rest of the key decides among equals
 * @param descending whether the last come first
 */
public record Sort<K extends Enum<K>>(K by, boolean descending) {
    /** From first to last. */
    public static <K extends Enum<K>> Sort<K> ascending(K by) {
        return new Sort<>(by, false);
    }
}
