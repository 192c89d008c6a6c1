package io.maestro.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** Fifty calls a second with a token that can be changed meanwhile; every one of them has to be good. */
final class SteadyCalls implements AutoCloseable {
    private final AtomicInteger good = new AtomicInteger();
    private final Queue<String> failures = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService pace = Executors.newSingleThreadScheduledExecutor();
    private final ExecutorService callers = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final URI address;
    private volatile String token;

    SteadyCalls(URI address, String first) {
        this.address = address;
        this.token = first;
        var _ = pace.scheduleAtFixedRate(() -> callers.execute(this::call), 0, 20, TimeUnit.MILLISECONDS);
    }

    private void call() {
        HttpRequest request = HttpRequest.newBuilder(address)
                .header("Authorization", "Bearer " + token)
                .timeout(Duration.ofMinutes(1))
                .build();
        try {
            var answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() == 200) {
                good.incrementAndGet();
            } else {
                failures.add(answer.statusCode() + " " + answer.body());
            }
        } catch (IOException e) {
            failures.add(e.toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** From now on the calls carry another token. */
    void carry(String newer) {
        token = newer;
    }

    /** Waits for this many more good calls; none may have failed. */
    void awaitGood(int calls) {
        int before = good.get();
        Awaitility.await()
                .atMost(Duration.ofMinutes(3))
                .until(() -> !failures.isEmpty() || good.get() >= before + calls);
        assertThat(failures).isEmpty();
    }

    @Override
    public void close() {
        pace.shutdownNow();
        callers.close();
        client.close();
        assertThat(failures).isEmpty();
    }
}
