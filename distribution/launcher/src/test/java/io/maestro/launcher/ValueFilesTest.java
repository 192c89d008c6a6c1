package io.maestro.launcher;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.maestro.api.node.Setting;
import io.maestro.api.node.Values;
import io.maestro.api.node.Values.Value;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ValueFilesTest {
    private static final Path SHIPPED = Path.of("../profiles");

    @TempDir
    Path folder;

    @BeforeEach
    void data() throws IOException {
        Files.createDirectories(folder.resolve("data"));
    }

    private Options options(String profile) {
        return options(profile, null);
    }

    private Options options(String profile, Options.@Nullable ExternalDatabase database) {
        return new Options(
                "127.0.0.1", 8080, null, folder.resolve("data"), database, profile, true, null, null, null, null);
    }

    private Values own(String text) throws IOException, LaunchFailure {
        Files.writeString(folder.resolve("data/values.yaml"), text);
        return ValueFiles.read(SHIPPED, options("internal-edition"));
    }

    private static Value value(Values values, Setting setting) {
        return values.all().stream()
                .filter(one -> one.key().equals(setting.key()))
                .findFirst()
                .orElseThrow();
    }

    private LaunchFailure refused(String text) {
        return catchThrowableOfType(LaunchFailure.class, () -> own(text));
    }

    @Test
    void everyProfileHasAFileThatSetsWhatItMay() throws LaunchFailure {
        for (String profile : Options.PROFILES) {
            Values values = ValueFiles.read(SHIPPED, options(profile));

            assertThat(values.all()).extracting(Value::key).containsAll(Setting.keys());
            assertThat(values.all())
                    .as(profile)
                    .anyMatch(one -> one.origin().startsWith("values.conductor."))
                    .anyMatch(one -> one.origin().equals("default"));
        }
    }

    @Test
    void theProfilesDiffer() throws LaunchFailure {
        assertThat(ValueFiles.read(SHIPPED, options("hosted-saas")).number(Setting.CALLS_CONCURRENT))
                .isEqualTo(32);
        assertThat(ValueFiles.read(SHIPPED, options("internal-edition")).number(Setting.CALLS_CONCURRENT))
                .isEqualTo(128);
        assertThat(ValueFiles.read(SHIPPED, options("white-label-edition")).text(Setting.BRAND_ACCENT))
                .isEqualTo("#3d3d3d");
    }

    @Test
    void aFileOfTheNodeIsLaidOverThatOfTheProfile() throws Exception {
        Values values =
                own("# ours\n\nbranding:\n  name: \"Acme 1\"  # with a comment\ncalls:\n  deadlineSeconds: 7\n");

        assertThat(value(values, Setting.BRAND_NAME))
                .isEqualTo(new Value("branding.name", "Acme 1", "values.yaml:4", Setting.BRAND_NAME.meaning()));
        assertThat(values.number(Setting.CALLS_DEADLINE_SECONDS)).isEqualTo(7);
        assertThat(value(values, Setting.EVENTS_RETENTION_HOURS).origin())
                .matches("values\\.conductor\\.internal\\.yaml:[0-9]+");
        assertThat(value(values, Setting.PROBES_SECONDS).origin()).isEqualTo("default");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "events:\\n  retentionHour: 3|values.yaml:2: there is no key \"events.retentionHour\"; did you mean"
                        + " \"events.retentionHours\"?",
                "evnts:\\n  retentionHours: 3|values.yaml:1: there is no section \"evnts\"; did you mean \"events\"?",
                "events:\\n  retentionHours: 0|values.yaml:2: events.retentionHours must be a number from 1 to 720, not"
                        + " \"0\"",
                "events:\\n  retentionHours: many|values.yaml:2: events.retentionHours must be a number from 1 to 720, not"
                        + " \"many\"",
                "events:\\n  retentionHours: 3\\n  retentionHours: 4|values.yaml:3: events.retentionHours is set twice",
                "events:\\n retentionHours: 3|values.yaml:2: this is neither a section nor a key with a value, indented by"
                        + " two spaces",
                "events:\\n\\tretentionHours: 3|values.yaml:2: this is neither",
                "events: {retentionHours: 3}|values.yaml:1: this is neither",
                "  retentionHours: 3|values.yaml:1: this is neither",
                "profile: hosted-saas|values.yaml:1: this is neither",
                "branding:\\n  name: [a]|values.yaml:2: the value is neither a plain word nor a text in double quotes",
                "branding:\\n  name: \"a|values.yaml:2: the value is neither",
                "branding:\\n  supportUrl: \"javascript:alert(1)\"|values.yaml:2: branding.supportUrl must be",
                "branding:\\n  accent: \"red\"|values.yaml:2: branding.accent must be"
            })
    void whatIsNotUnderstoodStopsTheStartWithItsPlace(String text, String message) {
        LaunchFailure failure = refused(text.replace("\\n", "\n").replace("\\t", "\t"));

        assertThat(failure).hasMessageContaining(message);
        assertThat(failure.exitCode()).isEqualTo(LaunchFailure.USAGE);
    }

    @Test
    void aFileOfAnotherProfileIsRefused() throws IOException {
        Path profiles = Files.createDirectories(folder.resolve("profiles"));
        Files.writeString(profiles.resolve("values.conductor.saas.yaml"), "profile: internal-edition\n");

        assertThat(catchThrowableOfType(LaunchFailure.class, () -> ValueFiles.read(profiles, options("hosted-saas"))))
                .hasMessageContaining("should say profile: hosted-saas");
    }

    @Test
    void aVariableChoosesTheProfileUnlessTheCommandLineDoes() {
        Map<String, String> environment = Map.of("MAESTRO_PROFILE", "hosted-saas");

        assertThat(ValueFiles.withProfile(List.of("--port", "1"), environment))
                .containsExactly("--profile=hosted-saas", "--port", "1");
        assertThat(ValueFiles.withProfile(List.of("--profile", "internal-edition"), environment))
                .containsExactly("--profile", "internal-edition");
        assertThat(ValueFiles.withProfile(List.of("--profile=internal-edition"), environment))
                .containsExactly("--profile=internal-edition");
        assertThat(ValueFiles.withProfile(List.of(), Map.of())).isEmpty();
    }

    @Test
    void showsWhatTheNodeWasStartedWithAndNoPassword() throws LaunchFailure {
        Values values = ValueFiles.read(
                SHIPPED,
                options(
                        "internal-edition",
                        new Options.ExternalDatabase(
                                URI.create("jdbc:postgresql://db/maestro"), "maestro", Path.of("secret"))));

        assertThat(values.all())
                .filteredOn(one -> one.key().startsWith("database."))
                .extracting(Value::key, Value::value)
                .containsExactly(
                        tuple("database.url", "jdbc:postgresql://db/maestro"),
                        tuple("database.user", "maestro"),
                        tuple("database.password", "***"));
    }

    @Test
    void everyDefaultIsOneThatItsSettingTakes() {
        for (Setting setting : Setting.values()) {
            assertThat(setting.kind().takes(setting.usual())).as(setting.key()).isTrue();
        }
    }
}
