package io.maestro.e2e.docs;

import io.maestro.e2e.docs.Page.Step;
import io.maestro.testing.peers.OidcProvider;
import io.maestro.testing.peers.S3Proxy;
import io.maestro.testing.peers.ScimServer;
import io.maestro.testing.server.Distribution;
import io.maestro.testing.server.LaunchedServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * Somebody who follows a page in a shell, in a folder that looks like a clone with a server running in it, and who clicks on
 * alice where a browser asks who it is. Ports and the peers' credentials are those of the test; everything else is typed
 * as it stands.
 */
final class Reader {
    private static final long PATIENCE_MINUTES = 5;
    private static final long POLL_MILLIS = 50;
    private static final String SERVER = "127.0.0.1:8080";
    private static final String S3 = "127.0.0.1:9000";
    private static final String OIDC = "127.0.0.1:9001";
    private static final String SCIM = "127.0.0.1:9002/acme/scim/v2";

    private final Path clone;
    private final Path home;
    private final OidcProvider oidc;
    private final Map<String, String> typed = new TreeMap<>();

    Reader(Path folder, LaunchedServer server, S3Proxy s3, OidcProvider oidc, ScimServer.Directory scim)
            throws IOException {
        this.oidc = oidc;
        clone = Files.createDirectories(folder.resolve("clone")).toRealPath();
        home = Files.createDirectories(folder.resolve("home")).toRealPath();
        Path target = Files.createDirectories(clone.resolve("distribution/assembly/target"));
        Files.createSymbolicLink(target.resolve("maestro"), Distribution.built().home());
        Files.createSymbolicLink(clone.resolve("data"), server.data());
        typed.put(SERVER, server.base().getAuthority());
        typed.put(S3, s3.endpoint().getAuthority());
        typed.put(OIDC, URI.create(oidc.issuer()).getAuthority());
        typed.put(SCIM, scim.baseUrl().getAuthority() + scim.baseUrl().getPath());
        typed.put("local-scim-credential", scim.token());
        typed.put("local-identity", S3Proxy.ACCESS_KEY_ID);
        typed.put("local-credential", S3Proxy.SECRET_ACCESS_KEY);
    }

    /** Types this where the page says that. */
    void replaces(String written, String meant) {
        typed.put(written, meant);
    }

    /** Follows the steps in one shell after {@code first}; the answers by the line of their step. */
    Map<Integer, String> follow(String first, Page page) throws IOException, InterruptedException {
        Path answers =
                Files.createDirectories(home.resolve("answers/" + page.file().getFileName()));
        StringBuilder script = new StringBuilder("set -euo pipefail\n");
        script.append("exec >'")
                .append(answers.resolve("first"))
                .append("' 2>&1\n")
                .append(first);
        List<Integer> lines = new ArrayList<>();
        for (Step step : page.steps()) {
            switch (step) {
                case Step.Type type -> {
                    lines.add(type.line());
                    script.append("exec >'")
                            .append(answers.resolve("" + type.line()))
                            .append("' 2>&1\n");
                    script.append(type.commands());
                }
                case Step.Write write -> {
                    String path = "'" + write.path() + "'";
                    script.append("mkdir -p \"$(dirname ")
                            .append(path)
                            .append(")\"\ncat >")
                            .append(path);
                    script.append(" <<'END OF FILE'\n").append(write.content()).append("END OF FILE\n");
                }
                case Step.Query query ->
                    throw new IllegalArgumentException("line " + query.line() + " is not for a shell");
            }
        }
        int code = run(typed(script.toString()), answers);
        Map<Integer, String> answered = new TreeMap<>();
        for (int line : lines) {
            Path answer = answers.resolve("" + line);
            if (!Files.exists(answer)) {
                break;
            }
            answered.put(line, shown(Files.readString(answer)));
        }
        if (code != 0) {
            throw new AssertionError(page.file() + ": the shell ended with " + code + " after " + answered
                    + Files.readString(answers.resolve("first")));
        }
        return answered;
    }

    private int run(String script, Path answers) throws IOException, InterruptedException {
        Path file = Files.writeString(answers.resolve("script"), script);
        ProcessBuilder bash = new ProcessBuilder("bash", file.toString())
                .directory(clone.toFile())
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectErrorStream(true)
                .redirectOutput(answers.resolve("shell").toFile());
        Map<String, String> environment = bash.environment();
        environment.keySet().removeIf(name -> name.startsWith("MAESTRO_"));
        environment.put("HOME", home.toString());
        environment.put("XDG_CONFIG_HOME", home.resolve(".config").toString());
        String java = System.getProperty("java.home");
        environment.put("JAVA_HOME", java);
        environment.put("BROWSER", browser().toString());
        environment.merge("PATH", java + "/bin", (path, bin) -> bin + ":" + path);
        // the local repository that this build uses, as Surefire tells it
        String repository = System.getProperty("localRepository", "");
        if (!repository.isEmpty()) {
            environment.put("MAVEN_OPTS", "-Dmaven.repo.local=" + repository);
        }
        Process process = bash.start();
        Thread.ofVirtual().name("who clicks").start(() -> click(process));
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            throw new AssertionError("the page does not come to an end; last: " + Files.readString(file));
        }
        return process.exitValue();
    }

    /** A browser that does no more than leave the address that it should open. */
    private Path browser() throws IOException {
        Path script = home.resolve("browser");
        Files.writeString(
                script,
                "#!/bin/sh\nprintf %s \"$1\" >'" + opened() + ".new' && mv '" + opened() + ".new' '" + opened()
                        + "'\n");
        Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
        return script;
    }

    private Path opened() {
        return home.resolve("opened");
    }

    /** Logs in wherever the browser was sent, for as long as the shell is there. */
    private void click(Process shell) {
        try (HttpClient client = HttpClient.newHttpClient()) {
            while (shell.isAlive()) {
                if (Files.exists(opened())) {
                    URI address = URI.create(Files.readString(opened()));
                    Files.delete(opened());
                    URI back = oidc.logIn(address, "alice");
                    client.send(HttpRequest.newBuilder(back).build(), BodyHandlers.discarding());
                }
                shell.waitFor(POLL_MILLIS, TimeUnit.MILLISECONDS);
            }
        } catch (IOException | InterruptedException e) {
            // the command in the shell then ends without a login, and says so
            System.getLogger(Reader.class.getName()).log(System.Logger.Level.ERROR, "no login", e);
        }
    }

    private String typed(String text) {
        String result = text;
        for (Map.Entry<String, String> word : typed.entrySet()) {
            result = result.replace(word.getKey(), word.getValue());
        }
        return result;
    }

    /** As the page would show it. */
    private String shown(String text) {
        String result = text;
        for (Map.Entry<String, String> word : typed.entrySet()) {
            result = result.replace(word.getValue(), word.getKey());
        }
        return result.replace(clone.toString(), "~/maestro-conductor").replace(home.toString(), "~");
    }
}
