package io.maestro.policy;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.model.Digest;
import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import io.maestro.rego.value.Value;
import io.maestro.rego.value.ValueLimitException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * An OPA server, asked over its REST interface. It has the packs from wherever it is told to fetch bundles from; settings
 * are put there by us, and looked for before and after each question: a server that was started anew has forgotten them, and
 * without them a policy would forbid less. An answer that does not come whole, in time, and within the size is no answer.
 * Time is the server's own.
 */
final class OpaEngine implements PolicyEngine {
    private static final int LARGEST_ANSWER = 1 << 20;
    private static final int MOST_TRIES = 3;
    private static final String SETTINGS = "settings";
    private static final String STAMP = "stamp";

    private final URI server;
    private final Duration deadline;
    private final HttpClient client;
    private volatile Stamped last = new Stamped(ObjectValue.EMPTY, ObjectValue.EMPTY, null);

    /**
     * Settings as they are put there.
     *
     * @param data what policies know beside the input
     * @param settings with the stamp that tells them from others
     * @param stamp the same for the same settings, whichever node puts them; null when there are none
     */
    private record Stamped(
            ObjectValue data,
            ObjectValue settings,
            @Nullable StringValue stamp) {}

    /**
     * An engine that asks a server.
     *
     * @param server its address, by https or on this machine: inputs are nobody else's business
     * @throws IllegalArgumentException when the address is another
     */
    OpaEngine(URI server, Duration deadline) {
        requirePrivate(server);
        this.server = server;
        this.deadline = deadline;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(deadline)
                .build();
    }

    private static void requirePrivate(URI server) {
        String host = server.getHost();
        boolean allowed = host != null
                && server.getRawQuery() == null
                && ("https".equals(server.getScheme()) || ("http".equals(server.getScheme()) && isLoopback(host)));
        if (!allowed) {
            throw new IllegalArgumentException("the OPA server has to be reached by https, or by http on a loopback"
                    + " address of this machine, and not by " + server);
        }
    }

    /** Only what is written as such: a name could mean another address tomorrow. */
    private static boolean isLoopback(String host) {
        if (host.equals("localhost")) {
            return true;
        }
        boolean literal = host.startsWith("[") || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
        try {
            return literal && InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException e) {
            return false;
        }
    }

    @Override
    public @Nullable Value ask(String path, ObjectValue input, ObjectValue data, Instant now) throws EngineException {
        long end = System.nanoTime() + deadline.toNanos();
        Stamped wanted = stamped(data);
        String body = ObjectValue.of("input", input).json();
        for (int tries = 0; tries < MOST_TRIES; tries++) {
            if (!stands(wanted, end)) {
                send("PUT", "/v1/data/" + SETTINGS, wanted.settings().json(), end);
            }
            Value answer = send("POST", "/v1/data/" + path + "?strict-builtin-errors", body, end);
            // started anew, or told otherwise meanwhile: then it was answered by other settings
            if (stands(wanted, end)) {
                return result(answer);
            }
        }
        throw new EngineException("the OPA server does not keep the settings that it is given");
    }

    private static @Nullable Value result(@Nullable Value answer) throws EngineException {
        if (answer instanceof ObjectValue object) {
            return object.get("result");
        }
        throw new EngineException("the OPA server answered with no object");
    }

    private boolean stands(Stamped wanted, long end) throws EngineException {
        return wanted.stamp() == null
                || wanted.stamp().equals(result(send("GET", "/v1/data/" + SETTINGS + "/" + STAMP, null, end)));
    }

    @SuppressWarnings("ReferenceEquality") // settings are replaced whole; to compare them would cost every question
    private Stamped stamped(ObjectValue data) {
        Stamped known = last;
        if (known.data() != data) {
            known = data.get(SETTINGS) instanceof ObjectValue settings
                    ? stamped(data, settings)
                    : new Stamped(data, ObjectValue.EMPTY, null);
            last = known;
        }
        return known;
    }

    private static Stamped stamped(ObjectValue data, ObjectValue settings) {
        StringValue stamp = StringValue.of(Digest.sha256(settings.json()).hex());
        return new Stamped(data, settings.with(StringValue.of(STAMP), stamp), stamp);
    }

    private @Nullable Value send(String method, String path, @Nullable String body, long end) throws EngineException {
        Duration left = Duration.ofNanos(Math.max(1, end - System.nanoTime()));
        HttpRequest request = HttpRequest.newBuilder(URI.create(trimmed(server) + path))
                .timeout(left)
                .header("Content-Type", "application/json")
                .method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body))
                .build();
        CompletableFuture<Answer> exchange = client.sendAsync(request, BodyHandlers.ofInputStream())
                .thenApplyAsync(OpaEngine::whole, Thread::startVirtualThread);
        try {
            Answer answer = exchange.get(left.toNanos(), TimeUnit.NANOSECONDS);
            if (answer.status() / 100 != 2) {
                throw new EngineException("the OPA server answered with status " + answer.status());
            }
            return answer.text().isEmpty() ? null : read(answer.text());
        } catch (TimeoutException e) {
            throw late(e);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof HttpTimeoutException) {
                throw late(e);
            }
            throw new EngineException("the OPA server cannot be reached", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new EngineException("the question was interrupted", e);
        } finally {
            exchange.cancel(true);
        }
    }

    private EngineException late(Exception cause) {
        return new EngineException("the OPA server did not answer within " + deadline.toMillis() + " ms", cause);
    }

    private record Answer(int status, String text) {}

    private static Answer whole(HttpResponse<InputStream> response) {
        try (InputStream in = response.body()) {
            byte[] bytes = in.readNBytes(LARGEST_ANSWER + 1);
            if (bytes.length > LARGEST_ANSWER) {
                throw new IllegalStateException("its answer is larger than " + LARGEST_ANSWER + " bytes");
            }
            return new Answer(
                    response.statusCode(),
                    UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Value read(String text) throws EngineException {
        try {
            return Json.read(text);
        } catch (IllegalArgumentException | ValueLimitException e) {
            throw new EngineException("the OPA server answered with no JSON", e);
        }
    }

    private static String trimmed(URI server) {
        String text = server.toString();
        return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
