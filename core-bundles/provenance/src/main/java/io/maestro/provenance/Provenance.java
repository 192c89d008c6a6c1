package io.maestro.provenance;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.provenance.Receipts;
import io.maestro.api.provenance.SigningKeys;
import io.maestro.api.telemetry.Metrics;
import io.maestro.store.Database;
import io.maestro.store.Facts;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.function.Function;

/** The parts of the engine, put together. */
final class Provenance implements AutoCloseable {
    private final Reading receipts;
    private final Keys keys;
    private final Sealer sealer;
    private final Signers signers;
    private final Signers.Remote remote;
    private final SealingMetrics metrics;

    /** Brings the schema up to date. Signs nothing yet. */
    Provenance(
            NodeSettings node,
            Database database,
            Facts facts,
            Function<SealingMetrics, Signers.Remote> remote,
            InstantSource clock,
            Sealer.Pace pace,
            Metrics metrics) {
        this.metrics = new SealingMetrics(metrics, clock);
        this.remote = remote.apply(this.metrics);
        database.migrate(JooqReceipts.MIGRATIONS);
        JooqReceipts rows = new JooqReceipts(database, facts);
        Path folder = node.data().resolve("keys/receipts");
        Vouchers vouchers = new Vouchers(folder);
        JooqKeys keyRows = new JooqKeys(database, vouchers, clock);
        TrustedRoots trusted = new TrustedRoots(folder);
        Rings rings = new Rings(keyRows, trusted);
        this.signers =
                new Signers(keyRows, new KeyFiles(folder), trusted, rings, vouchers, node.node(), this.remote, clock);
        JooqEnds ends = new JooqEnds();
        JooqCheckpoints checkpoints = new JooqCheckpoints(database);
        this.receipts = new Reading(
                rows,
                checkpoints,
                new JooqBreaks(database, ends, vouchers),
                rings,
                new Exports(rows, checkpoints, keyRows, rings, signers, clock),
                this.metrics);
        this.keys = new Keys(keyRows, signers);
        this.sealer = new Sealer(
                new JooqSealing(database, facts, ends, vouchers), signers, rings, facts, clock, pace, this.metrics);
    }

    /** Starts to seal. */
    void start() {
        signers.prepare();
        sealer.start();
    }

    Receipts receipts() {
        return receipts;
    }

    SigningKeys keys() {
        return keys;
    }

    Sealer sealer() {
        return sealer;
    }

    @Override
    public void close() {
        sealer.close();
        remote.close();
        metrics.close();
    }
}
