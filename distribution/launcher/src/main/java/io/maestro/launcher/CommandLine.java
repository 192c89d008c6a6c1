package io.maestro.launcher;

import io.maestro.api.node.NodeSettings;
import io.maestro.launcher.Options.ExternalDatabase;
import io.maestro.launcher.Options.Holder;
import io.maestro.launcher.Options.MasterKey;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads the command line: {@code --name value} or {@code --name=value}. */
sealed interface CommandLine {
    /** The password of the database comes from here, never from the command line, which every user can list. */
    String PASSWORD_VARIABLE = "MAESTRO_DATABASE_PASSWORD";

    /** The password or PIN of what holds the master key. */
    String MASTER_KEY_PASSWORD_VARIABLE = "MAESTRO_MASTER_KEY_PASSWORD";

    /** The password or PIN of what holds the master key before. */
    String FORMER_MASTER_KEY_PASSWORD_VARIABLE = "MAESTRO_FORMER_MASTER_KEY_PASSWORD";

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
                        "--public-url",
                        "--data",
                        "--database-url",
                        "--database-user",
                        "--database-password-file",
                        "--master-key",
                        "--master-key-password-file",
                        "--former-master-key",
                        "--former-master-key-password-file",
                        "--signer",
                        "--signer-token-file",
                        "--policy-engine",
                        "--opa-url",
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
                port("--port", values.getOrDefault("--port", "8080")),
                publicUrl(values.get("--public-url")),
                folder.resolve(values.getOrDefault("--data", "data"))
                        .toAbsolutePath()
                        .normalize(),
                database(values, folder),
                profile(values.getOrDefault("--profile", Options.PROFILES.getFirst())),
                demo,
                masterKey("--master-key", values, folder),
                masterKey("--former-master-key", values, folder),
                signer(values, folder),
                opa(values)));
    }

    private static int port(String option, String value) throws LaunchFailure {
        try {
            int port = Integer.parseInt(value);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // answered below, as for a number out of range
        }
        throw usage(option + " must be a number from 0 to 65535, not " + value);
    }

    private static @Nullable URI publicUrl(@Nullable String value) throws LaunchFailure {
        if (value == null) {
            return null;
        }
        String trimmed = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
        try {
            URI url = URI.create(trimmed);
            boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
            if (http
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawPath().isEmpty()
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // answered below, as for an address of another kind
        }
        throw usage("--public-url must look like https://HOST or http://HOST:PORT, without a path, not " + value);
    }

    private static String profile(String value) throws LaunchFailure {
        if (!Options.PROFILES.contains(value)) {
            throw usage("--profile must be one of " + String.join(", ", Options.PROFILES) + ", not " + value);
        }
        return value;
    }

    private static @Nullable MasterKey masterKey(String option, Map<String, String> values, Path folder)
            throws LaunchFailure {
        String value = values.get(option);
        String passwordFile = values.get(option + "-password-file");
        if (value == null) {
            if (passwordFile != null) {
                throw usage(option + "-password-file needs " + option);
            }
            return null;
        }
        int colon = value.indexOf(':');
        int hash = value.lastIndexOf('#');
        String kind = colon < 0 ? "" : value.substring(0, colon);
        String path = value.substring(colon + 1, hash < 0 ? value.length() : hash);
        String alias = hash < 0 ? "" : value.substring(hash + 1);
        Holder holder = switch (kind) {
            case "file" -> Holder.FILE;
            case "pkcs12" -> Holder.PKCS12;
            case "pkcs11" -> Holder.PKCS11;
            default -> throw badMasterKey(option);
        };
        if (path.isBlank() || (holder == Holder.FILE) != alias.isBlank()) {
            throw badMasterKey(option);
        }
        return new MasterKey(
                holder, folder.resolve(path), alias, passwordFile == null ? null : folder.resolve(passwordFile));
    }

    private static LaunchFailure badMasterKey(String option) {
        return usage(option + " must look like file:PATH, pkcs12:PATH#ALIAS or pkcs11:PATH#LABEL");
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

    /** What goes to a signer is not encrypted, so it must not leave the machine. */
    private static NodeSettings.@Nullable Signer signer(Map<String, String> values, Path folder) throws LaunchFailure {
        String address = values.get("--signer");
        String tokenFile = values.get("--signer-token-file");
        if (address == null && tokenFile == null) {
            return null;
        }
        if (address == null || tokenFile == null) {
            throw usage("--signer and --signer-token-file need each other");
        }
        int colon = address.lastIndexOf(':');
        String host = colon < 0 ? address : address.substring(0, colon);
        if (!Set.of("127.0.0.1", "localhost").contains(host)) {
            throw usage("--signer must look like 127.0.0.1:PORT: a signer elsewhere is reached through a tunnel");
        }
        return new NodeSettings.Signer(
                host, port("the port of --signer", address.substring(colon + 1)), folder.resolve(tokenFile));
    }

    /** What policies are asked with goes there, and what they answer counts: so nobody may listen in or answer instead. */
    private static @Nullable URI opa(Map<String, String> values) throws LaunchFailure {
        String engine = values.getOrDefault("--policy-engine", "own");
        String address = values.get("--opa-url");
        if (!Set.of("own", "opa").contains(engine)) {
            throw usage("--policy-engine must be own or opa, not " + engine);
        }
        if (engine.equals("opa") != (address != null)) {
            throw usage("--policy-engine=opa and --opa-url need each other");
        }
        if (address == null) {
            return null;
        }
        try {
            URI url = URI.create(address);
            boolean secured = "https".equals(url.getScheme())
                    || ("http".equals(url.getScheme())
                            && Set.of("127.0.0.1", "localhost", "[::1]").contains(String.valueOf(url.getHost())));
            if (secured
                    && url.getHost() != null
                    && url.getRawUserInfo() == null
                    && url.getRawQuery() == null
                    && url.getRawFragment() == null) {
                return url;
            }
        } catch (IllegalArgumentException e) {
            // answered below, as for an address of another kind
        }
        throw usage("--opa-url must look like http://127.0.0.1:8181 or https://HOST");
    }

    private static LaunchFailure usage(String message) {
        return new LaunchFailure(LaunchFailure.USAGE, message + "; --help lists the options");
    }
}
