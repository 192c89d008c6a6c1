package io.maestro.provenance.format;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.model.Digest;
import io.maestro.model.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What a receipt says. Its canonical JSON is what is hashed and signed.
 *
 * @param id of the fact
 * @param chain {@code platform}, or {@code tenant:} and the tenant's id
 * @param sequence its place in the chain, from 1
 * @param previousHash the hash of the receipt before it; null for the first
 * @param environment where, when it concerns one
 * @param actor who
 * @param correlationId follows the request through logs
 * @param action what was done
 * @param subject what it was done to
 * @param change what became of it
 * @param decision the policy decision that allowed it; null when no policy was asked
 * @param occurredAt when, by the clock of the node that did it
 * @param sealedAt when it got its place; never before that of the receipt before it
 * @param keyId the fingerprint of the key that signs it
 * @param signer who signs it
 */
public record ReceiptBody(
        UUID id,
        String chain,
        long sequence,
        @Nullable Digest previousHash,
        @Nullable String environment,
        String actor,
        String correlationId,
        String action,
        Subject subject,
        Change change,
        @Nullable String decision,
        Instant occurredAt,
        Instant sealedAt,
        Digest keyId,
        SignerKind signer) {
    /** The chain of the installation. */
    public static final String PLATFORM = "platform";

    /** Names this format in every receipt. */
    public static final String FORMAT = "maestro-receipt/1";

    private static final String TENANT = "tenant:";
    private static final Set<String> MEMBERS = Set.of(
            "action",
            "actor",
            "after",
            "before",
            "chain",
            "changes",
            "correlationId",
            "decision",
            "environment",
            "format",
            "id",
            "keyId",
            "occurredAt",
            "previousHash",
            "reduced",
            "sealedAt",
            "sequence",
            "signer",
            "subject",
            "tenant");
    private static final Set<String> SUBJECT_MEMBERS = Set.of("digest", "name", "type");

    /**
     * What was changed.
     *
     * @param digest of the artifact that it is or runs; null when there is none
     */
    public record Subject(
            String type, String name, @Nullable Digest digest) {}

    /** The chain of a tenant, or of the installation when null. */
    public static String chain(@Nullable String tenant) {
        return tenant == null ? PLATFORM : TENANT + tenant;
    }

    /** Whose chain it is; empty for the installation's. */
    public static Optional<String> tenant(String chain) {
        return chain.startsWith(TENANT) ? Optional.of(chain.substring(TENANT.length())) : Optional.empty();
    }

    /** The bytes that are hashed and signed. Half characters become question marks, as in the database. */
    public byte[] canonical() {
        ObjectNode body = json();
        try {
            return CanonicalJson.bytes(body);
        } catch (UnfitJson e) {
            throw new IllegalStateException("a receipt of checked parts", e);
        }
    }

    private ObjectNode json() {
        ObjectNode body = JsonNodeFactory.instance.objectNode();
        body.put("format", FORMAT);
        body.put("id", id.toString());
        body.put("chain", chain);
        body.put("tenant", tenant(chain).orElse(null));
        body.put("sequence", sequence);
        body.put("previousHash", previousHash == null ? null : previousHash.toString());
        body.put("environment", environment);
        body.put("actor", whole(actor));
        body.put("correlationId", whole(correlationId));
        body.put("action", action);
        ObjectNode about = body.putObject("subject");
        about.put("type", subject.type());
        about.put("name", whole(subject.name()));
        about.put("digest", subject.digest() == null ? null : subject.digest().toString());
        body.put("before", change.before());
        body.put("after", change.after());
        body.set("changes", change.changes() == null ? JsonNodeFactory.instance.nullNode() : change.changes());
        body.put("reduced", change.reduced());
        body.put("decision", decision);
        body.put("occurredAt", occurredAt.toString());
        body.put("sealedAt", sealedAt.toString());
        body.put("keyId", keyId.toString());
        body.put("signer", signer.text());
        return body;
    }

    private static String whole(String text) {
        return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8);
    }

    /**
     * Reads a body strictly: all members, no others, in canonical form.
     *
     * @throws UnfitJson with the reason, when it is anything else
     */
    public static ReceiptBody parse(byte[] canonical) throws UnfitJson {
        JsonNode body = CanonicalJson.parse(new String(canonical, StandardCharsets.UTF_8));
        if (!Arrays.equals(CanonicalJson.bytes(body), canonical)) {
            throw new UnfitJson("it is not in canonical form");
        }
        members(body, MEMBERS);
        members(body.path("subject"), SUBJECT_MEMBERS);
        if (!FORMAT.equals(body.path("format").textValue())) {
            throw new UnfitJson("its format is not " + FORMAT);
        }
        JsonNode subject = body.path("subject");
        JsonNode sequence = body.path("sequence");
        if (!sequence.isIntegralNumber() || !sequence.canConvertToLong() || sequence.longValue() < 1) {
            throw new UnfitJson("its sequence is no positive number");
        }
        String chain = text(body, "chain");
        String tenant = optional(body, "tenant");
        if (!chain.equals(chain(tenant))) {
            throw new UnfitJson("its chain is not that of its tenant");
        }
        JsonNode changes = body.path("changes");
        try {
            return new ReceiptBody(
                    UUID.fromString(text(body, "id")),
                    chain,
                    sequence.longValue(),
                    digest(body, "previousHash"),
                    optional(body, "environment"),
                    text(body, "actor"),
                    text(body, "correlationId"),
                    text(body, "action"),
                    new Subject(text(subject, "type"), text(subject, "name"), digest(subject, "digest")),
                    new Change(
                            optional(body, "before"),
                            optional(body, "after"),
                            changes.isObject() ? (ObjectNode) changes : null,
                            optional(body, "reduced")),
                    optional(body, "decision"),
                    Instant.parse(text(body, "occurredAt")),
                    Instant.parse(text(body, "sealedAt")),
                    Digest.parse(text(body, "keyId")),
                    SignerKind.of(text(body, "signer")).orElseThrow(() -> new UnfitJson("its signer is of no kind")));
        } catch (IllegalArgumentException | DateTimeException | ProblemException e) {
            throw new UnfitJson("a member is not what it should be");
        }
    }

    private static void members(JsonNode object, Set<String> wanted) throws UnfitJson {
        Set<String> names = new HashSet<>();
        object.fieldNames().forEachRemaining(names::add);
        if (!object.isObject() || !names.equals(wanted)) {
            throw new UnfitJson("it has not the members of a receipt");
        }
    }

    private static String text(JsonNode object, String name) throws UnfitJson {
        String value = optional(object, name);
        if (value == null) {
            throw new UnfitJson("it lacks its " + name);
        }
        return value;
    }

    private static @Nullable String optional(JsonNode object, String name) throws UnfitJson {
        JsonNode value = object.path(name);
        if (!value.isNull() && !value.isTextual()) {
            throw new UnfitJson("its " + name + " is no text");
        }
        return value.textValue();
    }

    private static @Nullable Digest digest(JsonNode object, String name) throws UnfitJson {
        String value = optional(object, name);
        return value == null ? null : Digest.parse(value);
    }
}
