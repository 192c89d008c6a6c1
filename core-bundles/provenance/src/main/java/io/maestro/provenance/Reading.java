package io.maestro.provenance;

import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.api.provenance.Receipts;
import io.maestro.model.Actor;
import io.maestro.model.Json;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.TenantId;
import io.maestro.provenance.format.CanonicalJson;
import io.maestro.provenance.format.ChainCheck;
import io.maestro.provenance.format.ChainCheck.Look;
import io.maestro.provenance.format.KeyRing;
import io.maestro.provenance.format.UnfitJson;
import io.maestro.store.Cursor;
import io.maestro.store.Facts.Pending;
import java.lang.System.Logger.Level;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Receipts for those who ask. Nothing is given away unverified. */
final class Reading implements Receipts {
    private static final System.Logger LOG = System.getLogger(Reading.class.getName());

    private final JooqReceipts rows;
    private final Rings rings;
    private final Exports exports;
    private final WholeChains chains;
    private final JooqCheckpoints checkpoints;
    private final JooqBreaks breaks;
    private final SealingMetrics metrics;
    private final Verified verified;

    Reading(
            JooqReceipts rows,
            JooqCheckpoints checkpoints,
            JooqBreaks breaks,
            Rings rings,
            Exports exports,
            SealingMetrics metrics) {
        this.verified = new Verified();
        this.chains = new WholeChains(rows, checkpoints, verified, metrics);
        this.checkpoints = checkpoints;
        this.breaks = breaks;
        this.rows = rows;
        this.rings = rings;
        this.exports = exports;
        this.metrics = metrics;
    }

    @Override
    public Page<Receipt> receipts(@Nullable TenantId tenant, Filter filter, PageRequest page) {
        Page<StoredReceipt> found =
                Cursor.page(page, rows.page(tenant, filter, page), receipt -> JooqReceipts.after(receipt.sequence()));
        return new Page<>(verify(tenant, found.items()), found.next());
    }

    @Override
    public Receipt receipt(@Nullable TenantId tenant, UUID id) {
        Optional<StoredReceipt> found = rows.byId(tenant, id);
        if (found.isEmpty()) {
            Optional<Pending> waiting = rows.waiting(tenant, id);
            if (waiting.isPresent()) {
                return unsealed(waiting.get(), breaks.reason(JooqReceipts.chain(tenant)));
            }
            // it may have been sealed between the two looks
            found = rows.byId(tenant, id);
        }
        return found.map(stored -> verify(tenant, List.of(stored)).getFirst())
                .orElseThrow(() -> Problem.of(
                                ReceiptProblem.RECEIPT_UNKNOWN,
                                "there is no receipt " + id + " in the chain " + JooqReceipts.chain(tenant),
                                "List the receipts of the chain to find it.")
                        .asException());
    }

    @Override
    public Verification verify(@Nullable TenantId tenant, long after) {
        return chains.verify(tenant, after, rings.ring());
    }

    @Override
    public Export export(@Nullable TenantId tenant, @Nullable Instant from, @Nullable Instant to) {
        return exports.export(tenant, from, to);
    }

    @Override
    public Break acceptBreak(@Nullable TenantId tenant, long last, String reason, Actor actor) {
        return breaks.accept(JooqReceipts.chain(tenant), last, reason, actor);
    }

    private List<Receipt> verify(@Nullable TenantId tenant, List<StoredReceipt> wanted) {
        KeyRing ring = rings.ring();
        // before the neighbours: the chain cannot be shorter than this any more
        long reached = checkpoints.noted(JooqReceipts.chain(tenant));
        Map<Long, StoredReceipt> around = new HashMap<>();
        TreeSet<Long> missing = new TreeSet<>();
        for (StoredReceipt stored : wanted) {
            around.put(stored.sequence(), stored);
            missing.add(stored.sequence() - 1);
            missing.add(stored.sequence() + 1);
        }
        missing.removeAll(around.keySet());
        around.putAll(rows.at(tenant, missing));
        Map<Long, Look> looks = new HashMap<>();
        around.forEach((place, stored) -> looks.put(place, neighbour(stored)));
        wanted.forEach(stored -> looks.put(stored.sequence(), verified.look(stored, ring)));
        return wanted.stream()
                .map(stored -> receipt(tenant, stored, looks, reached))
                .toList();
    }

    /** Of a neighbour only the hash and what it names before it matter. */
    private static Look neighbour(StoredReceipt stored) {
        return ChainCheck.unsigned(stored.sealed());
    }

    private Receipt receipt(@Nullable TenantId tenant, StoredReceipt stored, Map<Long, Look> looks, long reached) {
        long place = stored.sequence();
        Look look = looks.getOrDefault(place, neighbour(stored));
        String defect = look.defect() != null
                ? look.defect()
                : Verified.misfit(look, looks.get(place - 1), looks.get(place + 1));
        if (defect == null && reached > place && !looks.containsKey(place + 1)) {
            defect = "the receipt behind it is missing";
        }
        if (defect != null) {
            metrics.tampered();
            LOG.log(
                    Level.ERROR,
                    "receipt {0} of the chain {1} was tampered with: {2}",
                    Long.toString(place),
                    JooqReceipts.chain(tenant),
                    defect);
        }
        return new Receipt(
                stored.id(), true, defect == null, defect, json(stored.body()), place, look.hash(), stored.signature());
    }

    private static @Nullable Json json(String body) {
        try {
            CanonicalJson.parse(body);
            return new Json(body);
        } catch (UnfitJson e) {
            return null;
        }
    }

    private static Receipt unsealed(Pending pending, @Nullable String brokenBy) {
        Map<String, @Nullable Object> subject = new LinkedHashMap<>();
        subject.put("digest", pending.fact().subject().digest());
        subject.put("name", pending.fact().subject().name());
        subject.put("type", pending.fact().subject().type());
        Map<String, @Nullable Object> body = new LinkedHashMap<>();
        body.put("action", pending.fact().action());
        body.put("actor", pending.actor().id());
        body.put("chain", JooqReceipts.chain(pending.tenant()));
        body.put("correlationId", pending.actor().correlationId());
        body.put("decision", pending.fact().decision());
        body.put("environment", pending.fact().environment());
        body.put("id", pending.id());
        body.put("occurredAt", pending.at());
        body.put("subject", subject);
        body.put("tenant", pending.tenant());
        return new Receipt(pending.id(), false, false, brokenBy, Json.object(body), 0, null, null);
    }
}
