package io.maestro.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.maestro.cli.Output.Column;
import io.maestro.model.ProviderName;
import io.maestro.model.TenantId;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Commands about the connection itself. */
final class LoginCommands {
    private LoginCommands() {}

    /** Stores address and token. */
    @Command(
            description = {
                "Checks a token and stores it with the server's address for the commands that follow.",
                "With --provider the token comes from logging in there with a browser."
            })
    static final class Login implements Callable<Integer> {
        private final Session session;

        @ArgGroup
        private @Nullable Source source;

        @Option(
                names = "--provider",
                paramLabel = "PROVIDER",
                description =
                        "Log in with a browser at this identity provider: $BROWSER is opened, and the address shown.")
        private @Nullable String provider;

        @Option(
                names = {"-t", "--tenant"},
                paramLabel = "TENANT",
                description = "The tenant of the identity provider; without it one of the installation.")
        private @Nullable String tenant;

        @Option(
                names = "--client-id",
                paramLabel = "ID",
                description = "What the identity provider knows this program as, if not the same as the server.")
        private @Nullable String clientId;

        @Option(
                names = "--wait-seconds",
                paramLabel = "N",
                defaultValue = "300",
                description = "How long to wait for the browser (300).")
        private int waitSeconds = 300;

        Login(Session session) {
            this.session = session;
        }

        /** Where the token comes from. */
        static final class Source {
            @Option(names = "--token", description = "The token itself; mind that it lands in the shell's history.")
            private @Nullable String token;

            @Option(names = "--token-file", paramLabel = "FILE", description = "A file that holds the token.")
            private @Nullable Path file;

            @Option(names = "--token-stdin", description = "Read the token from standard input.")
            private boolean standardInput;
        }

        @Override
        public Integer call() {
            Credentials credentials = new Credentials(session.credentials().url(), shown().strip());
            try (Server server = new Server(credentials)) {
                JsonNode principal = server.get("/whoami");
                credentials.store(session.terminal());
                session.output()
                        .done(
                                principal,
                                "Logged in to " + credentials.url() + " as "
                                        + principal.path("name").asText() + ", "
                                        + Output.text(principal.path("roles")) + ".");
            }
            return Exit.OK;
        }

        private String shown() {
            String at = provider;
            if (at == null) {
                if (tenant != null || clientId != null) {
                    throw Failure.usage(
                            "--tenant and --client-id are about a login with a browser", "Name its --provider too.");
                }
                return token();
            }
            if (source != null) {
                throw Failure.usage("a login with a browser needs no token", "Leave the token or --provider out.");
            }
            String path = "/login/providers/" + new ProviderName(at)
                    + (tenant == null ? "" : "?tenant=" + new TenantId(tenant));
            try (Server server = new Server(session.credentials());
                    ProviderLogin login =
                            new ProviderLogin(session.terminal(), Duration.ofSeconds(Math.max(1, waitSeconds)))) {
                return login.token(server.getOpen(path), clientId);
            }
        }

        private String token() {
            Source given = source;
            if (given != null && given.token != null) {
                return given.token;
            }
            if (given != null && given.file != null) {
                return Secrets.file(given.file);
            }
            if (given != null && given.standardInput) {
                return Secrets.standardInput(session.terminal());
            }
            String asked = session.terminal().secrets().apply("Token");
            if (asked == null || asked.isBlank()) {
                throw Failure.usage("there is no token", "Use --token-file FILE or --token-stdin.");
            }
            return asked;
        }
    }

    /** Forgets the token. */
    @Command(description = "Forgets the stored token. An API token stays good: see token revoke.")
    static final class Logout implements Callable<Integer> {
        private final Session session;

        Logout(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            URI url = session.credentials().url();
            boolean stored = Credentials.forget(session.terminal());
            session.output()
                    .done(
                            JsonNodeFactory.instance.objectNode().put("loggedOut", stored),
                            stored ? "Logged out of " + url + "." : "Nobody was logged in.");
            if (session.terminal().environment().containsKey("MAESTRO_TOKEN")) {
                session.output().note("MAESTRO_TOKEN is still set.");
            }
            return Exit.OK;
        }
    }

    /** Tells who the token's holder is. */
    @Command(description = "Tells who the token's holder is.")
    static final class WhoAmI implements Callable<Integer> {
        private final Session session;

        WhoAmI(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            try (Server server = session.server()) {
                session.output()
                        .fields(
                                server.get("/whoami"),
                                Column.of("Id", "/id"),
                                Column.of("Name", "/name"),
                                Column.of("Roles", "/roles"),
                                Column.of("Tenant", "/tenant"),
                                Column.of("Environment", "/environment"),
                                Column.of("Expires", "/expiresAt"));
            }
            return Exit.OK;
        }
    }

    /** Tells whether the server can work. */
    @Command(
            description =
                    "Tells whether the server can work, check by check. Needs no token; exit code 1 when it cannot.")
    static final class Health implements Callable<Integer> {
        private final Session session;

        Health(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            try (Server server = session.server()) {
                Server.Answer answer = server.open("/health/ready");
                JsonNode body = answer.body() == null ? JsonNodeFactory.instance.objectNode() : answer.body();
                Output output = session.output();
                output.done(body, "The server is " + body.path("status").asText("in an unknown state") + ".");
                body.path("checks")
                        .forEach(check -> output.note("  " + check.path("name").asText() + ": "
                                + check.path("status").asText()
                                + (check.path("reason").isTextual()
                                        ? ", " + check.path("reason").asText()
                                        : "")));
                return answer.status() == 200 ? Exit.OK : Exit.REFUSED;
            }
        }
    }
}
