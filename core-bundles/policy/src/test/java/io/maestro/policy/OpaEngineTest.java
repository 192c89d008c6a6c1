package io.maestro.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.maestro.rego.value.Json;
import io.maestro.rego.value.ObjectValue;
import io.maestro.rego.value.StringValue;
import java.net.URI;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The client of an OPA server, against a small server of that protocol. */
final class OpaEngineTest extends PolicyEngineContract {
    private final OpaServer server = new OpaServer(MODULES);
    private final PolicyEngine engine = new OpaEngine(server.address(), Duration.ofSeconds(2));

    @Override
    PolicyEngine engine() {
        return engine;
    }

    @AfterEach
    void close() {
        engine.close();
        server.close();
    }

    @Test
    void putsSettingsOnlyWhenTheyChange() throws EngineException {
        ObjectValue settings = ObjectValue.of("settings", ObjectValue.EMPTY);
        engine.ask("maestro/adapter/install", ObjectValue.EMPTY, settings, NOW);
        engine.ask("maestro/adapter/install", ObjectValue.EMPTY, settings, NOW);

        assertThat(server.asked)
                .filteredOn(asked -> !asked.startsWith("GET"))
                .containsExactly(
                        "PUT /v1/data/settings",
                        "POST /v1/data/maestro/adapter/install?strict-builtin-errors",
                        "POST /v1/data/maestro/adapter/install?strict-builtin-errors");
    }

    @Test
    void putsSettingsAgainThatTheServerHasForgotten() throws EngineException {
        ObjectValue settings = regions("us");
        ObjectValue input = ObjectValue.of("region", StringValue.of("us"));
        assertThat(denied(input, settings)).isEqualTo("[]");
        server.forget();

        assertThat(denied(input, settings)).isEqualTo("[]");
    }

    @Test
    void asksAgainWhenTheServerForgotThemMeanwhile() throws EngineException {
        AtomicInteger times = new AtomicInteger();
        server.meanwhile = () -> {
            if (times.incrementAndGet() == 1) {
                server.forget();
            }
        };

        assertThat(denied(ObjectValue.of("region", StringValue.of("us")), regions("us")))
                .isEqualTo("[]");
        assertThat(times).hasValue(2);
    }

    @Test
    void hasNoAnswerWhenTheServerKeepsNoSettings() {
        server.meanwhile = server::forget;

        assertThatThrownBy(() -> denied(ObjectValue.EMPTY, regions("us")))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining("does not keep the settings");
    }

    private static ObjectValue regions(String region) {
        return (ObjectValue) Json.read("{\"settings\":{\"platform\":{\"regions\":[\"" + region + "\"]}}}");
    }

    private String denied(ObjectValue input, ObjectValue settings) throws EngineException {
        ObjectValue document =
                (ObjectValue) Objects.requireNonNull(engine.ask("maestro/adapter/install", input, settings, NOW));
        return Objects.requireNonNull(document.get("deny")).json();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[]", "{\"result\":", "no json", "\u0000"})
    void hasNoAnswerWhenTheServersIsNone(String body) {
        server.reply.set(new OpaServer.Reply(200, body));

        assertThatThrownBy(() -> engine.ask("maestro/adapter/install", ObjectValue.EMPTY, ObjectValue.EMPTY, NOW))
                .isInstanceOf(EngineException.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {301, 401, 404, 500, 503})
    void hasNoAnswerWhenTheServerFails(int status) {
        server.reply.set(new OpaServer.Reply(status, "{\"result\":{\"allow\":true}}"));

        assertThatThrownBy(() -> engine.ask("maestro/adapter/install", ObjectValue.EMPTY, ObjectValue.EMPTY, NOW))
                .isInstanceOf(EngineException.class)
                .hasMessageContaining(Integer.toString(status));
    }

    @Test
    void hasNoAnswerWhenTheServerIsGone() {
        server.close();

        assertThatThrownBy(() -> engine.ask("maestro/adapter/install", ObjectValue.EMPTY, ObjectValue.EMPTY, NOW))
                .isInstanceOf(EngineException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://opa.example.com:8181",
                "http://10.0.0.1:8181",
                "http://127.0.0.1.example.com",
                "ftp://127.0.0.1",
                "/v1",
                "https://opa.example.com/?a=b"
            })
    void asksNobodyWhoCouldBeListenedTo(String address) {
        assertThatThrownBy(() -> new OpaEngine(URI.create(address), Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("https");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"https://opa.example.com", "http://localhost:8181", "http://[::1]:8181", "http://127.8.8.8"})
    void asksByHttpsAndOnThisMachine(String address) {
        assertThatCode(() -> new OpaEngine(URI.create(address), Duration.ofSeconds(1)).close())
                .doesNotThrowAnyException();
    }
}
