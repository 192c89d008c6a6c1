package io.maestro.provenance;

import io.maestro.model.Actor;
import io.maestro.model.Digest;
import io.maestro.provenance.format.KeyRing;
import io.maestro.provenance.format.SignerKind;
import io.maestro.provenance.format.SigningSeed;
import java.lang.System.Logger.Level;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who signs: the signer that is set up, while it answers and its key is introduced; else this node. A node signs with a key
 * that was introduced. Only two sign before that, and so introduce themselves: the very first of a database, and one that the
 * operator named in the file of this node's roots, because the nodes whose keys could have introduced it are gone.
 */
final class Signers {
    private static final System.Logger LOG = System.getLogger(Signers.class.getName());

    /** How long this node waits for another one to seal the introduction of its key, before it says so. */
    private static final Duration DEFERENCE = Duration.ofSeconds(30);

    private final JooqKeys keys;
    private final KeyFiles files;
    private final TrustedRoots trusted;
    private final Rings rings;
    private final Vouchers vouchers;
    private final String node;
    private final Remote remote;
    private final InstantSource clock;
    private final Instant since;
    private boolean complained;
    private @Nullable ReceiptSigner opened;

    /** The signer apart from the server, if one is set up. */
    interface Remote extends AutoCloseable {
        /** No signer is set up. */
        Remote NONE = new Remote() {
            @Override
            public boolean configured() {
                return false;
            }

            @Override
            public Optional<ReceiptSigner> open(List<StoredKey> known) {
                return Optional.empty();
            }
        };

        /** Whether one is set up. */
        boolean configured();

        /** The signer, when it can be expected to answer and its key is among these and may sign. */
        Optional<ReceiptSigner> open(List<StoredKey> known);

        @Override
        default void close() {}
    }

    Signers(
            JooqKeys keys,
            KeyFiles files,
            TrustedRoots trusted,
            Rings rings,
            Vouchers vouchers,
            String node,
            Remote remote,
            InstantSource clock) {
        this.keys = keys;
        this.files = files;
        this.trusted = trusted;
        this.rings = rings;
        this.vouchers = vouchers;
        this.node = node;
        this.remote = remote;
        this.clock = clock;
        this.since = clock.instant();
    }

    /** Lets the first node of a database vouch at once, for somebody may introduce a key before it is tidy. */
    void prepare() {
        if (!vouchers.ready() && keys.keys().isEmpty()) {
            vouchers.create();
        }
    }

    /** Sees to it that this node has a key, and that it has no private half any more that signs nothing. */
    void tidy() {
        List<StoredKey> known = keys.keys();
        KeyRing ring = rings.ring(known);
        boolean successor = introduced(known, ring).findAny().isPresent();
        if (!vouchers.ready() && (known.isEmpty() || successor)) {
            vouchers.create();
        }
        for (StoredKey key : known) {
            // what is only in rows makes no node destroy its key
            if (successor && ring.trusts(key.id()) && ring.end(key.id()) != null) {
                files.forget(key.id());
            }
        }
        if (mine(known).noneMatch(key -> files.has(key.id()))) {
            rotate(Actor.system("provenance"));
        }
    }

    /** The keys of this node that may sign, by receipts that it trusts, newest first. */
    private Stream<StoredKey> introduced(List<StoredKey> known, KeyRing ring) {
        return mine(known)
                .filter(StoredKey::current)
                .filter(key -> ring.trusts(key.id()) && ring.begin(key.id()) != null && ring.end(key.id()) == null)
                .filter(key -> files.has(key.id()));
    }

    /** Makes this node a new key, which signs once its introduction is sealed. */
    StoredKey rotate(Actor actor) {
        vouchers.require();
        SigningSeed seed = files.create();
        return keys.introduce(seed.verifyingKey(), node, actor);
    }

    /** Whether this node can sign. Called by the sealer. */
    boolean ready(List<StoredKey> known) {
        if (own(known) != null) {
            return true;
        }
        // an introduced signer can sign the introduction of this node's key
        if (opened == null) {
            opened = open(known).orElse(null);
        }
        if (opened != null) {
            return true;
        }
        if (!complained && clock.instant().isAfter(since.plus(DEFERENCE))) {
            complained = true;
            mine(known)
                    .findFirst()
                    .ifPresent(key -> LOG.log(
                            Level.WARNING,
                            "the key {0} of this node does not sign: no trusted key has introduced it. Another node of the"
                                    + " database does so, when both have the same file {2}; if it was refused, as a receipt"
                                    + " of the installation says, put that file right and make another key: maestro receipts"
                                    + " rotate-key. If there is no node left that could, or receipts of keys are lost, add the"
                                    + " fingerprint as a line to {1}: then this key begins anew",
                            key.id(),
                            trusted.file(),
                            vouchers.file()));
        }
        return false;
    }

    /** Who signs the next batch. */
    ReceiptSigner preferred(List<StoredKey> known) throws SignerUnavailable {
        ReceiptSigner ready = opened;
        opened = null;
        if (ready != null) {
            return ready;
        }
        Optional<ReceiptSigner> open = open(known);
        return open.isPresent() ? open.get() : local(known);
    }

    private Optional<ReceiptSigner> open(List<StoredKey> known) {
        KeyRing ring = rings.ring(known);
        return remote.open(known.stream()
                .filter(key -> ring.trusts(key.id()) && ring.end(key.id()) == null)
                .toList());
    }

    /** This node. */
    ReceiptSigner local(List<StoredKey> known) throws SignerUnavailable {
        SigningSeed seed = own(known);
        if (seed == null) {
            throw new SignerUnavailable("this node has no key that can sign", null);
        }
        return new LocalSigner(seed, remote.configured() ? SignerKind.LOCAL_FALLBACK : SignerKind.LOCAL);
    }

    private @Nullable SigningSeed own(List<StoredKey> known) {
        Optional<SigningSeed> introduced = introduced(known, rings.ring(known))
                .flatMap(key -> files.find(key.id()).stream())
                .findFirst();
        if (introduced.isPresent()) {
            return introduced.get();
        }
        Set<Digest> roots = trusted.read();
        boolean first = roots.isEmpty() && known.stream().noneMatch(key -> key.validFrom() != null);
        return mine(known)
                .filter(key -> first || roots.contains(key.id()))
                .flatMap(key -> files.find(key.id()).stream())
                .findFirst()
                .orElse(null);
    }

    private Stream<StoredKey> mine(List<StoredKey> known) {
        return known.stream()
                .filter(key -> node.equals(key.node()) && key.retiredAt() == null)
                .sorted(Comparator.comparing(StoredKey::createdAt).reversed());
    }

    /** The key that this node signs with itself; empty while it has none. */
    Optional<SigningSeed> node() {
        return Optional.ofNullable(own(keys.keys()));
    }
}
