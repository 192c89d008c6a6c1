package io.maestro.adapters;

import io.maestro.adapter.spi.Secret;
import io.maestro.api.secrets.InstanceSecrets;
import io.maestro.api.secrets.SecretName;
import io.maestro.api.secrets.SecretProblem;
import io.maestro.api.secrets.Secrets.Purpose;
import io.maestro.api.store.Transaction;
import io.maestro.model.Actor;
import io.maestro.model.InstanceId;
import io.maestro.model.Problem;
import io.maestro.model.Scope;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Secrets in memory; outlives the host. */
final class MemorySecrets implements InstanceSecrets {
    final List<String> reads = new CopyOnWriteArrayList<>();
    /** Done once, just before an instance is given its secrets to open. */
    final AtomicReference<@Nullable Runnable> beforeOpening = new AtomicReference<>();

    private final Map<Place, Kept> kept = new HashMap<>();
    private final Map<InstanceOf, Set<SecretName>> uses = new HashMap<>();

    private record Place(Scope scope, SecretName name) {}

    private record Kept(Secret value, long version, int birth) {}

    private int births;

    synchronized void put(Scope scope, String name, String value) {
        kept.merge(
                new Place(scope, new SecretName(name)),
                new Kept(new Secret(value), 1, ++births),
                (old, fresh) -> new Kept(fresh.value(), old.version() + 1, old.birth()));
    }

    /** All secrets of the scope have gone, whoever refers to them. */
    synchronized void remove(Scope scope) {
        kept.keySet().removeIf(place -> place.scope().equals(scope));
        uses.keySet().removeIf(instance -> instance.scope().equals(scope));
    }

    synchronized List<String> names(Scope scope) {
        return kept.keySet().stream()
                .filter(place -> place.scope().equals(scope))
                .map(place -> place.name().value())
                .sorted()
                .toList();
    }

    @Override
    public synchronized Values read(
            Scope scope, InstanceId instance, Set<SecretName> names, Purpose purpose, String correlationId) {
        Runnable before = purpose == Purpose.OPEN ? beforeOpening.getAndSet(null) : null;
        if (before != null) {
            before.run();
        }
        Map<SecretName, Secret> values = new HashMap<>();
        Set<String> lineage = new TreeSet<>();
        long stamp = 0;
        for (SecretName name : names) {
            Kept one = require(scope, name);
            reads.add(scope + "/" + instance + " " + name + " " + one.version() + " " + purpose);
            values.put(name, one.value());
            stamp += one.version();
            lineage.add(name + " " + one.version() + " " + one.birth());
        }
        return new Values(values, stamp, lineage.toString());
    }

    @Override
    public <R> R prepared(Supplier<R> act) {
        return act.get();
    }

    @Override
    public synchronized void reattach(
            Transaction act,
            Scope scope,
            InstanceId instance,
            Map<SecretName, Secret> owned,
            Set<SecretName> used,
            Actor actor) {
        reattach(act, scope, instance, owned, used, Set.of(), actor);
    }

    @Override
    public synchronized void reattach(
            Transaction act,
            Scope scope,
            InstanceId instance,
            Map<SecretName, Secret> owned,
            Set<SecretName> used,
            Set<SecretName> retained,
            Actor actor) {
        owned.forEach((name, value) -> put(scope, name.value(), value.reveal()));
        used.forEach(name -> require(scope, name));
        uses.put(new InstanceOf(scope, instance), Set.copyOf(used));
        kept.keySet()
                .removeIf(place -> place.scope().equals(scope)
                        && place.name().value().startsWith("instance/" + instance + "/")
                        && !used.contains(place.name())
                        && !retained.contains(place.name()));
    }

    @Override
    public synchronized void attach(
            Transaction act,
            Scope scope,
            InstanceId instance,
            Map<SecretName, Secret> owned,
            Set<SecretName> used,
            Actor actor) {
        owned.forEach((name, value) -> kept.put(new Place(scope, name), new Kept(value, 1, ++births)));
        used.forEach(name -> require(scope, name));
        uses.put(new InstanceOf(scope, instance), Set.copyOf(used));
    }

    @Override
    public synchronized void detach(Transaction act, Scope scope, InstanceId instance) {
        uses.remove(new InstanceOf(scope, instance));
        kept.keySet()
                .removeIf(place ->
                        place.scope().equals(scope) && place.name().value().startsWith("instance/" + instance + "/"));
    }

    @Override
    public synchronized Map<InstanceOf, Long> stamps() {
        Map<InstanceOf, Long> stamps = new HashMap<>();
        uses.forEach((instance, names) -> stamps.put(
                instance,
                names.stream()
                        .mapToLong(name -> require(instance.scope(), name).version())
                        .sum()));
        return stamps;
    }

    private Kept require(Scope scope, SecretName name) {
        Kept one = kept.get(new Place(scope, name));
        if (one == null) {
            throw Problem.of(SecretProblem.SECRET_UNKNOWN, "there is no secret " + name, null)
                    .asException();
        }
        return one;
    }
}
