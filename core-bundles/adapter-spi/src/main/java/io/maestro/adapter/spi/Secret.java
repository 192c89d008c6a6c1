package io.maestro.adapter.spi;

/**
 * A secret value. Cannot be printed, compared by content or serialised; only {@link #reveal} gives it away. What is put
 * together with text, for a log or an exception, stands there as {@code ***}.
 */
public final class Secret {
    /** Transient, so that also those leave it out that serialise the fields of anything. */
    private final transient String value;

    /** Wraps {@code value}. Called by the host, and by an adapter's tests. */
    public Secret(String value) {
        this.value = value;
    }

    /** The value itself. Give it to the client of the outside system and to nobody else. */
    public String reveal() {
        return value;
    }

    @Override
    public String toString() {
        return "***";
    }
}
