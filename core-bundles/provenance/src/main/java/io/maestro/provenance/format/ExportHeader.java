package io.maestro.provenance.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The first line of an export.
 *
 * @param chain whose receipts follow
 * @param from receipts sealed at this time and later were asked for; null for all from the first
 * @param to receipts sealed before this time were asked for; null for all to the last
 * @param keys every key that may have signed, with its introduction
 */
public record ExportHeader(
        String chain, @Nullable Instant from, @Nullable Instant to, List<KnownKey> keys) {
    private static final String FORMAT = "maestro-receipts/1";

    /** Copies the list. */
    public ExportHeader {
        keys = List.copyOf(keys);
    }

    String line() {
        ObjectNode header = JsonNodeFactory.instance.objectNode();
        header.put("format", FORMAT);
        header.put("chain", chain);
        header.put("from", from == null ? null : from.toString());
        header.put("to", to == null ? null : to.toString());
        ArrayNode ring = header.putArray("keys");
        try {
            for (KnownKey known : keys) {
                ObjectNode key = ring.addObject();
                key.put("keyId", known.id().toString());
                key.put("publicKey", known.key().text());
                key.put("origin", known.remote() ? "remote" : "local");
                key.put("validFrom", text(known.validFrom()));
                key.put("retiredAt", text(known.retiredAt()));
                key.set("introduction", json(known.introduction()));
                ArrayNode retirements = key.putArray("retirements");
                for (SealedReceipt retirement : known.retirements()) {
                    retirements.add(json(retirement));
                }
            }
            return CanonicalJson.of(header);
        } catch (UnfitJson e) {
            throw new IllegalStateException("a header of our own receipts", e);
        }
    }

    static ExportHeader parse(String line) throws UnfitJson {
        JsonNode header = CanonicalJson.parse(line);
        if (!CanonicalJson.of(header).equals(line)
                || !FORMAT.equals(header.path("format").textValue())) {
            throw new UnfitJson("its format is not " + FORMAT + ", or not in canonical form");
        }
        List<KnownKey> keys = new ArrayList<>();
        for (JsonNode known : header.path("keys")) {
            VerifyingKey key = VerifyingKey.parse(known.path("publicKey").asText())
                    .filter(parsed ->
                            parsed.id().toString().equals(known.path("keyId").textValue()))
                    .orElseThrow(() -> new UnfitJson("a key is none, or not that of its id"));
            keys.add(new KnownKey(
                    key,
                    "remote".equals(known.path("origin").textValue()),
                    instant(known.path("validFrom")),
                    instant(known.path("retiredAt")),
                    receipt(known.path("introduction")),
                    retirements(known.path("retirements"))));
        }
        return new ExportHeader(
                header.path("chain").asText(), instant(header.path("from")), instant(header.path("to")), keys);
    }

    private static JsonNode json(@Nullable SealedReceipt receipt) throws UnfitJson {
        return receipt == null ? JsonNodeFactory.instance.nullNode() : CanonicalJson.parse(receipt.line());
    }

    private static List<SealedReceipt> retirements(JsonNode lines) throws UnfitJson {
        List<SealedReceipt> retirements = new ArrayList<>();
        for (JsonNode line : lines) {
            SealedReceipt retirement = receipt(line);
            if (retirement == null) {
                throw new UnfitJson("a retirement is no receipt");
            }
            retirements.add(retirement);
        }
        return retirements;
    }

    private static @Nullable SealedReceipt receipt(JsonNode line) throws UnfitJson {
        return line.isObject() ? SealedReceipt.parse(CanonicalJson.of(line)).orElse(null) : null;
    }

    private static @Nullable String text(@Nullable Instant instant) {
        return instant == null ? null : instant.toString();
    }

    private static @Nullable Instant instant(JsonNode value) throws UnfitJson {
        try {
            return value.isTextual() ? Instant.parse(value.textValue()) : null;
        } catch (DateTimeException e) {
            throw new UnfitJson("a time is none");
        }
    }
}
