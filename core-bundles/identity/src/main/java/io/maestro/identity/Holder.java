package io.maestro.identity;

import io.maestro.api.identity.Principal;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/** What stands behind a {@link Bearer}: a token or a session. */
interface Holder {
    /** The public part of its bearer. */
    String id();

    /** Whom it stands for. */
    Principal principal();

    /** Whether the hash is one of this one's, in a time that does not tell how much of it fits. */
    boolean matches(String presented);

    /** Whether a bearer of this hash, which is one of its own, is good at this very moment. */
    boolean goodAt(String presented, Instant now);

    /** All of one kind. Blocks on the database. */
    interface Rows {
        /** Looks for one; whoever asks is not known yet, so this is the installation's own question. */
        Optional<? extends Holder> find(String id);

        /** Writes down when some were last used. */
        void noteUses(Map<String, Instant> uses);
    }
}
