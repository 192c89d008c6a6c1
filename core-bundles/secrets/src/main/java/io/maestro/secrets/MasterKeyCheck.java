package io.maestro.secrets;

import io.maestro.api.node.MasterKeys;
import io.maestro.api.secrets.SecretProblem;
import io.maestro.model.Actor;
import io.maestro.model.Problem;
import io.maestro.model.ProblemException;
import io.maestro.secrets.JooqMasterKeys.Recorded;
import java.lang.System.Logger.Level;
import java.util.List;

/** Finds out at the start whether the node was given the master keys that the database needs. */
final class MasterKeyCheck {
    private static final System.Logger LOG = System.getLogger(MasterKeyCheck.class.getName());

    private MasterKeyCheck() {}

    /**
     * Opens the master keys and tries them; a new database takes the current one as its own. Changes nothing when it fails.
     *
     * @throws ProblemException {@link SecretProblem#MASTER_KEY_WRONG}
     */
    static Keyring open(MasterKeys settings, JooqMasterKeys rows) {
        List<Recorded> recorded = rows.recorded();
        MasterKeys.Source former = settings.former();
        Keyring keyring = new Keyring(
                MasterKeySources.open(settings.current(), recorded.isEmpty()),
                former == null ? null : MasterKeySources.open(former, false));
        if (recorded.isEmpty()) {
            String id = keyring.current();
            rows.recordFirst(new Recorded(id, keyring.proof(id)), Actor.system("secrets"));
            // another node may have been faster, and with another key
            recorded = rows.recorded();
        }
        for (Recorded one : recorded) {
            if (!keyring.has(one.id()) || !keyring.proves(one.id(), one.proof())) {
                throw wrong(one, keyring);
            }
        }
        if (recorded.stream().noneMatch(one -> one.id().equals(keyring.current())) || recorded.size() > 1) {
            LOG.log(
                    Level.WARNING,
                    "the change of the master key is under way: finish it with POST /api/master-key:rotate, and then start"
                            + " without --former-master-key");
        }
        return keyring;
    }

    private static ProblemException wrong(Recorded one, Keyring keyring) {
        return Problem.of(
                        SecretProblem.MASTER_KEY_WRONG,
                        "the database's secrets need the master key " + one.id() + ", and this node was given "
                                + keyring.current() + "; give the right one with --master-key, or, while it is being"
                                + " changed, the old one with --former-master-key",
                        "Nothing was changed. Without the master key, the secrets in the database cannot be read.")
                .asException();
    }
}
