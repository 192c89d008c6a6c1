package io.maestro.provenance;

import io.maestro.model.TenantId;
import io.maestro.provenance.JooqEnds.Found.Broken;
import io.maestro.provenance.format.ReceiptBody;
import io.maestro.store.Facts.Chains;
import java.lang.System.Logger.Level;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/** The chains onto which nothing is sealed, for they end elsewhere than they did; their facts wait. Changed by the sealer alone. */
final class StoppedChains {
    private static final System.Logger LOG = System.getLogger(StoppedChains.class.getName());

    private final Map<String, Broken> stopped = new HashMap<>();
    private volatile Chains chains = Chains.NONE;

    /** As the queue of facts knows them. */
    Chains chains() {
        return chains;
    }

    /** Their names. */
    Set<String> names() {
        return Set.copyOf(stopped.keySet());
    }

    /** How many there are; any thread. */
    int count() {
        return chains.tenants().size() + (chains.platform() ? 1 : 0);
    }

    /** More of them. */
    void stop(Map<String, Broken> broken) {
        broken.forEach((chain, why) -> {
            if (stopped.put(chain, why) == null) {
                LOG.log(
                        Level.ERROR,
                        "the chain {0} is broken: {1}. Its receipts are not sealed until it is put back from a backup, or"
                                + " a platform administrator accepts the break with maestro receipts accept-break",
                        chain,
                        why.reason());
            }
        });
        set();
    }

    /** Only these are still broken. */
    void keep(Map<String, Broken> broken) {
        stopped.keySet().removeIf(chain -> {
            boolean mended = !broken.containsKey(chain);
            if (mended) {
                LOG.log(Level.INFO, "the chain {0} is sealed again", chain);
            }
            return mended;
        });
        set();
    }

    private void set() {
        Set<TenantId> tenants = new HashSet<>();
        for (String chain : stopped.keySet()) {
            ReceiptBody.tenant(chain).map(TenantId::new).ifPresent(tenants::add);
        }
        chains = new Chains(stopped.containsKey(ReceiptBody.PLATFORM), tenants);
    }
}
