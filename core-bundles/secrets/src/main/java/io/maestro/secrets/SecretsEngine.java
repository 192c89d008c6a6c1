package io.maestro.secrets;

import io.maestro.api.node.MasterKeys;
import io.maestro.api.secrets.SecretListener;
import io.maestro.api.tenancy.Tenants;
import io.maestro.store.Database;
import io.maestro.store.Migrations;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.List;

/** The parts of the engine, how they hang together, and the thread that finishes what was broken off. */
final class SecretsEngine {
    private static final System.Logger LOG = System.getLogger(SecretsEngine.class.getName());
    private static final Migrations MIGRATIONS =
            Migrations.of("secrets", SecretsEngine.class, "V001__secrets.sql", "V002__fence_of_accesses.sql");

    private final KeptSecrets secrets;
    private final JooqUses uses;
    private final SecretHoldings holdings;
    private final MasterKeySeal seal;
    private final Thread finisher = Thread.ofVirtual().name("secrets-finisher").unstarted(this::finish);

    private SecretsEngine(KeptSecrets secrets, JooqUses uses, SecretHoldings holdings, MasterKeySeal seal) {
        this.secrets = secrets;
        this.uses = uses;
        this.holdings = holdings;
        this.seal = seal;
    }

    /**
     * Brings the schema up to date, opens the master key and tries it.
     *
     * @param listeners told of new versions; other threads may change it
     */
    static SecretsEngine open(
            MasterKeys settings,
            Database database,
            Tenants tenants,
            List<SecretListener> listeners,
            InstantSource clock) {
        database.migrate(MIGRATIONS);
        JooqMasterKeys masterKeys = new JooqMasterKeys(database, clock);
        Keyring keyring = MasterKeyCheck.open(settings, masterKeys);
        JooqSecrets rows = new JooqSecrets(database, new JooqDataKeys(keyring, clock), tenants, clock);
        JooqUses uses = new JooqUses(database, rows, clock);
        return new SecretsEngine(
                new KeptSecrets(rows, uses, masterKeys, keyring, tenants, listeners),
                uses,
                new SecretHoldings(rows),
                new MasterKeySeal(database, keyring));
    }

    KeptSecrets secrets() {
        return secrets;
    }

    JooqUses uses() {
        return uses;
    }

    MasterKeySeal seal() {
        return seal;
    }

    SecretHoldings holdings() {
        return holdings;
    }

    /** Goes on in the background with what was broken off. */
    void start() {
        finisher.start();
    }

    /** Stops that; the rest is left to the next start. */
    void stop() {
        finisher.interrupt();
        try {
            finisher.join();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish() {
        try {
            secrets.finishRotations();
        } catch (RuntimeException | Error e) {
            LOG.log(Level.WARNING, "what was broken off is left to the next start", e);
        }
    }
}
