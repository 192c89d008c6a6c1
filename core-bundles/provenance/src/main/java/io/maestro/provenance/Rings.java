package io.maestro.provenance;

import io.maestro.api.provenance.ReceiptProblem;
import io.maestro.model.Digest;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.provenance.format.KeyRing;
import io.maestro.provenance.format.KnownKey;
import java.lang.System.Logger.Level;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The keys that verify receipts, as far as this node's roots vouch for them; the introductions are verified anew only when
 * something changed. A node that has no root yet takes the one that it finds first, and no other ever after. Any thread.
 */
final class Rings {
    private static final System.Logger LOG = System.getLogger(Rings.class.getName());

    private final JooqKeys rows;
    private final TrustedRoots trusted;
    private volatile @Nullable Known known;

    Rings(JooqKeys rows, TrustedRoots trusted) {
        this.rows = rows;
        this.trusted = trusted;
    }

    private record Known(List<StoredKey> keys, Set<Digest> roots, KeyRing ring) {}

    /**
     * The ring as the rows are now.
     *
     * @throws ProblemException {@link ReceiptProblem#SIGNING_ROOT_DIFFERENT} when they begin with another key than this node's
     *     trust
     */
    KeyRing ring() {
        return ring(rows.keys());
    }

    /** The ring of these rows; fails as the other does. */
    KeyRing ring(List<StoredKey> keys) {
        Set<Digest> roots = trusted.read();
        Known last = known;
        if (last != null && last.keys().equals(keys) && last.roots().equals(roots)) {
            return last.ring();
        }
        List<KnownKey> all = known(keys);
        KeyRing ring = roots.isEmpty() ? first(all) : KeyRing.trusting(all, roots);
        if (!roots.isEmpty() && roots.stream().noneMatch(ring::trusts)) {
            throw different("the database has none of the keys " + text(roots) + ", at which this node's trust begins");
        }
        known = new Known(keys, roots, ring);
        return ring;
    }

    /** The ring for those who only look at keys. */
    static KeyRing unpinned(List<StoredKey> keys) {
        return KeyRing.trustingItself(known(keys));
    }

    private KeyRing first(List<KnownKey> all) {
        KeyRing ring = KeyRing.trustingItself(all);
        if (ring.roots().size() > 1) {
            throw different("the database has " + ring.roots().size() + " keys that introduced themselves, "
                    + text(ring.roots()) + ", and this node has no root yet that would tell which to trust");
        }
        ring.roots().forEach(root -> {
            trusted.pin(root);
            LOG.log(
                    Level.INFO,
                    "from now on this node trusts receipts for which the key {0} vouches; it stands in {1}",
                    root,
                    trusted.file());
        });
        return ring;
    }

    private ProblemException different(String detail) {
        return Problem.of(
                        ReceiptProblem.SIGNING_ROOT_DIFFERENT,
                        detail,
                        "Give the node the database that it had, or put back the one that was. If this one is right, write"
                                + " the fingerprint of its first key, as you know it from elsewhere, into the file "
                                + trusted.file() + ".")
                .asException();
    }

    private static List<KnownKey> known(List<StoredKey> keys) {
        return keys.stream().map(StoredKey::known).flatMap(Optional::stream).toList();
    }

    private static String text(Collection<Digest> keys) {
        return keys.stream().map(Digest::toString).collect(Collectors.joining(", "));
    }
}
