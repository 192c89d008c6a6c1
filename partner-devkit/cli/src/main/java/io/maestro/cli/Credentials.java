package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where the server is and what to show it.
 *
 * @param url the server's base address, without {@code /api}
 * @param token the bearer token; null when not logged in; not printed
 */
record Credentials(URI url, @Nullable String token) {
    private static final String USUAL = "http://127.0.0.1:8080";
    private static final JsonMapper JSON = new JsonMapper();

    /** What the option, the environment and the last login say, in this order. */
    static Credentials find(Terminal terminal, @Nullable String urlOption) {
        JsonNode stored = read(file(terminal));
        String storedUrl = stored.path("url").asText(USUAL);
        String wanted = urlOption == null ? terminal.environment().get("MAESTRO_URL") : urlOption;
        URI url = url(wanted == null ? storedUrl : wanted);
        String token = terminal.environment().get("MAESTRO_TOKEN");
        // a token is shown only to the server that it was stored for
        if (token == null && stored.has("token") && url.equals(url(storedUrl))) {
            token = stored.path("token").asText();
        }
        return new Credentials(url, token);
    }

    /** Stores them for the user alone, whole or not at all. */
    void store(Terminal terminal) {
        Path file = file(terminal);
        try {
            Path folder = file.toAbsolutePath().getParent();
            Files.createDirectories(folder);
            Path whole = Files.createTempFile(folder, "credentials", ".json", privately(file));
            Files.writeString(
                    whole, JSON.createObjectNode().put("url", url.toString()).put("token", token) + "\n", UTF_8);
            Files.move(whole, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw Failure.file("the credentials cannot be stored in " + file, e);
        }
    }

    /** Forgets what is stored; false when there was nothing. */
    static boolean forget(Terminal terminal) {
        Path file = file(terminal);
        try {
            return Files.deleteIfExists(file);
        } catch (IOException e) {
            throw Failure.file("the credentials in " + file + " cannot be removed", e);
        }
    }

    /** Where they are stored. */
    static Path file(Terminal terminal) {
        String base = terminal.environment().get("XDG_CONFIG_HOME");
        Path folder = base == null || base.isEmpty() ? terminal.home().resolve(".config") : Path.of(base);
        return folder.resolve("maestro").resolve("credentials.json");
    }

    /** Read and write for the owner only, where the file system knows owners. */
    static FileAttribute<?>[] privately(Path near) {
        return near.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }

    static URI url(String text) {
        String trimmed = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
        try {
            URI url = new URI(trimmed);
            String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
            if ((scheme.equals("http") || scheme.equals("https"))
                    && url.getHost() != null
                    && url.getUserInfo() == null
                    && url.getQuery() == null) {
                return url;
            }
        } catch (URISyntaxException e) {
            throw badUrl(trimmed);
        }
        throw badUrl(trimmed);
    }

    private static Failure badUrl(String text) {
        return Failure.usage(
                "\"" + Output.clean(text) + "\" is not the address of a server",
                "Write http://HOST:PORT or https://HOST, without a path behind it.");
    }

    private static JsonNode read(Path file) {
        if (!Files.isRegularFile(file)) {
            return JSON.createObjectNode();
        }
        try {
            return JSON.readTree(Files.readAllBytes(file));
        } catch (IOException e) {
            throw Failure.file("the stored credentials in " + file + " cannot be read", e);
        }
    }

    @Override
    public String toString() {
        return "Credentials[" + url + "]";
    }
}
