package io.maestro.tenancy;

import io.maestro.api.tenancy.TenantHoldings;
import io.maestro.model.Actor;
import io.maestro.model.Environment;
import io.maestro.model.Scope;
import io.maestro.model.TenantId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An engine that keeps something of every tenant until it is told to answer that nothing is left. */
final class FakeEngine implements TenantHoldings {
    final List<String> asked = new ArrayList<>();
    final List<String> emptied = new ArrayList<>();
    final Deque<Runnable> before = new ArrayDeque<>();
    volatile boolean empty;
    Runnable whenCounted = () -> {};
    Runnable whenNamed = () -> {};
    private final String name;

    FakeEngine(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        whenNamed.run();
        return name;
    }

    @Override
    public Map<String, Long> count(TenantId tenant, @Nullable Environment environment) {
        whenCounted.run();
        return Map.of("things", empty ? 0L : 3L);
    }

    @Override
    public void emptied(Scope scope, Actor actor) {
        emptied.add(scope + " by " + actor);
    }

    @Override
    public boolean erase(TenantId tenant, Actor actor) {
        asked.add(tenant + " by " + actor);
        if (!before.isEmpty()) {
            before.pop().run();
        }
        return empty;
    }
}
