package io.maestro.api.provenance;

import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Environment;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The receipts of a chain: that of a tenant, or that of the installation, for which the tenant is null. Every receipt is
 * verified when it is read: its hash, its signature, and that it fits those beside it. Blocks on the database; any thread.
 */
@ProviderType
public interface Receipts {
    /** Sealed receipts, newest first or oldest first. */
    Page<Receipt> receipts(@Nullable TenantId tenant, Filter filter, PageRequest page);

    /** One receipt, sealed or not yet; {@link ReceiptProblem#RECEIPT_UNKNOWN}. */
    Receipt receipt(@Nullable TenantId tenant, UUID id);

    /**
     * Verifies a part of a chain that is not too long for one request, and that the chain reaches as far as the platform's
     * chain has taken down.
     *
     * @param after begins behind this receipt, whose own verification is the caller's; 0 begins with the first
     */
    Verification verify(@Nullable TenantId tenant, long after);

    /**
     * Makes an export of the receipts that were sealed in a time. What can be refused is refused here, before the first
     * byte.
     *
     * @param from sealed then or later; null for all from the first
     * @param to sealed before; null for all to the last
     */
    Export export(@Nullable TenantId tenant, @Nullable Instant from, @Nullable Instant to);

    /**
     * Has a chain go on that lost its end, which is otherwise stopped: nothing is sealed onto it, and its facts wait. Leaves a
     * receipt in the platform's chain, by which what was taken down there of the lost receipts no longer counts. It takes
     * effect when that receipt is sealed.
     *
     * @param last the last receipt that is there, as the caller saw it; 0 when there is none
     * @param reason why, for the receipt
     * @throws io.maestro.model.ProblemException {@link ReceiptProblem#RECEIPT_CHAIN_WHOLE},
     *     {@link ReceiptProblem#RECEIPT_CHAIN_CHANGED}
     */
    Break acceptBreak(@Nullable TenantId tenant, long last, String reason, Actor actor);

    /**
     * A break that was accepted.
     *
     * @param chain which
     * @param reached how far it is known to have reached
     * @param last where it goes on behind
     */
    record Break(String chain, long reached, long last) {}

    /** Writes lines of JSON, in constant memory however many there are. */
    @FunctionalInterface
    interface Export {
        /** Writes it whole, or fails. Blocks on the database and the stream, which it leaves open. */
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Which receipts are wanted; what is null does not matter.
     *
     * @param environment what was done in it
     * @param action for example {@code instance.create}
     * @param subjectType what it was done to, by kind
     * @param subject what it was done to, by name
     * @param actor who did it
     * @param from done then or later
     * @param to done before
     * @param oldestFirst the order
     */
    record Filter(
            @Nullable Environment environment,
            @Nullable String action,
            @Nullable String subjectType,
            @Nullable String subject,
            @Nullable String actor,
            @Nullable Instant from,
            @Nullable Instant to,
            boolean oldestFirst) {
        /** All, newest first. */
        public static Filter all() {
            return new Filter(null, null, null, null, null, null, null, false);
        }
    }

    /**
     * One receipt.
     *
     * @param sealed whether it has its place in the chain; until then it is neither signed nor verified
     * @param verified whether all is as it was signed
     * @param defect what is wrong; null when nothing is, or nothing can be yet. Of an unsealed one why it is not sealed, when
     *     its chain is stopped
     * @param body what it says, the very text that is signed; of an unsealed one what is known so far. Null when what is
     *     stored is no JSON
     * @param sequence its place; 0 while unsealed
     * @param hash over the body; null while unsealed
     * @param signature in base64; null while unsealed
     */
    record Receipt(
            UUID id,
            boolean sealed,
            boolean verified,
            @Nullable String defect,
            @Nullable Json body,
            long sequence,
            @Nullable Digest hash,
            @Nullable String signature) {}

    /**
     * How the verification of a chain went.
     *
     * @param verified whether all that was looked at is good
     * @param checked how many receipts were looked at
     * @param last the last of them; 0 when there was none
     * @param complete whether that was the end of the chain; else go on after {@code last}
     * @param defectAt the first receipt that is not good; 0 when it is none of them
     * @param defect what is wrong; null when nothing is
     */
    record Verification(
            boolean verified,
            long checked,
            long last,
            boolean complete,
            long defectAt,
            @Nullable String defect) {}
}
