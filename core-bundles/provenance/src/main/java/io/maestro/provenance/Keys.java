package io.maestro.provenance;

import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.api.provenance.SigningKeys;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Problem;
import io.maestro.provenance.format.KeyRing;
import io.maestro.provenance.format.VerifyingKey;
import java.util.List;

/** Signing keys for those who ask. */
final class Keys implements SigningKeys {
    private static final String BEGIN = "-----BEGIN PUBLIC KEY-----";
    private static final String END = "-----END PUBLIC KEY-----";
    private static final int LONGEST = 1_000;

    private final JooqKeys rows;
    private final Signers signers;

    Keys(JooqKeys rows, Signers signers) {
        this.rows = rows;
        this.signers = signers;
    }

    @Override
    public List<SigningKey> keys() {
        List<StoredKey> keys = rows.keys();
        // shown whether this node trusts them or not
        KeyRing ring = Rings.unpinned(keys);
        return keys.stream().map(key -> key(key, ring)).toList();
    }

    @Override
    public SigningKey rotate(Actor actor) {
        return key(signers.rotate(actor));
    }

    @Override
    public SigningKey introduce(String publicKey, Actor actor) {
        return key(rows.introduce(parse(publicKey), null, actor));
    }

    @Override
    public SigningKey retire(Digest id, Actor actor) {
        return key(rows.retire(id, actor));
    }

    private static VerifyingKey parse(String pem) {
        String text = pem.strip();
        if (text.length() > LONGEST || !text.startsWith(BEGIN) || !text.endsWith(END)) {
            throw invalid();
        }
        String inside = text.substring(BEGIN.length(), Math.max(BEGIN.length(), text.length() - END.length()));
        return VerifyingKey.parse(inside.replaceAll("\\s", "")).orElseThrow(Keys::invalid);
    }

    private static RuntimeException invalid() {
        return Problem.of(
                        ReceiptProblem.SIGNING_KEY_INVALID,
                        "the text is not one Ed25519 public key in PEM form",
                        "Send what maestro-signer prints, or openssl pkey -in KEY -pubout.")
                .asException();
    }

    private SigningKey key(StoredKey key) {
        return key(key, Rings.unpinned(rows.keys()));
    }

    private static SigningKey key(StoredKey key, KeyRing ring) {
        return new SigningKey(
                key.id(),
                BEGIN + "\n" + key.publicKey() + "\n" + END + "\n",
                key.remote() ? "remote" : "local",
                key.node(),
                key.createdAt(),
                key.validFrom(),
                key.retiredAt(),
                ring.introducer(key.id()));
    }
}
