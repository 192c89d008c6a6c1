package io.maestro.adapters.context;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.adapter.spi.Secret;
import io.maestro.api.telemetry.LogFields;
import io.maestro.api.trust.AdapterManifest.Permissions;
import io.maestro.model.InstanceId;
import io.maestro.model.ProblemException;
import io.maestro.model.Scope;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InstanceContextTest {
    @TempDir
    Path folder;

    private final SharedHttpClient http = new SharedHttpClient();
    private final ObjectNode configuration = JsonNodeFactory.instance
            .objectNode()
            .put("endpoint", "http://127.0.0.1:1/x")
            .put("password", "s3cret-value")
            .put("mode", "fast")
            .put("pause", "PT5S");

    enum Mode {
        FAST
    }

    record Settings(
            URI endpoint,
            Secret password,
            Mode mode,
            Duration pause,
            @Nullable String absent) {}

    record Unfitting(int endpoint) {}

    @Test
    void givesTheConfigurationAsARecordWithSecretsWrapped() {
        Settings settings = context(true).configuration(Settings.class);
        assertThat(settings.endpoint()).isEqualTo(URI.create("http://127.0.0.1:1/x"));
        assertThat(settings.password().reveal()).isEqualTo("s3cret-value");
        assertThat(settings.toString()).doesNotContain("s3cret");
        assertThat(settings.mode()).isEqualTo(Mode.FAST);
        assertThat(settings.pause()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.absent()).isNull();
    }

    @Test
    void handsAWrappedSecretOverAsItIsAndMakesNoTextOfIt() {
        Secret secret = new Secret("s3cret-value");
        configuration.putPOJO("password", secret);
        assertThat(context(true).configuration(Settings.class).password()).isSameAs(secret);
        assertThatThrownBy(() -> context(true).configuration(Careless.class))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("/password")
                .hasMessageNotContaining("s3cret");
    }

    record Careless(
            URI endpoint,
            String password,
            Mode mode,
            Duration pause,
            @Nullable String absent) {}

    @Test
    void blamesTheAdapterForARecordThatDoesNotFitWithoutQuotingValues() {
        assertThatThrownBy(() -> context(true).configuration(Unfitting.class))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("adapter-failed")
                .hasNoCause()
                .satisfies(thrown -> assertThat(thrown.getMessage()).doesNotContain("127.0.0.1", "s3cret"));
    }

    @Test
    void masksSecretsInMessagesParametersAndFailures() {
        List<LogRecord> records = new ArrayList<>();
        Handler handler = new Handler() {
            @Override
            public void publish(LogRecord line) {
                records.add(line);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger target = Logger.getLogger("io.maestro.adapter");
        target.setUseParentHandlers(false);
        target.addHandler(handler);
        try {
            System.Logger logger = context(true).logger();
            logger.log(System.Logger.Level.INFO, "password s3cret-value");
            logger.log(System.Logger.Level.INFO, "password {0}", "s3cret-value");
            logger.log(
                    System.Logger.Level.WARNING,
                    "failed",
                    new IllegalStateException("with s3cret-value", new RuntimeException("s3cret-value again")));
        } finally {
            target.removeHandler(handler);
            target.setUseParentHandlers(true);
        }
        assertThat(records)
                .extracting(LogRecord::getMessage)
                .startsWith("acme/prod/main: password ***", "acme/prod/main: password ***", "acme/prod/main: failed");
        assertThat(records)
                .allSatisfy(line -> assertThat(line.getResourceBundle())
                        .isInstanceOfSatisfying(
                                LogFields.class,
                                fields -> assertThat(fields.place()).isEqualTo("acme/prod/main")));
        Throwable thrown = records.get(2).getThrown();
        assertThat(thrown).hasToString("java.lang.IllegalStateException: with ***");
        assertThat(thrown.getCause()).hasToString("java.lang.RuntimeException: *** again");
    }

    @Test
    void refusesHostsThatTheManifestDoesNotName() {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:2/")).build();
        assertThatThrownBy(() -> context(true).http().send(request, HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("network-not-permitted")
                .hasMessageContaining("127.0.0.1:2");
        assertThatThrownBy(() -> context(true)
                        .http()
                        .sendAsync(request, HttpResponse.BodyHandlers.discarding())
                        .get())
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("network-not-permitted");
    }

    @Test
    void refusesTheNodesOwnPortsEvenWhenTheConfigurationNamesThem() {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:1/")).build();
        assertThatThrownBy(() -> context(true).http().send(request, HttpResponse.BodyHandlers.discarding()))
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("network-not-permitted")
                .hasMessageContaining("a port of this node");
        assertThatThrownBy(() -> context(true)
                        .http()
                        .sendAsync(request, HttpResponse.BodyHandlers.discarding())
                        .get())
                .isInstanceOf(ExecutionException.class)
                .hasMessageContaining("a port of this node");
    }

    @Test
    void makesTheFolderOnlyWhenTheManifestAsksForOne() {
        assertThat(context(true).folder()).isEmptyDirectory();
        assertThatThrownBy(() -> context(false).folder())
                .isInstanceOf(ProblemException.class)
                .hasMessageContaining("files-not-permitted");
    }

    private InstanceContext context(boolean files) {
        return new InstanceContext(
                Scope.of("acme", "prod"),
                new InstanceId("main"),
                configuration,
                new SecretMask(List.of("s3cret-value")),
                new Permissions(List.of("${endpoint}"), files, List.of()),
                InstantSource.system(),
                folder.resolve("own"),
                new Network(http, new Destinations(false, () -> Set.of(1))));
    }
}
