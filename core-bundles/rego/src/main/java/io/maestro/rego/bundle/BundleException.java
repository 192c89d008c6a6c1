package io.maestro.rego.bundle;

/** A bundle that is not taken. The message says what is wrong, where, and how to mend it. */
public final class BundleException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    /** What kind of thing is wrong. */
    public enum Kind {
        /** It is no archive, or one that is broken. */
        CORRUPT,
        /** It is larger than is taken. */
        TOO_LARGE,
        /** A name leads elsewhere, stands twice, or is of something that is no file. */
        NAME,
        /** The manifest is wrong, or something lies outside of its roots. */
        MANIFEST,
        /** A policy or a document cannot be read, or two contradict one another. */
        CONTENT,
        /** It is not signed, or not as it must be. */
        SIGNATURE,
        /** Its own tests fail. */
        TESTS,
        /** It is older than what was active before. */
        OLDER
    }

    private final Kind kind;

    BundleException(Kind kind, String message) {
        super(message);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
