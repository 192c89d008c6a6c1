package io.maestro.store;

import io.maestro.model.Actor;
import io.maestro.model.TenantId;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jooq.DSLContext;
import org.jspecify.annotations.Nullable;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The facts that acts have committed and that no receipt holds yet, in the order of their commits as far as one can tell.
 * The engine that seals receipts takes them out within the transaction in which it writes the receipts: nothing is lost
 * or doubled, whatever crashes. Blocks on the database; any thread.
 */
@ProviderType
public interface Facts {
    /**
     * Takes facts out, oldest first.
     *
     * @param sql of a note of the installation ({@link Database#noteAsPlatform})
     * @param limit how many at most
     * @param except the facts of these chains stay
     */
    List<Pending> take(DSLContext sql, int limit, Chains except);

    /**
     * Facts of one chain that wait, oldest first; they stay.
     *
     * @param sql of a transaction that may see the tenant
     * @param tenant whose chain; null for the platform's
     * @param limit how many at most
     */
    List<Pending> waiting(DSLContext sql, @Nullable TenantId tenant, int limit);

    /** How much waits. */
    Backlog backlog();

    /**
     * Has a listener called after each act of this node that committed facts. Called on the thread of the act; must not
     * block or throw. A hint only: acts of other nodes are not heard of.
     *
     * @return closed to end it
     */
    Registration onCommit(Runnable listener);

    /**
     * Has approvals used up by the acts that they allow. There is one at a time; while there is none, acts by an approval
     * fail.
     *
     * @return closed to end it
     */
    Registration onApproval(ApprovalUse use);

    /** Ends what was registered; never throws. */
    interface Registration extends AutoCloseable {
        @Override
        void close();
    }

    /**
     * Some chains.
     *
     * @param platform whether the platform's is among them
     * @param tenants whose are
     */
    record Chains(boolean platform, Set<TenantId> tenants) {
        /** No chain. */
        public static final Chains NONE = new Chains(false, Set.of());

        /** Copies the set. */
        public Chains {
            tenants = Set.copyOf(tenants);
        }
    }

    /**
     * A fact that waits for its receipt.
     *
     * @param id will be the receipt's
     * @param tenant whose chain; null for the platform's
     * @param actor who did it
     * @param at when, by the clock of the node that did it, in microseconds
     * @param fact what
     */
    record Pending(UUID id, @Nullable TenantId tenant, Actor actor, Instant at, Fact fact) {}

    /**
     * How much waits.
     *
     * @param facts how many
     * @param oldest since when the oldest waits; null when none does
     */
    record Backlog(long facts, @Nullable Instant oldest) {}
}
