package io.maestro.e2e;

import static io.maestro.e2e.Api.expect;
import static org.assertj.core.api.Assertions.assertThat;

import io.maestro.testing.artifacts.ArtifactForge;
import io.maestro.testing.artifacts.TestPublisher;
import io.maestro.testing.peers.OtlpCollector;
import io.maestro.testing.peers.OtlpCollector.Span;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A node whose values name a collector, and what one request to it is seen to do. */
final class TracesTest {
    private static final Duration LIMIT = Duration.ofMinutes(2);
    private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
    private static final String PARENT = "b7ad6b7169203331";

    @TempDir
    private Path folder;

    @Test
    void oneRequestIsSeenThroughHostPolicyDatabaseAndAdapter() throws Exception {
        try (OtlpCollector collector = OtlpCollector.start();
                LaunchedServer server = started(collector)) {
            Api admin = Api.admin(server);
            TestPublisher publisher = TestPublisher.create("publisher");
            admin.trust(publisher);
            admin.tenant("acme");
            ArtifactForge forge =
                    new ArtifactForge(publisher, TestPublisher.create("revoked"), TestPublisher.create("unknown"));
            expect(201, admin.upload(forge.good("good", "1.0.0")));
            admin.instance("acme/prod", "files", "good@1.0.0", Map.of("greeting", "a-configured-greeting"));

            HttpResponse<String> answer = traced(server, "POST", Api.instances("acme/prod") + "/files/operations/list");
            assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
            assertThat(answer.headers().firstValue("X-Correlation-Id")).contains(TRACE);
            // a call of an open instance asks no database, so that is seen at another request
            assertThat(traced(server, "GET", "/api/tenants").statusCode()).isEqualTo(200);
            expect(404, admin.get(Api.instances("acme/prod") + "/files/objects/patients%2Fjane-doe.pdf"));
            var _ = admin.delete(Api.instances("acme/prod") + "/files/objects/patients%2Fjane-doe.pdf");

            // a span is sent when it ends: what is below another one comes before it
            Awaitility.await().atMost(LIMIT).untilAsserted(() -> {
                assertThat(of(collector))
                        .extracting(Span::name)
                        .contains("adapter list", "policy operation.call", "database look", "GET /api/tenants")
                        .anySatisfy(name -> assertThat(name).startsWith("POST /api/tenants/{tenant}/"));
                assertThat(of(collector))
                        .filteredOn(span -> !span.parent().equals(PARENT))
                        .isNotEmpty()
                        .allSatisfy(span ->
                                assertThat(of(collector)).extracting(Span::id).contains(span.parent()));
                assertThat(collector.spans())
                        .extracting(Span::name)
                        .anySatisfy(name -> assertThat(name).startsWith("DELETE /api/"));
            });
            List<Span> spans = of(collector);
            Span request = spans.stream()
                    .filter(span -> span.name().startsWith("POST "))
                    .findFirst()
                    .orElseThrow();
            assertThat(request.parent()).isEqualTo(PARENT);
            assertThat(request.tags())
                    .containsEntry("maestro.tenant", "acme")
                    .containsEntry("maestro.instance", "files")
                    .containsEntry("http.response.status_code", "200");
            assertThat(spans)
                    .filteredOn(span -> span.name().equals("adapter list"))
                    .singleElement()
                    .satisfies(span -> assertThat(span.parent()).isEqualTo(request.id()));
            // names and codes only
            assertThat(collector.spans().toString())
                    .doesNotContain("jane-doe")
                    .doesNotContain("a-configured-greeting")
                    .doesNotContain(server.token());
        }
    }

    private LaunchedServer started(OtlpCollector collector) throws IOException {
        Path data = Files.createDirectories(folder.resolve("data"));
        Files.writeString(data.resolve("values.yaml"), "traces:\n  otlpUrl: \"" + collector.base() + "\"\n");
        return LaunchedServer.start(data, "--no-demo");
    }

    private static HttpResponse<String> traced(LaunchedServer server, String method, String path) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(
                    HttpRequest.newBuilder(server.at(path))
                            .header("Authorization", "Bearer " + server.token())
                            .header("Content-Type", "application/json")
                            .header("traceparent", "00-" + TRACE + "-" + PARENT + "-01")
                            .method(
                                    method,
                                    method.equals("GET")
                                            ? HttpRequest.BodyPublishers.noBody()
                                            : HttpRequest.BodyPublishers.ofString("{}"))
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
        }
    }

    private static List<Span> of(OtlpCollector collector) {
        return collector.spans().stream()
                .filter(span -> span.trace().equals(TRACE))
                .toList();
    }
}
