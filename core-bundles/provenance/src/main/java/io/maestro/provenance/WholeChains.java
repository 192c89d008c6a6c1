package io.maestro.provenance;

import io.maestro.api.provenance.Receipts.Verification;
import io.maestro.model.TenantId;
import io.maestro.provenance.JooqCheckpoints.Accepted;
import io.maestro.provenance.format.ChainCheck;
import io.maestro.provenance.format.ChainCheck.Look;
import io.maestro.provenance.format.Checkpoint;
import io.maestro.provenance.format.Defect;
import io.maestro.provenance.format.KeyRing;
import io.maestro.provenance.format.ReceiptBody;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Verifies whole chains, a part at a time: each receipt, and every checkpoint that the platform's chain holds of them. */
final class WholeChains {
    private static final System.Logger LOG = System.getLogger(WholeChains.class.getName());

    /** How many receipts one request verifies; some seconds of computing. */
    private static final int AT_A_TIME = 10_000;

    private static final int STEP = 500;

    private final JooqReceipts rows;
    private final JooqCheckpoints checkpoints;
    private final Verified verified;
    private final SealingMetrics metrics;

    WholeChains(JooqReceipts rows, JooqCheckpoints checkpoints, Verified verified, SealingMetrics metrics) {
        this.rows = rows;
        this.checkpoints = checkpoints;
        this.verified = verified;
        this.metrics = metrics;
    }

    /**
     * How far a chain is known to have reached; looked up before its end, so that it cannot grow in between.
     *
     * @param platform where the platform's chain ended then
     * @param noted the place that was sealed last
     */
    private record Reached(long platform, long noted) {}

    Verification verify(@Nullable TenantId tenant, long after, KeyRing ring) {
        String name = JooqReceipts.chain(tenant);
        Reached reached = new Reached(rows.lastBefore(null, null), checkpoints.noted(name));
        long end = rows.lastBefore(tenant, null);
        ChainCheck chain = new ChainCheck(name);
        if (after > 0) {
            StoredReceipt before = rows.at(tenant, List.of(after)).get(after);
            if (before == null) {
                return new Verification(false, 0, after, false, after, "the receipt is missing");
            }
            chain = ChainCheck.after(name, verified.look(before, ring));
        }
        long last = after;
        long checked = 0;
        Defect defect = null;
        TakenDown taken = new TakenDown();
        try {
            taken.read(name, reached, after, end, ring);
            while (last < end && checked < AT_A_TIME) {
                List<StoredReceipt> step = rows.behind(tenant, last, end, STEP);
                List<Look> looks = step.parallelStream()
                        .map(stored -> verified.look(stored, ring))
                        .toList();
                for (int i = 0; i < looks.size(); i++) {
                    long place = step.get(i).sequence();
                    check(chain, looks.get(i), last, place);
                    taken.check(place, looks.get(i));
                    last = place;
                    checked++;
                }
                if (step.isEmpty()) {
                    throw new Found(new Defect(last + 1, "it is missing"));
                }
            }
            if (last >= end) {
                taken.checkEnd(end, reached);
            }
        } catch (Found e) {
            defect = e.defect;
        }
        if (defect == null) {
            return new Verification(true, checked, last, last >= end, 0, null);
        }
        LOG.log(Level.ERROR, "the chain {0} was tampered with: {1}", name, defect);
        metrics.tampered();
        return new Verification(false, checked, last, false, defect.sequence(), defect.reason());
    }

    private static void check(ChainCheck chain, Look look, long last, long place) throws Found {
        if (last == 0 && place != 1) {
            throw new Found(new Defect(1, "it is missing"));
        }
        Optional<Defect> defect = chain.next(look);
        if (defect.isPresent()) {
            throw new Found(new Defect(place, defect.get().reason()));
        }
    }

    /** Ends the walk. */
    private static final class Found extends Exception {
        private static final long serialVersionUID = 1;

        private final transient Defect defect;

        Found(Defect defect) {
            super(defect.reason(), null, false, false);
            this.defect = defect;
        }
    }

    /** What the platform's chain has taken down of a part of a chain, but for what an accepted break made void. */
    private final class TakenDown {
        private final Map<Long, List<Checkpoint>> places = new HashMap<>();
        private long farthest;

        void read(String chain, Reached reached, long after, long end, KeyRing ring) throws Found {
            List<Accepted> accepted = new ArrayList<>();
            for (StoredReceipt stored : checkpoints.acceptances(chain)) {
                accepted.add(new Accepted(
                        stored.sequence(), checkpoint(stored, chain, ring).sequence()));
            }
            for (StoredReceipt stored :
                    checkpoints.of(chain, reached.platform(), after, after + AT_A_TIME, end, accepted, 2 * AT_A_TIME)) {
                Checkpoint taken = checkpoint(stored, chain, ring);
                places.computeIfAbsent(taken.sequence(), _ -> new ArrayList<>()).add(taken);
                farthest = Math.max(farthest, taken.sequence());
            }
        }

        /** One that is not good is evidence too: of the platform's chain. */
        private Checkpoint checkpoint(StoredReceipt stored, String chain, KeyRing ring) throws Found {
            Look look = verified.look(stored, ring);
            ReceiptBody body = look.body();
            Optional<Checkpoint> taken = body == null || look.defect() != null
                    ? Optional.empty()
                    : Checkpoint.of(body).filter(found -> found.chain().equals(chain));
            return taken.orElseThrow(() -> new Found(new Defect(
                    0,
                    "the platform's receipt " + stored.sequence() + ", which takes down this chain, is not good: "
                            + (look.defect() == null ? "it is no checkpoint" : look.defect()))));
        }

        void check(long place, Look look) throws Found {
            for (Checkpoint taken : places.getOrDefault(place, List.of())) {
                if (!look.hash().equals(taken.hash())) {
                    throw new Found(new Defect(place, "it is not the one that the platform's chain took down"));
                }
            }
        }

        void checkEnd(long end, Reached reached) throws Found {
            long known = Math.max(farthest, reached.noted());
            if (known > end) {
                throw new Found(
                        new Defect(end + 1, "the chain reached receipt " + known + ", the last ones are missing"));
            }
        }
    }
}
