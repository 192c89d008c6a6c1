package io.maestro.conformance;

import java.util.List;
import java.util.ResourceBundle;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A logger that keeps everything of every level as text, with what was thrown. Any thread. */
final class CapturedLog implements System.Logger {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** What was logged so far. */
    List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public String getName() {
        return "adapter.under-test";
    }

    @Override
    public boolean isLoggable(Level level) {
        return true;
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, String message, @Nullable Throwable thrown) {
        lines.add(thrown == null ? message : message + " " + Told.by(thrown));
    }

    @Override
    public void log(
            Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object @Nullable ... values) {
        StringBuilder line = new StringBuilder(format);
        if (values != null) {
            for (Object value : values) {
                line.append(' ').append(value);
            }
        }
        lines.add(line.toString());
    }
}
