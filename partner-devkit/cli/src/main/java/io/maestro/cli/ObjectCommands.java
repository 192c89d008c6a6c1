package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.maestro.cli.Output.Column;
import io.maestro.model.InstanceId;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.OutputStream;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Objects of storage instances. */
@Command(
        description = "Stores, fetches, lists and deletes objects of a storage instance.",
        synopsisSubcommandLabel = "COMMAND")
final class ObjectCommands {
    private final Session session;

    ObjectCommands(Session session) {
        this.session = session;
    }

    /** The instance that holds the objects. */
    static final class InstanceOption {
        @Mixin
        private ScopeOptions scope = new ScopeOptions();

        @Option(
                names = {"-i", "--instance"},
                required = true,
                paramLabel = "INSTANCE",
                description = "The storage instance.")
        private String instance = "";

        String objects() {
            return scope.instances() + "/" + new InstanceId(instance) + "/objects";
        }

        String object(String key) {
            // slashes within a key stay slashes of the path
            return objects() + "/"
                    + Arrays.stream(key.split("/", -1)).map(Server::encoded).collect(Collectors.joining("/"));
        }
    }

    @Command(description = "Stores a file as an object.")
    int put(
            @Mixin InstanceOption instance,
            @Option(names = "--type", paramLabel = "TYPE", description = "Media type (application/octet-stream).")
                    @Nullable
                    String type,
            @Option(names = "--if-absent", description = "Only if there is no object under the key.") boolean ifAbsent,
            @Option(names = "--if-match", paramLabel = "ETAG", description = "Only if the object is in this state.")
                    @Nullable
                    String ifMatch,
            @Parameters(index = "0", paramLabel = "KEY", description = "Where to store.") String key,
            @Parameters(index = "1", paramLabel = "FILE", description = "What to store; - for standard input.")
                    String file)
            throws FileNotFoundException {
        BodyPublisher content = file.equals("-")
                ? BodyPublishers.ofInputStream(() -> session.terminal().in())
                : BodyPublishers.ofFile(Path.of(file));
        List<String> headers = new ArrayList<>();
        if (ifAbsent) {
            headers.addAll(List.of("If-None-Match", "*"));
        }
        if (ifMatch != null) {
            headers.addAll(List.of("If-Match", "\"" + ifMatch + "\""));
        }
        try (Server server = session.server()) {
            JsonNode stored = server.upload(
                    "PUT",
                    instance.object(key),
                    content,
                    type == null ? "application/octet-stream" : type,
                    headers.toArray(String[]::new));
            session.output()
                    .done(
                            stored,
                            "Stored " + stored.path("key").asText() + ", "
                                    + stored.path("size").asText() + " bytes, etag "
                                    + stored.path("etag").asText() + ".");
        }
        return Exit.OK;
    }

    @Command(description = "Fetches an object; its bytes go to standard output unless a file is named.")
    int get(
            @Mixin InstanceOption instance,
            @Option(
                            names = {"-o", "--output"},
                            paramLabel = "FILE",
                            description = "Write to this file.")
                    @Nullable
                    Path file,
            @Parameters(paramLabel = "KEY", description = "Which object.") String key)
            throws IOException {
        try (Server server = session.server()) {
            if (file == null) {
                server.download(instance.object(key), session.terminal().out());
                session.terminal().out().flush();
            } else {
                fetch(server, instance.object(key), file.toAbsolutePath());
                session.output()
                        .done(
                                JsonNodeFactory.instance.objectNode().put("file", file.toString()),
                                "Fetched " + key + " to " + file + ".");
            }
        }
        return Exit.OK;
    }

    @Command(description = "Lists objects by key.")
    int list(
            @Mixin InstanceOption instance,
            @Option(names = "--prefix", paramLabel = "PREFIX", description = "Only keys that start with it.") @Nullable
                    String prefix,
            @Mixin ListOptions options) {
        String path = instance.objects() + (prefix == null ? "" : "?prefix=" + Server.encoded(prefix));
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(path, options.limit()),
                            Column.of("KEY", "/key"),
                            Column.of("SIZE", "/size"),
                            Column.of("CHANGED", "/lastModified"),
                            Column.of("ETAG", "/etag"));
        }
        return Exit.OK;
    }

    @Command(description = "Deletes an object; deleting what is not there is no failure.")
    int delete(
            @Mixin InstanceOption instance, @Parameters(paramLabel = "KEY", description = "Which object.") String key) {
        try (Server server = session.server()) {
            server.delete(instance.object(key));
            session.output().done(JsonNodeFactory.instance.objectNode().put("deleted", key), "Deleted " + key + ".");
        }
        return Exit.OK;
    }

    /** Whole or not at all: a broken connection leaves the file as it was. */
    private static void fetch(Server server, String path, Path file) throws IOException {
        Path draft = Files.createTempFile(file.getParent(), ".maestro", ".part");
        try {
            try (OutputStream out = Files.newOutputStream(draft)) {
                server.download(path, out);
            }
            Files.move(draft, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(draft);
        }
    }
}
