package io.maestro.api.secrets;

import static io.maestro.model.ProblemCategory.CALLER;
import static io.maestro.model.ProblemCategory.EXTERNAL;
import static io.maestro.model.ProblemCategory.INTERNAL;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/** What can go wrong with secrets and the keys that seal them. */
public enum SecretProblem implements ProblemCode {
    /** There is no such secret in this scope. */
    SECRET_UNKNOWN(CALLER, 404, "There is no such secret"),
    /** An instance uses the secret. */
    SECRET_IN_USE(CALLER, 409, "The secret is in use"),
    /** What is stored cannot be opened: it was changed, or belongs elsewhere. */
    SECRET_DAMAGED(INTERNAL, 500, "The stored secret is damaged"),
    /** The master key is not the one that the database's keys were wrapped with. */
    MASTER_KEY_WRONG(INTERNAL, 500, "The master key is missing or another one"),
    /** The master key, or what holds it, does not answer. */
    MASTER_KEY_UNAVAILABLE(EXTERNAL, 503, "The master key cannot be used now");

    private final ProblemCategory category;
    private final int status;
    private final String title;

    SecretProblem(ProblemCategory category, int status, String title) {
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
