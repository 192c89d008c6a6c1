package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static picocli.CommandLine.Model.UsageMessageSpec.SECTION_KEY_COMMAND_LIST;

import io.maestro.model.ProblemException;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.UnmatchedArgumentException;

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
    /** Letters by which a command may be mistyped and still be guessed. */
    private static final int FORGIVEN = 2;

    /** In the order in which help shows them. */
    private static final List<String> NAMES = List.of(
            "login",
            "logout",
            "whoami",
            "health",
            "publisher",
            "adapter",
            "tenant",
            "environment",
            "member",
            "requirements",
            "token",
            "identity-provider",
            "session",
            "instance",
            "rollout",
            "secret",
            "object",
            "why",
            "drift",
            "leaks",
            "configuration",
            "alert",
            "event",
            "security-event",
            "receipts",
            "policy",
            "approval",
            "simulate");

    private final Session session;

    private Maestro(Session session) {
        this.session = session;
    }

    /** Runs one command and gives its exit code. */
    static int run(Terminal terminal, String... arguments) {
        Session session = new Session(terminal);
        List<String> given = Arrays.asList(arguments);
        // known before parsing, so that a usage error too comes in the wanted form
        session.json(given.contains("--json"));
        boolean named = !given.isEmpty() && NAMES.contains(given.getFirst());
        // to look at all commands takes longer than most of them do, so only at the one that is meant
        return commandLine(session, named ? given.subList(0, 1) : NAMES).execute(arguments);
    }

    /** All commands. */
    static CommandLine commandLine(Session session) {
        return commandLine(session, NAMES);
    }

    private static CommandLine commandLine(Session session, List<String> names) {
        Terminal terminal = session.terminal();
        CommandLine maestro = new CommandLine(new Maestro(session)).setCaseInsensitiveEnumValuesAllowed(true);
        names.forEach(name -> maestro.addSubcommand(name, command(name, session)));
        maestro.setOut(new PrintWriter(terminal.out(), true, UTF_8))
                .setErr(new PrintWriter(terminal.err(), true, UTF_8))
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setExecutionExceptionHandler((e, command, result) -> failed(session, e))
                .setParameterExceptionHandler((e, args) -> misused(session, e))
                .setCaseInsensitiveEnumValuesAllowed(true)
                .setUsageHelpAutoWidth(true)
                // @FILE is ours: the value of an option, not more arguments
                .setExpandAtFiles(false)
                .setCaseInsensitiveEnumValuesAllowed(true);
        maestro.getCommandSpec().versionProvider(() -> new String[] {version()});
        maestro.getSubcommands().values().forEach(Maestro::sort);
        return maestro;
    }

    private static Object command(String name, Session session) {
        return switch (name) {
            case "login" -> new LoginCommands.Login(session);
            case "logout" -> new LoginCommands.Logout(session);
            case "whoami" -> new LoginCommands.WhoAmI(session);
            case "health" -> new LoginCommands.Health(session);
            case "publisher" -> new PublisherCommands(session);
            case "adapter" -> new AdapterCommands(session);
            case "tenant" -> new TenantCommands(session);
            case "environment" -> new EnvironmentCommands(session);
            case "member" -> new MemberCommands(session);
            case "requirements" -> new RequirementsCommands(session);
            case "token" -> new TokenCommands(session);
            case "identity-provider" -> new IdentityProviderCommands(session);
            case "session" -> new SessionCommands(session);
            case "instance" -> new InstanceCommands(session);
            case "rollout" -> new RolloutCommands(session);
            case "secret" -> new SecretCommands(session);
            case "object" -> new ObjectCommands(session);
            case "why" -> new UpkeepCommands.WhyCommand(session);
            case "drift" -> new UpkeepCommands.DriftCommand(session);
            case "leaks" -> new UpkeepCommands.LeaksCommand(session);
            case "configuration" -> new ConfigurationCommands(session);
            case "alert" -> new AlertCommands(session);
            case "event" -> new EventCommands(session);
            case "security-event" -> new SecurityEventCommands(session);
            case "receipts" -> new ReceiptCommands(session);
            case "policy" -> PolicyPackCommands.addTo(new CommandLine(new PolicyCommands(session)), session);
            case "approval" -> new ApprovalCommands(session);
            case "simulate" -> new SimulateCommand(session);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** By name: reflection gives methods, which most commands are, in any order. */
    private static void sort(CommandLine group) {
        group.getHelpSectionMap()
                .put(SECTION_KEY_COMMAND_LIST, help -> help.commandList(new TreeMap<>(help.subcommands())));
        group.getSubcommands().values().forEach(Maestro::sort);
    }

    private static String version() throws IOException {
        Properties distribution = new Properties();
        String home = System.getProperty("maestro.home");
        if (home != null) {
            try (Reader reader = Files.newBufferedReader(Path.of(home, "etc", "distribution.properties"))) {
                distribution.load(reader);
            }
        }
        return "Maestro Conductor " + distribution.getProperty("version", "of unknown version");
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
            names = "--approval",
            scope = ScopeType.INHERIT,
            paramLabel = "ID",
            description = "Do what a second person has approved.")
    void approval(@Nullable String id) {
        session.approval(id == null ? null : PolicyPackCommands.id(id));
    }

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            scope = ScopeType.INHERIT,
            description = "Show this help.")
    void help(boolean wanted) {
        // picocli shows it
    }

    @Option(
            names = {"-V", "--version"},
            versionHelp = true,
            description = "Show the version.")
    void version(boolean wanted) {
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
        CommandLine line = e.getCommandLine();
        boolean group = !line.getSubcommands().isEmpty();
        if (group && e.getClass().equals(ParameterException.class) && !session.json()) {
            // nothing was asked for: show what can be
            line.usage(line.getErr());
            return Exit.USAGE;
        }
        String command = line.getCommandSpec().qualifiedName();
        String detail = String.valueOf(e.getMessage());
        String fix = "See " + command + " --help.";
        if (group && e instanceof UnmatchedArgumentException unmatched && !unmatched.isUnknownOption()) {
            String typed = unmatched.getUnmatched().getFirst();
            detail = "there is no command \"" + command + " " + typed + "\"";
            fix = closest(typed, line.getSubcommands().keySet())
                            .map(name -> "Did you mean " + command + " " + name + "? ")
                            .orElse("")
                    + fix;
        }
        session.output().problem(Failure.usage(detail, fix).problem());
        return Exit.USAGE;
    }

    private static Optional<String> closest(String typed, Set<String> names) {
        return names.stream()
                .filter(name -> distance(typed, name) <= FORGIVEN)
                .min(Comparator.comparingInt(name -> distance(typed, name)));
    }

    /** How many letters have to be added, taken away or changed; both are short. */
    private static int distance(String typed, String name) {
        if (Math.abs(typed.length() - name.length()) > FORGIVEN) {
            return Integer.MAX_VALUE;
        }
        int[] row = IntStream.rangeClosed(0, name.length()).toArray();
        for (int i = 1; i <= typed.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= name.length(); j++) {
                int changed = diagonal + (typed.charAt(i - 1) == name.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[name.length()];
    }
}
