package io.maestro.api.residency;

/**
 * Where data is kept, as policies and settings name it, for example {@code eu-central-1}.
 *
 * @param value 1 to 63 lower-case letters, digits and inner hyphens
 */
public record Region(String value) {
    /** Throws an {@code invalid-name} problem when it is no name. */
    public Region {
        Names.check("the region", value);
    }

    @Override
    public String toString() {
        return value;
    }
}
