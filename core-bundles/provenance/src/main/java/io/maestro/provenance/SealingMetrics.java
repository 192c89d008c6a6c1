package io.maestro.provenance;

import io.maestro.api.telemetry.Metrics;
import io.maestro.store.Facts.Backlog;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;

/** What can be seen of sealing from outside. Any thread. */
final class SealingMetrics implements AutoCloseable {
    private static final int LATENCIES = 1_000;

    private final Metrics metrics;
    private final InstantSource clock;
    private final List<Metrics.Gauge> gauges;
    private final AtomicLongArray latencies = new AtomicLongArray(LATENCIES);
    private final AtomicInteger measured = new AtomicInteger();
    private volatile Backlog backlog = new Backlog(0, null);
    private volatile int stopped;

    SealingMetrics(Metrics metrics, InstantSource clock) {
        this.metrics = metrics;
        this.clock = clock;
        this.gauges = List.of(
                metrics.gauge("mc_facts_waiting", "Facts that no receipt holds yet.", () -> backlog.facts()),
                metrics.gauge(
                        "mc_facts_waiting_seconds",
                        "For how long the oldest of them has waited.",
                        this::waitingSeconds),
                metrics.gauge(
                        "mc_receipt_chains_stopped",
                        "Chains onto which nothing is sealed, for they end elsewhere than they did.",
                        () -> stopped),
                metrics.gauge(
                        "mc_signer_p95_ms",
                        "How long 95 of 100 of the last signatures by the signer apart from the server took at most.",
                        this::signerMillis));
    }

    /** What waits now, and how many chains are stopped. */
    void waiting(Backlog now, int stoppedChains) {
        backlog = now;
        stopped = stoppedChains;
    }

    /** Receipts were sealed. */
    void sealed(List<StoredReceipt> receipts) {
        if (!receipts.isEmpty()) {
            metrics.counter(
                            "mc_receipts_sealed_total",
                            "Receipts that were sealed.",
                            "signer",
                            receipts.getFirst().signer())
                    .add(receipts.size());
        }
    }

    /** A receipt or a chain turned out to be tampered with. */
    void tampered() {
        metrics.counter("mc_receipts_tampered_total", "Findings of receipts that are not as they were signed.")
                .add(1);
    }

    /** The signer took so long for one signature. */
    void signed(long nanos) {
        latencies.set(Math.floorMod(measured.getAndIncrement(), LATENCIES), nanos);
    }

    @Override
    public void close() {
        gauges.forEach(Metrics.Gauge::close);
    }

    private double waitingSeconds() {
        Instant oldest = backlog.oldest();
        return oldest == null
                ? 0
                : Math.max(0, Duration.between(oldest, clock.instant()).toMillis() / 1000.0);
    }

    private double signerMillis() {
        int count = Math.min(LATENCIES, Math.abs(measured.get()));
        if (count == 0) {
            return 0;
        }
        long[] sorted = new long[count];
        Arrays.setAll(sorted, latencies::get);
        Arrays.sort(sorted);
        return sorted[(int) Math.ceil(count * 0.95) - 1] / 1e6;
    }
}
