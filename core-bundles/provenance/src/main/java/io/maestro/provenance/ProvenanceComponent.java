package io.maestro.provenance;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.provenance.Receipts;
import io.maestro.api.provenance.SigningKeys;
import io.maestro.api.telemetry.Metrics;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.TenantId;
import io.maestro.store.Database;
import io.maestro.store.Facts;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;

/** Offers receipts and signing keys, and seals; immediate, for facts are sealed whether anybody asks or not. */
@Component(immediate = true)
public final class ProvenanceComponent implements Receipts, SigningKeys {
    private static final Duration SIGNER_DEADLINE = Duration.ofSeconds(2);
    private static final Duration SIGNER_REST = Duration.ofSeconds(5);

    private final Provenance provenance;

    @Activate
    public ProvenanceComponent(
            @Reference NodeSettings settings,
            @Reference Database database,
            @Reference Facts facts,
            @Reference Metrics metrics) {
        this.provenance = new Provenance(
                settings,
                database,
                facts,
                counts -> remote(settings, counts),
                InstantSource.system(),
                Sealer.Pace.USUAL,
                metrics);
        provenance.start();
    }

    /** What a signer needs is loaded only when there is one. */
    private static Signers.Remote remote(NodeSettings settings, SealingMetrics counts) {
        NodeSettings.Signer signer = settings.signer();
        return signer == null
                ? Signers.Remote.NONE
                : new RemoteSigner(signer, SIGNER_DEADLINE, SIGNER_REST, counts::signed);
    }

    @Deactivate
    void close() {
        provenance.close();
    }

    @Override
    public Page<Receipt> receipts(@Nullable TenantId tenant, Filter filter, PageRequest page) {
        return provenance.receipts().receipts(tenant, filter, page);
    }

    @Override
    public Receipt receipt(@Nullable TenantId tenant, UUID id) {
        return provenance.receipts().receipt(tenant, id);
    }

    @Override
    public Verification verify(@Nullable TenantId tenant, long after) {
        return provenance.receipts().verify(tenant, after);
    }

    @Override
    public Export export(@Nullable TenantId tenant, @Nullable Instant from, @Nullable Instant to) {
        return provenance.receipts().export(tenant, from, to);
    }

    @Override
    public Break acceptBreak(@Nullable TenantId tenant, long last, String reason, Actor actor) {
        return provenance.receipts().acceptBreak(tenant, last, reason, actor);
    }

    @Override
    public List<SigningKey> keys() {
        return provenance.keys().keys();
    }

    @Override
    public SigningKey rotate(Actor actor) {
        return provenance.keys().rotate(actor);
    }

    @Override
    public SigningKey introduce(String publicKey, Actor actor) {
        return provenance.keys().introduce(publicKey, actor);
    }

    @Override
    public SigningKey retire(Digest id, Actor actor) {
        return provenance.keys().retire(id, actor);
    }
}
