package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.Console;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What surrounds the process.
 *
 * @param environment variables
 * @param home the user's home folder
 * @param in standard input
 * @param out standard output, UTF-8
 * @param err standard error, UTF-8
 * @param secrets asks a person for a secret without echo; gives null where there is no person
 */
record Terminal(
        Map<String, String> environment,
        Path home,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Function<String, @Nullable String> secrets) {

    /** The real one. */
    static Terminal system() {
        return new Terminal(
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                System.in,
                new PrintStream(System.out, true, UTF_8),
                new PrintStream(System.err, true, UTF_8),
                Terminal::ask);
    }

    @SuppressWarnings("SystemConsoleNull") // its contract still allows null
    private static @Nullable String ask(String prompt) {
        Console console = System.console();
        if (console == null || !console.isTerminal()) {
            return null;
        }
        char[] answer = console.readPassword("%s: ", prompt);
        return answer == null ? null : new String(answer);
    }
}
