package io.maestro.residency;

import io.maestro.api.policy.Decision;
import io.maestro.api.residency.Items.Content;
import io.maestro.api.residency.ResidencyProblem;
import io.maestro.api.residency.Transfers.State;
import io.maestro.api.residency.Transfers.Transfer;
import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import io.maestro.residency.JooqLedger.Entry;
import io.maestro.residency.JooqLedger.Next;
import io.maestro.residency.JooqTransfers.Taken;
import io.maestro.residency.Placement.Written;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/**
 * Moves items one by one. All that it knows is in the database, so any node goes on where another was killed. Two that move the same
 * item do double work and no harm: the item changes over from what was copied only, and the other copy is swept away. Each
 * goes on by itself: one whose storage hangs holds up no other.
 */
final class TransferRunner implements AutoCloseable {
    /** How long a node has a transfer to itself; begins anew with each item, and with each turn while one is copied. */
    static final Duration LEASE = Duration.ofSeconds(30);

    /** So many attempts in a row fail before it is given up. */
    static final int MOST_ATTEMPTS = 5;

    /** Between an attempt that failed and the next. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    private static final System.Logger LOG = System.getLogger(TransferRunner.class.getName());
    private static final Actor SELF = Router.SELF;
    private static final Duration SETTLING = Duration.ofSeconds(1);
    private static final int PER_TURN = 50;

    /** What is wrong with one item, and says nothing of the others. */
    private static final Set<String> OF_AN_ITEM =
            Set.of(ResidencyProblem.DATA_DAMAGED.code(), "object-not-found", "content-digest-mismatch");

    private final JooqTransfers rows;
    private final JooqFailures failures;
    private final JooqLedger ledger;
    private final Backends backends;
    private final ResidencyGuard guard;
    private final InstantSource clock;
    private final Lanes<Lane> lanes;

    /** Where a transfer goes on under the lease with which it was taken up. */
    private record Lane(UUID transfer, UUID lease) {}

    /**
     * Does nothing yet.
     *
     * @param patience how long a turn waits for the transfers that go on in it
     */
    TransferRunner(
            JooqTransfers rows,
            JooqFailures failures,
            JooqLedger ledger,
            Backends backends,
            ResidencyGuard guard,
            InstantSource clock,
            Duration patience) {
        this.rows = rows;
        this.failures = failures;
        this.ledger = ledger;
        this.backends = backends;
        this.guard = guard;
        this.clock = clock;
        this.lanes = new Lanes<>(patience);
    }

    /** Goes on with what is due; of each some items, so that all come to their turn. What hangs goes on beside the next turns. */
    void turn() {
        Set<Lane> under = lanes.taken();
        rows.renew(under.stream().map(Lane::lease).collect(Collectors.toSet()), LEASE);
        List<Future<?>> begun = new ArrayList<>();
        if (lanes.free() > 0) {
            // one that was resumed while its lane still hangs goes on elsewhere, or once the lane is free
            Set<UUID> busy = under.stream().map(Lane::transfer).collect(Collectors.toSet());
            for (Taken taken : rows.take(busy, lanes.full(), lanes.free(), LEASE)) {
                Transfer transfer = taken.transfer();
                lanes.begin(
                                new Lane(transfer.id(), taken.lease()),
                                transfer.scope().tenant(),
                                () -> goOn(taken))
                        .ifPresent(begun::add);
            }
        }
        lanes.await(begun);
    }

    private void goOn(Taken taken) {
        try {
            rows.goOn(taken, some(taken));
        } catch (ProblemException e) {
            Problem problem = e.problem();
            rows.failed(taken, problem.code() + ": " + problem.detail(), MOST_ATTEMPTS, later(), SELF);
        } catch (RuntimeException e) {
            Transfer transfer = taken.transfer();
            LOG.log(Level.ERROR, "the transfer " + transfer.id() + " of " + transfer.scope() + " failed", e);
            rows.failed(taken, "internal: see the log of the node", MOST_ATTEMPTS, later(), SELF);
        }
    }

    /** Breaks off what is under way. */
    @Override
    public void close() {
        lanes.close();
    }

    private Instant later() {
        return clock.instant().plus(PAUSE);
    }

    /**
     * Moves some items; returns when it goes on. An item that cannot be moved waits until all others were tried.
     *
     * @throws ProblemException when the storage fails, or nothing is left but items that fail again and again
     */
    private Instant some(Taken taken) {
        Transfer transfer = taken.transfer();
        boolean moved = false;
        ProblemException again = null;
        Set<UUID> failed = new HashSet<>();
        for (int i = 0; i < PER_TURN; i++) {
            Optional<Next> next = ledger.next(transfer);
            if (next.isEmpty()) {
                return finish(transfer);
            }
            if (failed.contains(next.get().entry().placement().id())) {
                // all that is left has failed in this turn
                break;
            }
            try {
                if (moved(transfer, next.get().entry())) {
                    moved = true;
                } else if (!runs(transfer)) {
                    return clock.instant();
                }
            } catch (ProblemException e) {
                failures.add(transfer, next.get().entry(), e.problem());
                failed.add(next.get().entry().placement().id());
                if (!OF_AN_ITEM.contains(e.problem().code())) {
                    throw e;
                }
                if (next.get().tried()) {
                    again = e;
                }
            }
            rows.renew(Set.of(taken.lease()), LEASE);
        }
        if (again != null && !moved) {
            throw again;
        }
        return clock.instant();
    }

    private boolean runs(Transfer transfer) {
        return rows.find(transfer.scope(), transfer.id())
                .filter(now -> now.state() == State.RUNNING)
                .isPresent();
    }

    /** It is done when nothing at the source is being written or about to be deleted either. */
    private Instant finish(Transfer transfer) {
        Optional<Transfer> now = rows.find(transfer.scope(), transfer.id());
        if (now.filter(left -> left.leftItems() == 0 && left.unsettled() == 0).isPresent()) {
            rows.end(transfer, State.DONE, SELF);
        }
        return clock.instant().plus(SETTLING);
    }

    /** Whether this changed the item over; it is no failure when somebody else has changed the item meanwhile. */
    private boolean moved(Transfer transfer, Entry entry) {
        try {
            return move(transfer, entry);
        } catch (ProblemException e) {
            Optional<Entry> now = ledger.find(transfer.scope(), entry.item().name());
            if (now.filter(same ->
                            same.placement().id().equals(entry.placement().id()))
                    .isPresent()) {
                throw e;
            }
            return false;
        }
    }

    private boolean move(Transfer transfer, Entry entry) {
        Scope scope = transfer.scope();
        Digest digest = entry.written().digest();
        Backend target = backends.open(scope, transfer.course().target());
        Decision decision = guard.require(
                Asked.item(
                                scope,
                                "transfer.copy",
                                entry.item().name(),
                                transfer.course().region(),
                                digest,
                                SELF)
                        .from(entry.item().region()),
                target);
        Optional<Placement> intended =
                ledger.intendCopy(transfer, entry.item().name(), entry.item().contentType());
        return intended.isPresent() && copied(transfer, entry, intended.get(), target, decision);
    }

    private Written put(Entry entry, Placement copy, Backend target, Content content, MeasuredStream bytes) {
        try {
            return backends.put(copy, target, content, SELF);
        } catch (RuntimeException e) {
            if (!bytes.damaged()) {
                throw e;
            }
            // the target only says that it could not read on
            ProblemException damaged = Backends.damaged(entry.placement(), "the bytes are not those that were stored");
            damaged.addSuppressed(e);
            throw damaged;
        }
    }

    private boolean copied(Transfer transfer, Entry entry, Placement copy, Backend target, Decision decision) {
        Digest digest = entry.written().digest();
        boolean moved = false;
        try (MeasuredStream bytes = backends.get(entry.placement(), entry.written(), SELF)) {
            OptionalLong length = OptionalLong.of(entry.written().size());
            Content content = new Content(copy.contentType(), bytes, length, digest);
            Written written = put(entry, copy, target, content, bytes);
            if (!written.equals(entry.written())) {
                throw Backends.damaged(entry.placement(), "it has other bytes");
            }
            backends.verify(copy, written, SELF);
            moved = ledger.move(transfer.id(), entry, copy, written, Router.allowed(SELF, decision));
            return moved;
        } catch (IOException e) {
            throw Backends.damaged(entry.placement(), String.valueOf(e.getMessage()));
        } finally {
            if (!moved && !ledger.giveUp(copy)) {
                backends.delete(copy, SELF);
            }
        }
    }
}
