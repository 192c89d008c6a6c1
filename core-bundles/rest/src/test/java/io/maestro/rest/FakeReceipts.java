package io.maestro.rest;

import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.api.provenance.Receipts;
import io.maestro.api.provenance.SigningKeys;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One receipt and one key, and what was asked for. */
final class FakeReceipts implements Receipts, SigningKeys {
    static final UUID ID = new UUID(1, 2);

    private final List<String> touched;

    /** The last filter that was asked for. */
    volatile Filter filter = Filter.all();

    FakeReceipts(List<String> touched) {
        this.touched = touched;
    }

    @Override
    public Page<Receipt> receipts(@Nullable TenantId tenant, Filter wanted, PageRequest page) {
        touched.add("receipts");
        filter = wanted;
        return new Page<>(List.of(receipt()), "more");
    }

    @Override
    public Receipt receipt(@Nullable TenantId tenant, UUID id) {
        touched.add("receipt");
        if (!id.equals(ID)) {
            throw Fakes.problem(ReceiptProblem.RECEIPT_UNKNOWN);
        }
        return receipt();
    }

    @Override
    public Verification verify(@Nullable TenantId tenant, long after) {
        touched.add("verify");
        return new Verification(false, 3, after + 3, false, after + 4, "the signature does not match the body");
    }

    @Override
    public Export export(@Nullable TenantId tenant, @Nullable Instant from, @Nullable Instant to) {
        touched.add("export");
        return out -> {
            out.write("{\"line\":1}\n".getBytes(StandardCharsets.UTF_8));
            if (from != null) {
                throw new IllegalStateException("the database broke off");
            }
        };
    }

    @Override
    public Break acceptBreak(@Nullable TenantId tenant, long last, String reason, Actor actor) {
        touched.add("acceptBreak");
        return new Break(tenant == null ? "platform" : "tenant:" + tenant, 20, last);
    }

    @Override
    public List<SigningKey> keys() {
        touched.add("keys");
        return List.of(key());
    }

    @Override
    public SigningKey rotate(Actor actor) {
        touched.add("rotate");
        return key();
    }

    @Override
    public SigningKey introduce(String publicKey, Actor actor) {
        touched.add("introduce");
        return key();
    }

    @Override
    public SigningKey retire(Digest id, Actor actor) {
        touched.add("retire");
        return key();
    }

    private static Receipt receipt() {
        return new Receipt(
                ID,
                true,
                true,
                null,
                new Json("{\"action\":\"tenant.create\",\"sequence\":3}"),
                3,
                Fakes.DIGEST,
                "c2ln");
    }

    private static SigningKey key() {
        return new SigningKey(Fakes.DIGEST, "PEM", "local", "node-1", Fakes.NOW, Fakes.NOW, null, Fakes.DIGEST);
    }
}
