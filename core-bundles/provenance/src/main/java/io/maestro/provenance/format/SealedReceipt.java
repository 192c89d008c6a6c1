package io.maestro.provenance.format;

import io.maestro.model.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A receipt as it is kept: the bytes that were hashed and signed, and the signature. Nothing about it is verified yet.
 *
 * @param body canonical JSON in UTF-8; see {@link ReceiptBody}
 * @param signature Ed25519 over the body
 */
@SuppressWarnings("ArrayRecordComponent") // compared by value below
public record SealedReceipt(byte[] body, byte[] signature) {
    private static final String BODY = "{\"body\":";
    private static final String SIGNATURE = ",\"signature\":\"";
    private static final String END = "\"}";
    private static final int SIGNATURE_TEXT = (VerifyingKey.SIGNATURE_BYTES + 2) / 3 * 4;

    /** What the next receipt of the chain names: the SHA-256 of the body. */
    public Digest hash() {
        return Hashes.of(body);
    }

    /** As one line of an export, without its end: the body stands in it as it is. */
    public String line() {
        return BODY + text() + SIGNATURE + Base64.getEncoder().encodeToString(signature) + END;
    }

    /** The body as text. */
    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /** Reads what {@link #line} writes; empty when it is anything else, be it by one space. */
    public static Optional<SealedReceipt> parse(String line) {
        int end = line.length() - END.length() - SIGNATURE_TEXT;
        int bodyEnd = end - SIGNATURE.length();
        if (bodyEnd <= BODY.length()
                || !line.startsWith(BODY)
                || !line.startsWith(SIGNATURE, bodyEnd)
                || !line.endsWith(END)) {
            return Optional.empty();
        }
        byte[] signature = signature(line.substring(end, line.length() - END.length()));
        return signature == null
                ? Optional.empty()
                : Optional.of(new SealedReceipt(
                        line.substring(BODY.length(), bodyEnd).getBytes(StandardCharsets.UTF_8), signature));
    }

    /** Null unless it is the one text that stands for its bytes. */
    static byte @Nullable [] signature(String base64) {
        try {
            byte[] bytes = Base64.getDecoder().decode(base64);
            boolean ours = bytes.length == VerifyingKey.SIGNATURE_BYTES
                    && Base64.getEncoder().encodeToString(bytes).equals(base64);
            return ours ? bytes : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SealedReceipt(byte[] theirBody, byte[] theirSignature)
                && Arrays.equals(body, theirBody)
                && Arrays.equals(signature, theirSignature);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(body) + Arrays.hashCode(signature);
    }

    @Override
    public String toString() {
        return line();
    }
}
