package io.maestro.adapters.context;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The node's one HTTP client for all instances, made when the first of them asks. Redirects are never followed. */
public final class SharedHttpClient implements Supplier<HttpClient>, AutoCloseable {
    private @Nullable HttpClient client;

    @Override
    public synchronized HttpClient get() {
        HttpClient present = client;
        if (present == null) {
            present = HttpClient.newBuilder()
                    .followRedirects(HttpClient.Redirect.NEVER)
                    .connectTimeout(Duration.ofSeconds(5))
                    .executor(Executors.newVirtualThreadPerTaskExecutor())
                    .build();
            client = present;
        }
        return present;
    }

    /** Ends the client at once; nobody uses it any more. */
    @Override
    public synchronized void close() {
        HttpClient present = client;
        if (present != null) {
            present.shutdownNow();
        }
    }
}
