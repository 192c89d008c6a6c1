package io.maestro.api.residency;

/**
 * Names an item within its scope.
 *
 * @param kind what it is
 * @param key 1 to {@value #LONGEST_KEY} characters without control characters; slashes have no meaning
 */
public record ItemName(Kind kind, String key) {
    /** The longest key: with its kind it still fits into the subject of a receipt and of a policy's question. */
    public static final int LONGEST_KEY = 300;

    /** Throws {@link ResidencyProblem#DATA_KEY_INVALID} when the key is none. */
    public ItemName {
        Names.checkKey(key);
    }

    @Override
    public String toString() {
        return kind + "/" + key;
    }
}
