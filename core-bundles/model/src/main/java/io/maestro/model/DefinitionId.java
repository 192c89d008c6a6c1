package io.maestro.model;

/**
 * Identifies an adapter definition: one immutable version of an adapter. Written {@code name@version}.
 *
 * @param name the adapter
 * @param version its version
 */
public record DefinitionId(AdapterName name, AdapterVersion version) implements Comparable<DefinitionId> {
    /** Reads {@code name@version}; throws a {@link ProblemException} when it is not one. */
    public static DefinitionId parse(String text) {
        int at = text.indexOf('@');
        if (at < 0) {
            throw ProblemException.invalid(
                    CallerProblem.INVALID_NAME,
                    "\"" + Slug.printable(text) + "\" does not name an adapter definition",
                    "Write name@version, for example storage-s3@1.0.0.");
        }
        return new DefinitionId(new AdapterName(text.substring(0, at)), new AdapterVersion(text.substring(at + 1)));
    }

    @Override
    public int compareTo(DefinitionId other) {
        int order = name.compareTo(other.name);
        return order != 0 ? order : version.compareTo(other.version);
    }

    @Override
    public String toString() {
        return name + "@" + version;
    }
}
