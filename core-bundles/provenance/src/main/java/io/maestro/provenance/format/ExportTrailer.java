package io.maestro.provenance.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.model.Digest;
import io.maestro.model.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The last line of an export: signed, so that no line can be missing, at the end neither.
 *
 * @param chain of the receipts
 * @param headerHash SHA-256 of the first line
 * @param checkpointHash of the checkpoint; null when there is none
 * @param count how many receipts there are
 * @param first the sequence of the first; 0 when there is none
 * @param firstHash its hash
 * @param last the sequence of the last; 0 when there is none
 * @param lastHash its hash
 * @param madeAt when the export was made
 * @param keyId the key that signs this line
 */
record ExportTrailer(
        String chain,
        Digest headerHash,
        @Nullable Digest checkpointHash,
        long count,
        long first,
        @Nullable Digest firstHash,
        long last,
        @Nullable Digest lastHash,
        Instant madeAt,
        Digest keyId) {
    private static final String FORMAT = "maestro-receipts-trailer/1";

    /**
     * A trailer as it stands in the file.
     *
     * @param trailer what it says
     * @param signed the bytes that are signed
     * @param signature by its key
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Signed(ExportTrailer trailer, byte[] signed, byte[] signature) {}

    String line(UnaryOperator<byte[]> sign) {
        try {
            ObjectNode trailer = json();
            ObjectNode line = JsonNodeFactory.instance.objectNode();
            line.put("signature", Base64.getEncoder().encodeToString(sign.apply(CanonicalJson.bytes(trailer))));
            line.set("trailer", trailer);
            return CanonicalJson.of(line);
        } catch (UnfitJson e) {
            throw new IllegalStateException("a trailer of checked parts", e);
        }
    }

    private ObjectNode json() {
        ObjectNode trailer = JsonNodeFactory.instance.objectNode();
        trailer.put("format", FORMAT);
        trailer.put("chain", chain);
        trailer.put("headerHash", headerHash.toString());
        trailer.put("checkpointHash", text(checkpointHash));
        trailer.put("count", count);
        trailer.put("first", first);
        trailer.put("firstHash", text(firstHash));
        trailer.put("last", last);
        trailer.put("lastHash", text(lastHash));
        trailer.put("madeAt", madeAt.toString());
        trailer.put("keyId", keyId.toString());
        return trailer;
    }

    static boolean looksLike(String line) {
        return line.startsWith("{\"signature\":");
    }

    static Signed parse(String line) throws UnfitJson {
        JsonNode whole = CanonicalJson.parse(line);
        JsonNode json = whole.path("trailer");
        byte[] signature = SealedReceipt.signature(whole.path("signature").asText());
        if (signature == null) {
            throw new UnfitJson("its signature is none");
        }
        try {
            ExportTrailer trailer = new ExportTrailer(
                    json.path("chain").asText(),
                    Digest.parse(json.path("headerHash").asText()),
                    digest(json.path("checkpointHash")),
                    json.path("count").asLong(-1),
                    json.path("first").asLong(-1),
                    digest(json.path("firstHash")),
                    json.path("last").asLong(-1),
                    digest(json.path("lastHash")),
                    Instant.parse(json.path("madeAt").asText()),
                    Digest.parse(json.path("keyId").asText()));
            // what is written anew is what is there: no member more, none less, none in another form
            String again = trailer.line(_ -> signature);
            if (!again.equals(line)) {
                throw new UnfitJson("it is not as the server writes it");
            }
            return new Signed(trailer, CanonicalJson.of(trailer.json()).getBytes(StandardCharsets.UTF_8), signature);
        } catch (DateTimeException | ProblemException e) {
            throw new UnfitJson("a member is not what it should be");
        }
    }

    private static @Nullable String text(@Nullable Digest digest) {
        return digest == null ? null : digest.toString();
    }

    private static @Nullable Digest digest(JsonNode value) {
        return value.isTextual() ? Digest.parse(value.textValue()) : null;
    }
}
