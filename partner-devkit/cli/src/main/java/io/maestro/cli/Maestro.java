package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.maestro.model.ProblemException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;

/** The root of all commands. */
@Command(
        name = "maestro",
        description = "Signs, verifies and installs adapters, and works with a Maestro Conductor server.",
        synopsisSubcommandLabel = "COMMAND",
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:the server refused; the problem says why",
            "2:the command was used wrongly, or a file cannot be used",
            "3:the server does not answer",
            "4:not logged in, or not allowed",
            "5:the artifact was refused",
        },
        footer = {
            "",
            "Environment: MAESTRO_URL and MAESTRO_TOKEN stand before what login stored.",
        })
final class Maestro {
    private final Session session;

    private Maestro(Session session) {
        this.session = session;
    }

    /** Runs one command and gives its exit code. */
    static int run(Terminal terminal, String... arguments) {
        Session session = new Session(terminal);
        // known before parsing, so that a usage error too comes in the wanted form
        session.json(Arrays.asList(arguments).contains("--json"));
        return commandLine(session).execute(arguments);
    }

    /** All commands. */
    static CommandLine commandLine(Session session) {
        Terminal terminal = session.terminal();
        return new CommandLine(new Maestro(session))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .addSubcommand("login", new LoginCommands.Login(session))
                .addSubcommand("whoami", new LoginCommands.WhoAmI(session))
                .addSubcommand("health", new LoginCommands.Health(session))
                .addSubcommand("publisher", new PublisherCommands(session))
                .addSubcommand("adapter", new AdapterCommands(session))
                .addSubcommand("tenant", new TenantCommands(session))
                .addSubcommand("environment", new EnvironmentCommands(session))
                .addSubcommand("token", new TokenCommands(session))
                .addSubcommand("instance", new InstanceCommands(session))
                .addSubcommand("object", new ObjectCommands(session))
                .addSubcommand("security-event", new SecurityEventCommands(session))
                .setOut(new PrintWriter(terminal.out(), true, UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setExecutionExceptionHandler((e, command, result) -> failed(session, e))
                .setParameterExceptionHandler((e, args) -> misused(session, e))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                // @FILE is ours: the value of an option, not more arguments
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true);
    }

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "Answer in one line of JSON; problems too.")
    void json(boolean wanted) {
        session.json(wanted);
    }

    @Option(names = "--url", scope = ScopeType.INHERIT, paramLabel = "URL", description = "Address of the server.")
    void url(@Nullable String url) {
        session.url(url);
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    void help(boolean wanted) {
        // picocli shows it
    }

    private static int failed(Session session, Exception e) throws Exception {
        Failure failure = switch (e) {
            case Failure known -> known;
            case ProblemException known -> Failure.of(Exit.USAGE, known.problem());
            case IOException io -> Failure.file(Output.clean(String.valueOf(io.getMessage())), io);
            default -> throw e;
        };
        session.output().problem(failure.problem());
        return failure.exit();
    }

    private static int misused(Session session, ParameterException e) {
        String command = e.getCommandLine().getCommandSpec().qualifiedName();
        session.output()
                .problem(Failure.usage(String.valueOf(e.getMessage()), "See " + command + " --help.")
                        .problem());
        return Exit.USAGE;
    }
}
