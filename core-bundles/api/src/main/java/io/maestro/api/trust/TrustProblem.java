package io.maestro.api.trust;

import static io.maestro.model.ProblemCategory.CALLER;
import static io.maestro.model.ProblemCategory.POLICY_OR_LIMIT;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/** What can be wrong with an artifact or a key. */
public enum TrustProblem implements ProblemCode {
    /** The bytes are no jar. */
    ARTIFACT_NOT_A_JAR(CALLER, 422, "The artifact is not a jar"),
    /** The jar ends too early or is damaged. */
    ARTIFACT_TRUNCATED(CALLER, 422, "The artifact is truncated or damaged"),
    /** The artifact is larger than allowed. */
    ARTIFACT_TOO_LARGE(CALLER, 413, "The artifact is too large"),
    /** It inflates to more than allowed, or has too many entries. */
    ARTIFACT_BOMB(CALLER, 422, "The artifact unpacks to too much"),
    /** An entry has a name that leads out of the jar, is duplicated or otherwise odd. */
    ARTIFACT_ENTRY_NAME(CALLER, 422, "The artifact has an entry with a forbidden name"),
    /** No signature. */
    SIGNATURE_MISSING(POLICY_OR_LIMIT, 422, "The artifact is not signed"),
    /** An entry is not covered by the signature. */
    SIGNATURE_INCOMPLETE(POLICY_OR_LIMIT, 422, "The signature does not cover every entry"),
    /** An entry does not match the signature. */
    SIGNATURE_BROKEN(POLICY_OR_LIMIT, 422, "The artifact was changed after it was signed"),
    /** Signed by a key that is not trusted here. */
    SIGNATURE_KEY_UNKNOWN(POLICY_OR_LIMIT, 422, "The signing key is not trusted"),
    /** Signed by a key that was revoked. */
    SIGNATURE_KEY_REVOKED(POLICY_OR_LIMIT, 422, "The signing key is revoked"),
    /** The signing certificate is not valid now. */
    SIGNATURE_CERTIFICATE_EXPIRED(POLICY_OR_LIMIT, 422, "The signing certificate is not valid now"),
    /** There is no manifest. */
    MANIFEST_MISSING(CALLER, 422, "The adapter manifest is missing"),
    /** The manifest is not well-formed or breaks its schema. */
    MANIFEST_INVALID(CALLER, 422, "The adapter manifest is not valid"),
    /** The adapter type or its contract version is not known here. */
    MANIFEST_TYPE_UNKNOWN(CALLER, 422, "The adapter type is not known"),
    /** The OSGi headers break a structural rule. */
    STRUCTURE_FORBIDDEN(CALLER, 422, "The bundle does what an adapter must not"),
    /** It imports a package outside the allowlist. */
    IMPORT_FORBIDDEN(CALLER, 422, "The bundle imports a forbidden package"),
    /** The certificate cannot be read or its key is too weak. */
    CERTIFICATE_INVALID(CALLER, 400, "The certificate is not valid"),
    /** The key is known already. */
    KEY_EXISTS(CALLER, 409, "The key is known already"),
    /** There is no such key. */
    KEY_UNKNOWN(CALLER, 404, "There is no such key");

    private final ProblemCategory category;
    private final int status;
    private final String title;

    TrustProblem(ProblemCategory category, int status, String title) {
        this.category = category;
        this.status = status;
        this.title = title;
    }

    @Override
    public ProblemCategory category() {
        return category;
    }

    @Override
    public int status() {
        return status;
    }

    @Override
    public String title() {
        return title;
    }
}
