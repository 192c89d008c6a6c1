package io.maestro.secrets;

import io.maestro.api.secrets.SecretListener;
import io.maestro.api.secrets.SecretName;
import io.maestro.api.secrets.SecretProblem;
import io.maestro.api.secrets.Secrets;
import io.maestro.api.tenancy.Tenants;
import io.maestro.model.Actor;
import io.maestro.model.CallerProblem;
import io.maestro.model.Page;
import io.maestro.model.PageRequest;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import io.maestro.secrets.JooqMasterKeys.Recorded;
import io.maestro.secrets.JooqMasterKeys.Step;
import io.maestro.store.Cursor;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Secrets and the changes of the keys that seal them, step by step, so that each can be broken off and gone on with. */
final class KeptSecrets implements Secrets {
    private static final System.Logger LOG = System.getLogger(KeptSecrets.class.getName());
    private static final int LARGEST = 64 << 10;

    private final JooqSecrets rows;
    private final JooqUses uses;
    private final JooqMasterKeys masterKeys;
    private final Keyring keyring;
    private final Tenants tenants;
    private final List<SecretListener> listeners;

    /**
     * Secrets.
     *
     * @param listeners told of new versions; other threads may change it
     */
    KeptSecrets(
            JooqSecrets rows,
            JooqUses uses,
            JooqMasterKeys masterKeys,
            Keyring keyring,
            Tenants tenants,
            List<SecretListener> listeners) {
        this.rows = rows;
        this.uses = uses;
        this.masterKeys = masterKeys;
        this.keyring = keyring;
        this.tenants = tenants;
        this.listeners = listeners;
    }

    @Override
    public KeptSecret put(Scope scope, SecretName name, String value, @Nullable Long version, Actor actor) {
        tenants.require(scope);
        check(value);
        KeptSecret kept = rows.put(scope, name, value, version, actor);
        if (!kept.usedBy().isEmpty()) {
            listeners.forEach(listener -> listener.changed(scope, Set.copyOf(kept.usedBy())));
        }
        return kept;
    }

    @Override
    public KeptSecret secret(Scope scope, SecretName name) {
        return rows.find(scope, name).orElseThrow(() -> JooqSecrets.unknown(scope, name));
    }

    @Override
    public Page<KeptSecret> secrets(Scope scope, PageRequest page) {
        tenants.require(scope);
        return Cursor.page(page, rows.list(scope, page), last -> Cursor.at(JooqSecrets.LIST, last.name()));
    }

    @Override
    public void delete(Scope scope, SecretName name, @Nullable Long version, Actor actor) {
        rows.delete(scope, name, version, actor);
    }

    @Override
    public Page<Read> reads(Scope scope, PageRequest page) {
        tenants.require(scope);
        return Cursor.page(page, uses.list(scope, page), last -> Cursor.at(JooqUses.LIST, last.id()))
                .map(JooqUses.Listed::read);
    }

    @Override
    public RotatedDataKey rotateDataKey(Scope scope, Actor actor) {
        tenants.require(scope);
        int version = rows.nextDataKey(scope, actor);
        return new RotatedDataKey(scope, version, sealAllAnew(scope));
    }

    /** Finishes the changes of data keys that were broken off; what fails is left to the next start. */
    void finishRotations() {
        for (Scope scope : rows.halfRotated()) {
            try {
                int sealed = sealAllAnew(scope);
                LOG.log(Level.INFO, "finished the change of the data key of " + scope + ": " + sealed + " secrets");
            } catch (RuntimeException | Error e) {
                // whatever is wrong with one scope, the others are to be finished
                LOG.log(Level.WARNING, "the change of the data key of " + scope + " is not finished", e);
            }
        }
    }

    private int sealAllAnew(Scope scope) {
        int sealed = 0;
        do {
            for (int batch = rows.reseal(scope); batch > 0; batch = rows.reseal(scope)) {
                sealed += batch;
            }
        } while (!rows.destroyOldDataKeys(scope));
        return sealed;
    }

    @Override
    public RotatedMasterKey rotateMasterKey(Actor actor) {
        String wanted = keyring.current();
        for (Recorded recorded : masterKeys.recorded()) {
            if (!keyring.has(recorded.id())) {
                throw Problem.of(
                                SecretProblem.MASTER_KEY_WRONG,
                                "data keys are wrapped by the master key " + recorded.id()
                                        + ", which this node has not",
                                "Start the node with --former-master-key as well.")
                        .asException();
            }
        }
        masterKeys.putInCharge(new Recorded(wanted, keyring.proof(wanted)), actor);
        int wrapped = 0;
        do {
            for (Step step = masterKeys.rewrap(wanted, keyring);
                    step.found() > 0;
                    step = masterKeys.rewrap(wanted, keyring)) {
                wrapped += step.wrapped();
            }
        } while (!masterKeys.forgetOthers(wanted));
        return new RotatedMasterKey(wanted, wrapped);
    }

    private static void check(String value) {
        boolean unpaired =
                value.codePoints().anyMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
        int size = value.getBytes(StandardCharsets.UTF_8).length;
        if (size == 0 || size > LARGEST || unpaired) {
            throw Problem.of(
                            CallerProblem.INVALID_REQUEST,
                            "the value of a secret is a text of 1 to " + LARGEST + " bytes in UTF-8",
                            "Keep larger things in a storage, and the key to them as a secret.")
                    .asException();
        }
    }
}
