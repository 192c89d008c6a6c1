package io.maestro.testing.peers;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A real Chromium with one page, driven by {@code partner-devkit/peers/browser/drive.js}. Needs Node and the Chromium of
 * the machine ({@code .ci/install}), and in the module that uses it the execution {@code browser} of {@code
 * exec-maven-plugin}. Not thread-safe. Closing it ends the browser; so does the end of this process.
 */
public final class Chromium implements AutoCloseable {
    private static final JsonMapper JSON = new JsonMapper();
    private static final List<Path> PROGRAMS = List.of(
            Path.of("/usr/bin/chromium"), Path.of("/usr/bin/chromium-browser"), Path.of("/usr/bin/google-chrome"));

    private final Path log;
    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;

    private Chromium(Path log, Process process) {
        this.log = log;
        this.process = process;
        this.commands = process.outputWriter(UTF_8);
        this.answers = process.inputReader(UTF_8);
    }

    /** Where the Chromium of the machine is. */
    public static Path program() throws IOException {
        return PROGRAMS.stream()
                .filter(Files::isExecutable)
                .findFirst()
                .orElseThrow(() -> new IOException("there is no Chromium here: run .ci/install"));
    }

    /** Starts one that writes its log below {@code folder}. */
    public static Chromium start(Path folder) throws IOException {
        Path program = program();
        Files.createDirectories(folder);
        Path log = folder.toAbsolutePath().resolve("chromium.log");
        ProcessBuilder builder = new ProcessBuilder("node", "drive.js")
                .directory(Peers.installed("browser", "browser of exec-maven-plugin")
                        .toFile())
                .redirectError(log.toFile());
        builder.environment().put("CHROMIUM", program.toString());
        return new Chromium(log, builder.start());
    }

    /** From now on shows this page at an address, as if its server had sent it. */
    public void pageAt(Object address, String html) throws IOException {
        command("pageAt", address.toString(), html);
    }

    /** Visits an address, follows its redirects, and gives the status of the page at their end. */
    public int go(Object address) throws IOException {
        return command("go", address.toString()).asInt();
    }

    /** Types into a field. */
    public void fill(String selector, String text) throws IOException {
        command("fill", selector, text);
    }

    /** Clicks, once there is something to click. */
    public void click(String selector) throws IOException {
        command("click", selector);
    }

    /** Waits for the page to be at an address that begins so. */
    public void awaitAddress(Object start) throws IOException {
        command("awaitAddress", start.toString());
    }

    /** Where the page is. */
    public String address() throws IOException {
        return command("address").asText();
    }

    /** What a person reads on the page. */
    public String text() throws IOException {
        return command("text").asText();
    }

    /** Runs a script in the page and gives what it comes to, waiting for a promise. */
    public JsonNode evaluate(String script) throws IOException {
        return command("evaluate", script);
    }

    /** All cookies. */
    public JsonNode cookies() throws IOException {
        return command("cookies");
    }

    private JsonNode command(String... parts) throws IOException {
        commands.write(JSON.writeValueAsString(new ArrayList<>(List.of(parts))));
        commands.newLine();
        commands.flush();
        String answer = answers.readLine();
        if (answer == null) {
            throw new IOException("the browser has ended: " + Files.readString(log));
        }
        JsonNode read = JSON.readTree(answer);
        if (read.has("error")) {
            throw new IOException(read.path("error").asText());
        }
        return read.path("value");
    }

    @Override
    public void close() {
        try {
            commands.close();
            if (!process.waitFor(20, TimeUnit.SECONDS)) {
                process.descendants().forEach(ProcessHandle::destroyForcibly);
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
