package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.maestro.cli.Output.Column;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Acts that wait for a second person. */
@Command(
        description = {
            "Shows what waits for a second person, and decides on it.",
            "Nobody decides on what they asked for themselves. Who asked repeats the command with --approval ID."
        },
        synopsisSubcommandLabel = "COMMAND")
final class ApprovalCommands {
    private final Session session;

    ApprovalCommands(Session session) {
        this.session = session;
    }

    @Command(description = "Lists requests within the caller's tenant and environment, or all, newest first.")
    int list(
            @Option(
                            names = "--state",
                            paramLabel = "STATE",
                            description = "Only these: pending, approved, rejected, used, expired.")
                    @Nullable
                    String state,
            @Mixin ListOptions options) {
        try (Server server = session.server()) {
            session.output()
                    .table(
                            server.list(
                                    Filter.of("/approvals").with("state", state).toString(), options.limit()),
                            Column.of("STATE", "/state"),
                            Column.of("TENANT", "/tenant"),
                            Column.of("ACTION", "/action"),
                            Column.of("SUBJECT", "/subject"),
                            Column.of("ASKED BY", "/requestedBy"),
                            Column.of("UNTIL", "/expiresAt"),
                            Column.of("ID", "/id"));
        }
        return Exit.OK;
    }

    @Command(description = "Shows a request: what was asked, by whom, and which rules want a second person.")
    int show(@Parameters(paramLabel = "ID", description = "The id as listed.") String id) {
        try (Server server = session.server()) {
            return show(server.get(path(id)));
        }
    }

    @Command(description = "Approves a request: who asked may do that act once.")
    int approve(
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, in one sentence.")
                    String reason,
            @Parameters(paramLabel = "ID", description = "The id as listed.") String id) {
        return decide(id, "approve", reason);
    }

    @Command(description = "Rejects a request, for good.")
    int reject(
            @Option(names = "--reason", required = true, paramLabel = "TEXT", description = "Why, in one sentence.")
                    String reason,
            @Parameters(paramLabel = "ID", description = "The id as listed.") String id) {
        return decide(id, "reject", reason);
    }

    private int decide(String id, String how, String reason) {
        if (reason.isBlank()) {
            throw Failure.usage("the reason is empty", "Say in one sentence why: it stands in the receipt.");
        }
        try (Server server = session.server()) {
            return show(server.post(
                    path(id) + "/" + how, JsonNodeFactory.instance.objectNode().put("reason", reason)));
        }
    }

    private int show(JsonNode request) {
        session.output()
                .fields(
                        request,
                        Column.of("Approval", "/id"),
                        Column.of("State", "/state"),
                        Column.of("Tenant", "/tenant"),
                        Column.of("Environment", "/environment"),
                        Column.of("Entry point", "/entryPoint"),
                        Column.of("Action", "/action"),
                        Column.of("Kind", "/subjectType"),
                        Column.of("Subject", "/subject"),
                        Column.of("Asked by", "/requestedBy"),
                        Column.of("Asked at", "/requestedAt"),
                        Column.of("Until", "/expiresAt"),
                        Column.of("Input", "/input"),
                        Column.of("Decided by", "/decidedBy"),
                        Column.of("Decided at", "/decidedAt"),
                        Column.of("Reason", "/comment"),
                        Column.of("Decision", "/decisionId"));
        if (!session.json()) {
            request.path("reasons").forEach(reason -> PolicyAnswers.reason(session, reason));
        }
        return Exit.OK;
    }

    private static String path(String id) {
        return "/approvals/" + PolicyPackCommands.id(id);
    }
}
