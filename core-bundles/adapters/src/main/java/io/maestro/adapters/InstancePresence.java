package io.maestro.adapters;

import io.maestro.api.adapters.Instances.Instance;
import io.maestro.api.adapters.Presence;
import io.maestro.api.store.Transaction;
import io.maestro.store.JooqTransaction;
import java.util.Collection;
import java.util.Comparator;
import org.jooq.DSLContext;

/** Locks the rows of instances for others, in one order, whatever the order in which they are given. */
final class InstancePresence implements Presence {
    private static final Comparator<Instance> ORDER =
            Comparator.comparing((Instance one) -> one.scope().toString()).thenComparing(Instance::id);

    @Override
    public void require(Transaction act, Collection<Instance> seen) {
        DSLContext sql = JooqTransaction.of(act);
        seen.stream().sorted(ORDER).forEach(one -> JooqInstances.keep(sql, one));
    }
}
