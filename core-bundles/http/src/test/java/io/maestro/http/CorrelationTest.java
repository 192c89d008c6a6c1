package io.maestro.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.api.node.NodeSettings;
import io.maestro.api.telemetry.Metrics;
import io.maestro.api.telemetry.Traces;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Application;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** By what a request is followed: its correlation id, and the trace that it is a span of. */
final class CorrelationTest {
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String TRACEPARENT = "00-" + TRACE + "-b7ad6b7169203331-01";

    private final Told told = new Told();
    private final HttpServer server = new HttpServer(
            new NodeSettings.Http("127.0.0.1", 0),
            new JerseyHandler(new Shop(), "/api/", told),
            new ProblemErrors((problem, instance, id) -> problem.code().getBytes(StandardCharsets.UTF_8)),
            new RequestCounts(Metrics.NONE),
            HttpServer.Bounds.USUAL);

    private URI base;

    @BeforeEach
    void start() {
        base = server.start();
    }

    @AfterEach
    void stop() {
        server.stop();
    }

    @Test
    void aRequestOfATraceIsFollowedByTheIdOfTheTrace() throws Exception {
        assertThat(correlation(get("/api/tenants/acme", Map.of("traceparent", TRACEPARENT))))
                .isEqualTo(TRACE);
    }

    @Test
    void whatTheCallerCallsItGoesBeforeTheTrace() throws Exception {
        assertThat(correlation(
                        get("/api/tenants/acme", Map.of("traceparent", TRACEPARENT, "X-Correlation-Id", "order-17"))))
                .isEqualTo("order-17");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "00-00000000000000000000000000000000-b7ad6b7169203331-01",
                "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
                "00-0af7651916cd43dd8448eb211c80319c",
                "nonsense"
            })
    void whatIsNoTraceNamesNothing(String traceparent) throws Exception {
        assertThat(correlation(get("/api/tenants/acme", Map.of("traceparent", traceparent))))
                .matches("[0-9a-f]{32}")
                .doesNotContain("af7651916cd43dd8448eb211c80319c");
    }

    @Test
    void aSpanIsNamedByTheRouteAndTellsWhomItConcerns() throws Exception {
        get("/api/tenants/acme", Map.of("traceparent", TRACEPARENT));

        assertThat(told.names).containsExactly("GET", "GET /api/tenants/{tenant}");
        assertThat(told.origins).containsExactly(new Traces.Origin(TRACEPARENT, TRACE));
        assertThat(told.tags)
                .containsEntry("http.route", "/api/tenants/{tenant}")
                .containsEntry("maestro.tenant", "acme")
                .containsEntry("http.response.status_code", "200")
                .doesNotContainKey("failed");
    }

    @Test
    void whatIsNoNameOfATenantIsNotTold() throws Exception {
        get("/api/tenants/Jane%20Doe", Map.of());

        assertThat(told.tags).containsEntry("http.response.status_code", "200").doesNotContainKey("maestro.tenant");
    }

    @Test
    void anAnswerThatIsOurFaultFailsTheSpan() throws Exception {
        get("/api/tenants/broken", Map.of());

        assertThat(told.tags).containsEntry("failed", "503");
    }

    private HttpResponse<String> get(String path, Map<String, String> headers)
            throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(base.resolve(path));
        headers.forEach(request::header);
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }

    private static String correlation(HttpResponse<String> response) {
        return response.headers().firstValue("X-Correlation-Id").orElse("");
    }

    /** An application of one resource. */
    static final class Shop extends Application {
        @Override
        public Set<Class<?>> getClasses() {
            return Set.of(Tenants.class);
        }
    }

    /** Answers with the name it is asked for. */
    @Path("/tenants/{tenant}")
    public static final class Tenants {
        @GET
        public String tenant(@PathParam("tenant") String tenant) {
            if (tenant.equals("broken")) {
                throw new WebApplicationException(503);
            }
            return tenant;
        }
    }

    /** Writes down what it is told. */
    private static final class Told implements Traces {
        private final List<String> names = new CopyOnWriteArrayList<>();
        private final List<Origin> origins = new CopyOnWriteArrayList<>();
        private final Map<String, String> tags = new ConcurrentHashMap<>();

        @Override
        public boolean isOn() {
            return true;
        }

        @Override
        public <R, E extends Exception> R request(String name, Origin origin, Work<R, E> work) throws E {
            names.add(name);
            origins.add(origin);
            return work.run(new Written());
        }

        @Override
        public <R, E extends Exception> R step(Kind kind, String name, Work<R, E> work) throws E {
            throw new AssertionError("nothing here takes steps");
        }

        private final class Written implements Span {
            @Override
            public void rename(String name) {
                names.add(name);
            }

            @Override
            public void tag(String key, @Nullable String value) {
                if (value != null) {
                    tags.put(key, value);
                }
            }

            @Override
            public void tag(String key, long value) {
                tags.put(key, Long.toString(value));
            }

            @Override
            public void failed(String why) {
                tags.put("failed", why);
            }
        }
    }
}
