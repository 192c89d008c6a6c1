package io.maestro.adapters.context;

import java.text.MessageFormat;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Writes to the server's log what an instance says, with its name in front and the values of its secrets masked. */
final class MaskingLogger implements System.Logger {
    /** A shorter secret stands in too many words to mask it. */
    private static final int SHORTEST = 4;

    private static final int DEEPEST = 10;
    private static final int LONGEST = 16_384;
    private static final String MASK = "***";

    private final System.Logger target;
    private final String prefix;
    private final List<String> secrets;

    MaskingLogger(System.Logger target, String prefix, List<String> secrets) {
        this.target = target;
        this.prefix = prefix;
        // the longest first, so that no rest of it remains when one secret contains another
        this.secrets = secrets.stream()
                .filter(secret -> secret.length() >= SHORTEST)
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList();
    }

    @Override
    public String getName() {
        return target.getName();
    }

    @Override
    public boolean isLoggable(Level level) {
        return target.isLoggable(level);
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, @Nullable String message, @Nullable Throwable thrown) {
        if (isLoggable(level)) {
            String line = prefix + masked(String.valueOf(message));
            if (thrown == null) {
                target.log(level, line);
            } else {
                target.log(level, line, masked(thrown, 0));
            }
        }
    }

    @Override
    public void log(
            Level level,
            @Nullable ResourceBundle bundle,
            @Nullable String format,
            @Nullable Object @Nullable ... parameters) {
        if (isLoggable(level)) {
            target.log(level, prefix + masked(formatted(String.valueOf(format), parameters)));
        }
    }

    private static String formatted(String format, @Nullable Object @Nullable [] parameters) {
        if (parameters == null || parameters.length == 0) {
            return format;
        }
        try {
            return new MessageFormat(format, Locale.ROOT).format(parameters);
        } catch (IllegalArgumentException e) {
            // a message with odd braces is better than none
            return format;
        }
    }

    String masked(String text) {
        String result = text;
        for (String secret : secrets) {
            result = result.replace(secret, MASK);
        }
        result = result.replace('\r', ' ').replace("\n", "\n    ");
        return result.length() <= LONGEST ? result : result.substring(0, LONGEST) + "…";
    }

    /** The same failure for the log: class, masked message and stack, also of its causes. */
    private Throwable masked(Throwable thrown, int depth) {
        Throwable cause = thrown.getCause();
        Logged logged = new Logged(
                masked(thrown.toString()), cause == null || depth == DEEPEST ? null : masked(cause, depth + 1));
        logged.setStackTrace(thrown.getStackTrace());
        return logged;
    }

    @SuppressWarnings("OverrideThrowableToString") // stands for another class, whose name is part of the text
    private static final class Logged extends Exception {
        private static final long serialVersionUID = 1;

        private final String text;

        Logged(String text, @Nullable Throwable cause) {
            super(text, cause);
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }
}
