package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.maestro.model.Problem;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Ends a command with an exit code and a problem in the form of RFC 9457. */
final class Failure extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exit;
    private final transient JsonNode problem;

    private Failure(int exit, JsonNode problem, @Nullable Throwable cause) {
        super(problem.path("detail").asText(), cause);
        this.exit = exit;
        this.problem = problem;
    }

    /** A problem as the server sent it. */
    static Failure of(int exit, JsonNode problem) {
        return new Failure(exit, problem, null);
    }

    /** A problem found on this machine by code shared with the server. */
    static Failure of(int exit, Problem problem) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", "urn:maestro:problem:" + problem.code());
        json.put("title", problem.title());
        json.put("status", problem.status());
        json.put("detail", problem.detail());
        json.put("code", problem.code());
        json.put("category", problem.category().name().toLowerCase(Locale.ROOT));
        json.put("fix", problem.fix());
        var violations = json.putArray("violations");
        problem.violations()
                .forEach(violation -> violations
                        .addObject()
                        .put("pointer", violation.pointer())
                        .put("detail", violation.detail()));
        return new Failure(exit, json, null);
    }

    /** The command was given something that it cannot work with. */
    static Failure usage(String detail, String fix) {
        return new Failure(Exit.USAGE, local("cli-usage", "The command cannot be run like this", detail, fix), null);
    }

    /** A file cannot be read or written. */
    static Failure file(String detail, Throwable cause) {
        return new Failure(
                Exit.USAGE,
                local("cli-file", "A file cannot be used", detail, "Check the path and its rights."),
                cause);
    }

    /** The server does not answer. */
    static Failure unreachable(String detail, @Nullable Throwable cause) {
        return new Failure(
                Exit.UNREACHABLE,
                local(
                        "cli-unreachable",
                        "The server does not answer",
                        detail,
                        "Start the server with ./run, or name another with --url or MAESTRO_URL."),
                cause);
    }

    /** There is no token to show. */
    static Failure notLoggedIn(URI server) {
        return new Failure(
                Exit.DENIED,
                local(
                        "cli-not-logged-in",
                        "Not logged in",
                        "there is no token for " + server,
                        "Run maestro login --url " + server + " --token-file FILE, or set MAESTRO_TOKEN."),
                null);
    }

    int exit() {
        return exit;
    }

    JsonNode problem() {
        return problem;
    }

    static ObjectNode local(String code, String title, String detail, String fix) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("type", "urn:maestro:problem:" + code);
        json.put("title", title);
        json.put("detail", detail);
        json.put("code", code);
        json.put("fix", fix);
        json.putArray("violations");
        return json;
    }
}
