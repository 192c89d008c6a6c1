package io.maestro.adapters.context;

import io.maestro.api.telemetry.ScopedLog;
import java.text.MessageFormat;
import java.util.Locale;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/** Writes to the server's log what an instance says, with its name in front and the values of its secrets masked. */
final class MaskingLogger implements System.Logger {
    private static final int LONGEST = 16_384;

    private final ScopedLog target;
    private final String prefix;
    private final SecretMask mask;

    MaskingLogger(ScopedLog target, String prefix, SecretMask mask) {
        this.target = target;
        this.prefix = prefix;
        this.mask = mask;
    }

    @Override
    public String getName() {
        return target.target().getName();
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
            target.log(level, line, thrown == null ? null : mask.masked(thrown));
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

    private String masked(String text) {
        String result = mask.masked(text).replace('\r', ' ').replace("\n", "\n    ");
        return result.length() <= LONGEST ? result : result.substring(0, LONGEST) + "…";
    }
}
