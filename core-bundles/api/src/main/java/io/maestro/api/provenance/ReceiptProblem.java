package io.maestro.api.provenance;

import static io.maestro.model.ProblemCategory.CALLER;
import static io.maestro.model.ProblemCategory.INTERNAL;

import io.maestro.model.ProblemCategory;
import io.maestro.model.ProblemCode;

/** What can be wrong with receipts and the keys that sign them. */
public enum ReceiptProblem implements ProblemCode {
    /** There is no such receipt in the chain. */
    RECEIPT_UNKNOWN(CALLER, 404, "There is no such receipt"),
    /** Receipts of the chain are missing. */
    RECEIPT_CHAIN_BROKEN(INTERNAL, 500, "Receipts are missing"),
    /** The chain ends where it ended, so that there is no break to accept. */
    RECEIPT_CHAIN_WHOLE(CALLER, 409, "The chain is not broken"),
    /** The chain ends elsewhere than the caller thinks. */
    RECEIPT_CHAIN_CHANGED(CALLER, 409, "The chain ends elsewhere"),
    /** The keys in the database begin with another one than this node trusts. */
    SIGNING_ROOT_DIFFERENT(INTERNAL, 500, "The keys of the receipts are not those that this node trusts"),
    /** No key can sign yet. */
    SIGNING_KEY_MISSING(INTERNAL, 503, "There is no key to sign with"),
    /** There is no such key. */
    SIGNING_KEY_UNKNOWN(CALLER, 404, "There is no such signing key"),
    /** The text is no public key that can be used. */
    SIGNING_KEY_INVALID(CALLER, 400, "The signing key is not valid"),
    /** The key is known already. */
    SIGNING_KEY_EXISTS(CALLER, 409, "The signing key is known already"),
    /** The key is a node's, which only rotation ends. */
    SIGNING_KEY_LOCAL(CALLER, 409, "The signing key is a node's own"),
    /** The file with the node's key cannot be read or written. */
    SIGNING_KEY_UNREADABLE(INTERNAL, 500, "The node's signing key cannot be used");

    private final ProblemCategory category;
    private final int status;
    private final String title;

    ReceiptProblem(ProblemCategory category, int status, String title) {
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
