package io.maestro.provenance;

import io.maestro.provenance.JooqEnds.Found.Broken;
import io.maestro.provenance.JooqSealing.Taken;
import io.maestro.provenance.format.KeyRing;
import io.maestro.provenance.format.KnownKey;
import io.maestro.store.Facts;
import io.maestro.store.Facts.Chains;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Seals facts into receipts, on one thread: woken by this node's acts, and by the clock for those of other nodes. Among the
 * nodes of a database one seals at a time.
 */
final class Sealer implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Sealer.class.getName());

    /** How many polls the first look may wait for a fact of this node's own. */
    private static final int START = 3;

    /**
     * How it keeps time.
     *
     * @param poll how long it waits for its own acts before it looks for those of others
     * @param gather how long it lets acts come together after the first
     * @param busy how long it does so when they come one after the other: a batch has a price, which the acts pay too
     * @param takeDown how often the platform's chain takes down the others
     * @param batch how many facts become receipts in one transaction
     */
    record Pace(Duration poll, Duration gather, Duration busy, Duration takeDown, int batch) {
        /** So many facts at once are a sign of more. */
        private static final int FEW = 8;

        static final Pace USUAL = new Pace(
                Duration.ofSeconds(1), Duration.ofMillis(20), Duration.ofMillis(250), Duration.ofMinutes(5), 500);

        Duration after(int sealed) {
            return sealed > FEW ? busy : gather;
        }
    }

    private final JooqSealing rows;
    private final Signers signers;
    private final Rings rings;
    private final Facts facts;
    private final SealingMetrics metrics;
    private final InstantSource clock;
    private final Pace pace;
    private final Semaphore wanted = new Semaphore(0);
    private final Semaphore ended = new Semaphore(0);
    private @Nullable Thread thread;
    private Facts.@Nullable Registration registration;
    private final StoppedChains stopped = new StoppedChains();
    private boolean tidy;
    private long lookedAgainAt;
    private boolean failing;
    private long takenDownAt;

    Sealer(
            JooqSealing rows,
            Signers signers,
            Rings rings,
            Facts facts,
            InstantSource clock,
            Pace pace,
            SealingMetrics metrics) {
        this.rows = rows;
        this.signers = signers;
        this.rings = rings;
        this.facts = facts;
        this.clock = clock;
        this.pace = pace;
        this.metrics = metrics;
        this.takenDownAt = System.nanoTime();
    }

    /** Starts the thread. */
    void start() {
        registration = facts.onCommit(wanted::release);
        thread = Thread.ofPlatform().name("receipts").daemon().start(this::run);
    }

    /** Stops; a batch that is under way is finished. What is left waits for the next start. */
    @Override
    public void close() {
        if (registration != null) {
            registration.close();
        }
        ended.release();
        wanted.release();
        Thread running = thread;
        if (running != null) {
            try {
                running.join(Duration.ofSeconds(30));
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void run() {
        try {
            // verifying keys is work for a processor, and the start of a node has better use for it; a fact wakes us
            if (wanted.tryAcquire(pace.poll().multipliedBy(START).toMillis(), TimeUnit.MILLISECONDS)) {
                wanted.drainPermits();
            }
            while (!ended.tryAcquire()) {
                int sealed = turn();
                if (wanted.tryAcquire(pace.poll().toMillis(), TimeUnit.MILLISECONDS)
                        && ended.tryAcquire(pace.after(sealed).toMillis(), TimeUnit.MILLISECONDS)) {
                    return;
                }
                wanted.drainPermits();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** One look at what waits, which tells how much was sealed; a failure is logged once, and what waits goes on waiting. */
    private int turn() {
        int sealed = 0;
        try {
            if (!tidy) {
                tidy();
            }
            lookAgain();
            int last;
            do {
                last = sealOnce();
                sealed += last;
            } while (last == pace.batch() && ended.availablePermits() == 0);
            if (System.nanoTime() - takenDownAt >= pace.takeDown().toNanos()) {
                takeDown();
                takenDownAt = System.nanoTime();
            }
            metrics.waiting(facts.backlog(), stopped.count());
            failing = false;
        } catch (RuntimeException | Error e) {
            // an error too is one turn's: a sealer that ended would leave everything unsealed until the next start
            LOG.log(
                    failing ? Level.DEBUG : Level.WARNING,
                    "receipts are not sealed, and will be once this is mended",
                    e);
            failing = true;
        }
        return sealed;
    }

    /** A chain that was stopped goes on once it is put back, or its break accepted. */
    private void lookAgain() {
        long now = System.nanoTime();
        if (stopped.count() > 0 && now - lookedAgainAt >= pace.poll().toNanos()) {
            lookedAgainAt = now;
            stopped.keep(rows.broken(stopped.names()));
        }
    }

    /** Sees to it that there is a key, and none too many. */
    void tidy() {
        // takes down which root this node trusts, once there is one; adds no key to a database that is not this node's
        rings.ring();
        signers.tidy();
        tidy = true;
    }

    /** Seals one batch and tells how many facts it had. */
    int sealOnce() {
        boolean[] introduced = new boolean[1];
        List<StoredReceipt> receipts = new ArrayList<>();
        int sealed = rows.seal(pace.batch(), new JooqSealing.Sealing() {
            @Override
            public boolean ready(List<StoredKey> keys) {
                // seals nothing behind receipts that this node does not trust
                rings.ring(keys);
                return signers.ready(keys);
            }

            @Override
            public Chains stopped() {
                return stopped.chains();
            }

            @Override
            public void stop(Map<String, Broken> broken) {
                stopped.stop(broken);
            }

            @Override
            public List<StoredReceipt> seal(Taken taken) {
                introduced[0] = taken.facts().stream()
                        .anyMatch(pending -> pending.fact().action().equals(KnownKey.INTRODUCE));
                receipts.addAll(sealBatch(taken));
                return receipts;
            }
        });
        metrics.sealed(receipts);
        if (introduced[0]) {
            tidy = false;
        }
        return sealed;
    }

    /** Has the platform's chain take down how far the others reach, and tells how many had grown. */
    int takeDown() {
        return rows.takeDown();
    }

    private List<StoredReceipt> sealBatch(Taken taken) {
        KeyRing ring = rings.ring(taken.keys());
        Batch batch = new Batch(taken, clock.instant().truncatedTo(ChronoUnit.MICROS));
        try {
            return sealBatch(batch, signers.preferred(taken.keys()), ring);
        } catch (SignerUnavailable e) {
            LOG.log(Level.DEBUG, "this batch is signed by the node", e);
        }
        try {
            return sealBatch(batch, signers.local(taken.keys()), ring);
        } catch (SignerUnavailable e) {
            // the signer was all that this node had
            throw new JooqSealing.NotReady();
        }
    }

    private static List<StoredReceipt> sealBatch(Batch batch, ReceiptSigner signer, KeyRing ring)
            throws SignerUnavailable {
        return batch.sealedBy(signer, ring.begin(signer.key()));
    }
}
