package io.maestro.secrets;

import io.maestro.adapter.spi.Secret;
import io.maestro.api.node.MasterKeys;
import io.maestro.api.node.MasterKeys.Source;
import io.maestro.api.node.NodeSettings;
import io.maestro.api.secrets.SecretListener;
import io.maestro.api.secrets.SecretName;
import io.maestro.api.secrets.Secrets;
import io.maestro.api.secrets.Secrets.Purpose;
import io.maestro.api.store.Transaction;
import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.Json;
import io.maestro.model.Scope;
import io.maestro.store.Act;
import io.maestro.store.Fact;
import io.maestro.store.Fact.Subject;
import io.maestro.store.JooqTransaction;
import io.maestro.store.postgres.PostgresDatabase;
import io.maestro.testing.TestPostgres.TestDatabase;
import io.maestro.testing.tenancy.KnownTenants;
import java.net.URI;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** The engine on a real database, with a clock that the test sets and tenants that are made up. */
final class EngineOfTests implements AutoCloseable {
    static final Scope ACME = Scope.of("acme", "prod");
    static final Scope GLOBEX = Scope.of("globex", "prod");
    static final Actor ACTOR = new Actor("token:x", "request-1");

    final PostgresDatabase database;
    final SecretsEngine engine;
    final MasterKeys keys;
    final KnownTenants tenants = new KnownTenants();
    final List<String> heard = new CopyOnWriteArrayList<>();
    final Map<String, Instant> clock = new HashMap<>(Map.of("now", Instant.parse("2026-05-05T05:05:05.123456Z")));

    EngineOfTests(TestDatabase rows, Source current) {
        this(rows, new MasterKeys(current, null));
    }

    EngineOfTests(TestDatabase rows, MasterKeys keys) {
        this.keys = keys;
        database =
                PostgresDatabase.open(new NodeSettings.Database(URI.create(rows.url()), rows.user(), rows.password()));
        SecretListener listener = (scope, instances) -> heard.add(scope + " " + instances);
        try {
            engine = SecretsEngine.open(
                    keys, database, tenants, List.of(listener), () -> clock.getOrDefault("now", Instant.EPOCH));
        } catch (RuntimeException e) {
            database.close();
            throw e;
        }
    }

    Secrets secrets() {
        return engine.secrets();
    }

    void put(Scope scope, String name, String value) {
        secrets().put(scope, new SecretName(name), value, null, ACTOR);
    }

    /** Creates an instance that owns one secret and uses others, as far as these rows go. */
    void attach(Scope scope, String instance, @Nullable String owned, String... used) {
        attach(engine.uses()::attach, scope, instance, owned, used);
    }

    /** Changes an instance so that it owns one secret and uses others. */
    void reattach(Scope scope, String instance, @Nullable String owned, String... used) {
        attach(engine.uses()::reattach, scope, instance, owned, used);
    }

    /** Changes an instance so that it uses nothing, but may go back to what used the secret that it owns. */
    void retain(Scope scope, String instance) {
        SecretName name = SecretName.owned(new InstanceId(instance), "/password");
        attach(
                (act, where, id, owned, used, actor) ->
                        engine.uses().reattach(act, where, id, owned, used, Set.of(name), actor),
                scope,
                instance,
                null);
    }

    private interface Attachment {
        void attach(
                Transaction act,
                Scope scope,
                InstanceId instance,
                Map<SecretName, Secret> owned,
                Set<SecretName> used,
                Actor actor);
    }

    private void attach(Attachment attachment, Scope scope, String instance, @Nullable String owned, String... used) {
        InstanceId id = new InstanceId(instance);
        Map<SecretName, Secret> values = new HashMap<>();
        Set<SecretName> names = new HashSet<>();
        if (owned != null) {
            SecretName name = SecretName.owned(id, "/password");
            values.put(name, new Secret(owned));
            names.add(name);
        }
        for (String one : used) {
            names.add(new SecretName(one));
        }
        engine.uses()
                .prepared(() -> database.act(scope.tenant(), ACTOR, sql -> {
                    attachment.attach(new JooqTransaction(sql), scope, id, values, names, ACTOR);
                    return Act.done(true, fact());
                }));
    }

    void detach(Scope scope, String instance) {
        database.act(scope.tenant(), ACTOR, sql -> {
            engine.uses().detach(new JooqTransaction(sql), scope, new InstanceId(instance));
            return Act.done(true, fact());
        });
    }

    /** What an instance is given for the secret of this name. */
    String read(Scope scope, String name) {
        SecretName wanted = new SecretName(name);
        Secret value = engine.uses()
                .read(scope, new InstanceId("main"), Set.of(wanted), Purpose.OPEN, "-")
                .values()
                .get(wanted);
        return value == null ? "" : value.reveal();
    }

    private static Fact fact() {
        return Fact.made("test.attach", Subject.of("test", "main"), Json.EMPTY_OBJECT);
    }

    @Override
    public void close() {
        engine.stop();
        database.close();
    }
}
