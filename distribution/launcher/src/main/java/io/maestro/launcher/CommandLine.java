package io.maestro.launcher;

import io.maestro.launcher.Options.ExternalDatabase;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the command line: {@code --name value} or {@code --name=value}. */
sealed interface CommandLine {
    /** The password of the database comes from here, never from the command line, which every user can list. */
    String PASSWORD_VARIABLE = "MAESTRO_DATABASE_PASSWORD";

    /** What {@code --help} prints; a file, so that {@code ./run --help} can show it before anything is built. */
    static String help() {
        try (InputStream text = CommandLine.class.getResourceAsStream("help.txt")) {
            if (text == null) {
                throw new IllegalStateException("the launcher's jar has no help.txt");
            }
            return new String(text.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Starts a node. */
    record Start(Options options) implements CommandLine {}

    /** Prints {@link #help}. */
    record Help() implements CommandLine {}

    /** Prints the version. */
    record Version() implements CommandLine {}

    /** Reads {@code arguments}; relative paths are taken from {@code folder}. */
    static CommandLine parse(List<String> arguments, Path folder) throws LaunchFailure {
        Map<String, String> values = new TreeMap<>();
        boolean demo = true;
        Iterator<String> rest = arguments.iterator();
        while (rest.hasNext()) {
            String argument = rest.next();
            int equals = argument.indexOf('=');
            String name = equals < 0 ? argument : argument.substring(0, equals);
            switch (name) {
                case "--help", "-h" -> {
                    return new Help();
                }
                case "--version" -> {
                    return new Version();
                }
                case "--no-demo" -> demo = false;
                case "--port",
                        "--host",
                        "--data",
                        "--database-url",
                        "--database-user",
                        "--database-password-file",
                        "--profile" -> {
                    String value = equals < 0 ? (rest.hasNext() ? rest.next() : "") : argument.substring(equals + 1);
                    if (value.isBlank()) {
                        throw usage(name + " needs a value");
                    }
                    if (values.putIfAbsent(name, value) != null) {
                        throw usage(name + " is given twice");
                    }
                }
                default -> throw usage("unknown option " + name);
            }
        }
        return new Start(new Options(
                values.getOrDefault("--host", "127.0.0.1"),
                port(values.getOrDefault("--port", "8080")),
                folder.resolve(values.getOrDefault("--data", "data"))
                        .toAbsolutePath()
                        .normalize(),
                database(values, folder),
                profile(values.getOrDefault("--profile", Options.PROFILES.getFirst())),
                demo));
    }

    private static int port(String value) throws LaunchFailure {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // answered below, as for a number out of range
        }
        throw usage("--port must be a number from 0 to 65535, not " + value);
    }

    private static String profile(String value) throws LaunchFailure {
        if (!Options.PROFILES.contains(value)) {
            throw usage("--profile must be one of " + String.join(", ", Options.PROFILES) + ", not " + value);
        }
        return value;
    }

    private static @Nullable ExternalDatabase database(Map<String, String> values, Path folder) throws LaunchFailure {
        String url = values.get("--database-url");
        if (url == null) {
            if (values.containsKey("--database-user") || values.containsKey("--database-password-file")) {
                throw usage("--database-user and --database-password-file need --database-url");
            }
            return null;
        }
        if (!url.startsWith("jdbc:postgresql://")) {
            throw usage("--database-url must look like jdbc:postgresql://HOST:PORT/NAME");
        }
        if (url.contains("@") || url.matches(".*[?&](user|password|sslpassword)=.*")) {
            throw usage("--database-url must not hold credentials: use --database-user and " + PASSWORD_VARIABLE);
        }
        String passwordFile = values.get("--database-password-file");
        try {
            return new ExternalDatabase(
                    URI.create(url),
                    values.getOrDefault("--database-user", "maestro"),
                    passwordFile == null ? null : folder.resolve(passwordFile));
        } catch (IllegalArgumentException e) {
            throw usage("--database-url is not an address: " + url);
        }
    }

    private static LaunchFailure usage(String message) {
        return new LaunchFailure(LaunchFailure.USAGE, message + "; --help lists the options");
    }
}
