package io.maestro.conformance;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** What libraries log through {@code java.util.logging} until it is closed. */
public final class LibraryLog extends Handler implements AutoCloseable {
    private final List<String> lines = new CopyOnWriteArrayList<>();

    /** Listens from now on. */
    public LibraryLog() {
        Logger.getLogger("").addHandler(this);
    }

    /** What was logged so far, with what was thrown. */
    public List<String> lines() {
        return List.copyOf(lines);
    }

    @Override
    public void publish(LogRecord entry) {
        Throwable thrown = entry.getThrown();
        lines.add(entry.getMessage() + " " + Arrays.toString(entry.getParameters())
                + (thrown == null ? "" : Told.by(thrown)));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {
        Logger.getLogger("").removeHandler(this);
    }
}
