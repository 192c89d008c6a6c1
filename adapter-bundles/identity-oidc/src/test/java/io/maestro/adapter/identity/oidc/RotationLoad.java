package io.maestro.adapter.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.adapter.spi.identity.IdentityProvider;
import io.maestro.adapter.spi.identity.ValidateToken;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Fifty calls per second, each with the newest token there is, while something happens to the provider's keys. */
final class RotationLoad implements AutoCloseable {
    private final AtomicInteger good = new AtomicInteger();
    private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledFuture<?> beat;
    private volatile String token;

    RotationLoad(IdentityProvider provider, String first) {
        token = first;
        beat = pace.scheduleAtFixedRate(() -> callers.execute(() -> call(provider)), 0, 20, TimeUnit.MILLISECONDS);
    }

    private void call(IdentityProvider provider) {
        try {
            provider.validateToken(Calls.call(), new ValidateToken(token));
            good.incrementAndGet();
        } catch (RuntimeException e) {
            failures.add(e);
        }
    }

    /** From now on the calls carry another token. */
    void carry(String newer) {
        token = newer;
    }

    /** Waits for this many more good calls. None may have failed. */
    void awaitGood(int calls) {
        int before = good.get();
        Awaitility.await().atMost(2, TimeUnit.MINUTES).until(() -> !failures.isEmpty() || good.get() >= before + calls);
        assertThat(failures).isEmpty();
    }

    @Override
    public void close() {
        beat.cancel(false);
        pace.shutdownNow();
        callers.close();
        assertThat(failures).isEmpty();
    }
}
