package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Runs commands in an environment of the test's own. */
final class Shell {
    private final Path home;
    private final Map<String, String> environment = new HashMap<>();
    private String input = "";
    private @Nullable String secret;

    Shell(Path home) {
        this.home = home;
    }

    record Run(int exit, String out, String err) {}

    Shell with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    Shell typing(String text) {
        input = text;
        return this;
    }

    Shell answering(String value) {
        secret = value;
        return this;
    }

    Shell at(FakeServer server) {
        return with("MAESTRO_URL", server.url()).with("MAESTRO_TOKEN", "mst_test_token");
    }

    Run run(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int exit = Maestro.run(
                new Terminal(
                        environment,
                        home,
                        new ByteArrayInputStream(input.getBytes(UTF_8)),
                        new PrintStream(out, true, UTF_8),
                        new PrintStream(err, true, UTF_8),
                        prompt -> secret),
                arguments);
        return new Run(exit, out.toString(UTF_8), err.toString(UTF_8));
    }
}
