package io.maestro.provenance;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.provenance.format.CanonicalJson;
import io.maestro.provenance.format.Checkpoint;
import io.maestro.provenance.format.KnownKey;
import io.maestro.provenance.format.UnfitJson;
import io.maestro.store.Fact;
import io.maestro.store.Facts.Pending;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Vouches for the facts by which chains and keys are governed: whoever can only write into the database could otherwise have
 * a key of his own introduced, or his cut accepted, by a fact that nobody's act left. The secret is a file beside the private keys,
 * the same one on all nodes of a database. Any thread; blocks on the disk.
 */
final class Vouchers {
    /** What a fact became for which nothing outside of the database vouched. */
    static final String REFUSE = "fact.refuse";

    private static final Set<String> GOVERNING =
            Set.of(KnownKey.INTRODUCE, KnownKey.RETIRE, Checkpoint.ACTION, Checkpoint.ACCEPT);
    private static final String MEMBER = "voucher";
    private static final String ALGORITHM = "HmacSHA256";
    private static final int BYTES = 32;

    private final Path folder;

    Vouchers(Path folder) {
        this.folder = folder;
    }

    /** The file with the secret. */
    Path file() {
        return folder.resolve("voucher");
    }

    /** Whether this node has the secret. */
    boolean ready() {
        return Files.isRegularFile(file(), LinkOption.NOFOLLOW_LINKS);
    }

    /** Fails when this node has not. */
    void require() {
        if (!ready()) {
            throw unusable("is missing", null);
        }
    }

    /** Makes the secret; when this returns, it outlasts a crash. */
    void create() {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        try {
            Files.createDirectories(folder);
            Path draft = Files.createTempFile(
                    folder,
                    ".voucher",
                    ".tmp",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            try {
                try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    channel.write(ByteBuffer.wrap(secret));
                    channel.force(true);
                }
                Files.move(draft, file(), StandardCopyOption.ATOMIC_MOVE);
                try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
                    channel.force(true);
                }
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw unusable("cannot be written", e);
        }
    }

    /** The same fact, with the voucher in its state. */
    Fact vouched(Fact fact, Actor actor) {
        ObjectNode state = object(fact.after());
        if (state == null) {
            throw new IllegalStateException("vouches for states only");
        }
        state.put(MEMBER, voucher(fact, state, actor.id()));
        return new Fact(
                fact.action(),
                fact.environment(),
                fact.subject(),
                fact.before(),
                new Json(state.toString()),
                fact.decision());
    }

    /** What is to be sealed of a fact: itself, or that it was refused. */
    Pending judged(Pending pending) {
        Fact fact = pending.fact();
        if (!GOVERNING.contains(fact.action()) || vouchedFor(pending)) {
            return pending;
        }
        Map<String, @Nullable Object> refused = new LinkedHashMap<>();
        refused.put("action", fact.action());
        refused.put("actor", pending.actor().id());
        refused.put("reason", "nothing outside of the database vouches for it");
        return new Pending(
                pending.id(),
                pending.tenant(),
                new Actor(Actor.system("provenance").id(), pending.actor().correlationId()),
                pending.at(),
                Fact.made(REFUSE, fact.subject(), Json.object(refused)));
    }

    private boolean vouchedFor(Pending pending) {
        ObjectNode state = object(pending.fact().after());
        JsonNode said = state == null ? null : state.remove(MEMBER);
        return state != null
                && said != null
                && said.isTextual()
                && MessageDigest.isEqual(
                        bytes(said.textValue()),
                        bytes(voucher(pending.fact(), state, pending.actor().id())));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private String voucher(Fact fact, ObjectNode state, String actor) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        all.put("action", fact.action());
        all.put("subject", fact.subject().name());
        all.put("actor", actor);
        all.set("before", object(fact.before()));
        all.set("after", state);
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret(), ALGORITHM));
            return HexFormat.of().formatHex(mac.doFinal(CanonicalJson.bytes(all)));
        } catch (UnfitJson e) {
            throw new IllegalStateException("made of objects that were read", e);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has it", e);
        }
    }

    private byte[] secret() {
        require();
        try {
            byte[] secret = Files.readAllBytes(file());
            if (secret.length != BYTES) {
                throw unusable("is not of " + BYTES + " bytes", null);
            }
            return secret;
        } catch (IOException e) {
            throw unusable("cannot be read", e);
        }
    }

    private static @Nullable ObjectNode object(@Nullable Json state) {
        try {
            return state != null && CanonicalJson.parse(state.text()) instanceof ObjectNode object ? object : null;
        } catch (UnfitJson e) {
            return null;
        }
    }

    private ProblemException unusable(String what, @Nullable Exception cause) {
        Problem problem = Problem.of(
                ReceiptProblem.SIGNING_KEY_UNREADABLE,
                "the file " + file() + ", with which nodes vouch for keys, " + what,
                "Copy it from another node of the same database, or from the backup. Only when there is neither, make one:"
                        + " head -c " + BYTES + " /dev/urandom > FILE");
        return cause == null ? problem.asException() : problem.asException(cause);
    }
}
