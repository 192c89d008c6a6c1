package io.maestro.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Takes secrets from where they do not land in the shell's history or the list of processes. */
final class Secrets {
    private static final int LONGEST = 64 << 10;

    private Secrets() {}

    /** A password: from the file, else from the variable, else from the person at the terminal. */
    static String password(Terminal terminal, @Nullable Path file, String variable, String prompt) {
        if (file != null) {
            return file(file);
        }
        String value = terminal.environment().get(variable);
        if (value == null) {
            value = terminal.secrets().apply(prompt);
        }
        if (value == null || value.isEmpty()) {
            throw Failure.usage(
                    "there is no password and nobody to ask", "Use --password-file FILE, or set " + variable + ".");
        }
        return value;
    }

    /** A value written as {@code @FILE}, {@code env:NAME} or {@code -} for standard input. */
    static String value(Terminal terminal, String source) {
        if (source.startsWith("@")) {
            return file(Path.of(source.substring(1)));
        }
        if (source.startsWith("env:")) {
            String value = terminal.environment().get(source.substring("env:".length()));
            if (value == null) {
                throw Failure.usage("the variable " + source.substring(4) + " is not set", "Set it, or use @FILE.");
            }
            return value;
        }
        if (source.equals("-")) {
            return standardInput(terminal);
        }
        throw Failure.usage(
                "a secret must not stand on the command line", "Write @FILE, env:NAME, or - for standard input.");
    }

    /** All of standard input, without the line break at its end. */
    static String standardInput(Terminal terminal) {
        try {
            return stripped(new String(terminal.in().readNBytes(LONGEST), UTF_8));
        } catch (IOException e) {
            throw Failure.file("standard input cannot be read", e);
        }
    }

    /** All of a file, without the line break at its end. */
    static String file(Path file) {
        try {
            if (Files.size(file) > LONGEST) {
                throw Failure.usage(file + " is too large for a secret", "Name the file that holds the secret alone.");
            }
            return stripped(Files.readString(file, UTF_8));
        } catch (IOException e) {
            throw Failure.file("the file " + file + " cannot be read", e);
        }
    }

    private static String stripped(String text) {
        return text.replaceFirst("\\R\\z", "");
    }
}
