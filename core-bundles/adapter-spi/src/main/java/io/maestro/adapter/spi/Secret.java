package io.maestro.adapter.spi;

/** A secret value. Cannot be printed or compared by content, and is not serialisable; only {@link #reveal} gives it away. */
public final class Secret {
    private final String value;

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
