package io.maestro.residency;

import java.util.Optional;

/** What a storage itself says of where it keeps its data. */
sealed interface Reported {
    /**
     * It says where.
     *
     * @param name the region in lower case
     */
    record In(String name) implements Reported {}

    /** Its adapter knows no regions; then it counts what a route declares. */
    record Nothing() implements Reported {}

    /** Its adapter has a region of its own choice where none is configured, and does not say which: nothing may be kept there. */
    record Withheld() implements Reported {}

    /** The region, when it says one. */
    default Optional<String> region() {
        return this instanceof In(String name) ? Optional.of(name) : Optional.empty();
    }
}
