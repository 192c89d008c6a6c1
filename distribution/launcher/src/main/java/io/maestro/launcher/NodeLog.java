package io.maestro.launcher;

import io.maestro.api.node.Setting;
import io.maestro.api.node.Values;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/**
 * The log: every record as a line of JSON in a file that rotates, warnings also to people at the terminal. Set up by the
 * launcher and by nothing else.
 */
final class NodeLog {
    private static final long MEGABYTE = 1_000_000;

    /**
     * Jersey warns of every resource that is given to it as an object, as ours are. Held here, because a logger forgets its
     * level when nobody holds it.
     */
    private static final Logger JERSEY_PROVIDERS = Logger.getLogger("org.glassfish.jersey.internal.inject.Providers");

    private NodeLog() {}

    /** Sends all logging to {@code file}, warnings also to {@code console}, and what is printed to the file. */
    static void open(Path file, PrintStream console, Values values) throws IOException {
        Logger root = Logger.getLogger("");
        for (Handler handler : root.getHandlers()) {
            root.removeHandler(handler);
        }
        root.setLevel(Level.INFO);
        JERSEY_PROVIDERS.setLevel(Level.SEVERE);
        root.addHandler(new RotatingFile(
                file, MEGABYTE * values.number(Setting.LOG_MEGABYTES), values.number(Setting.LOG_FILES)));
        root.addHandler(new Console(console));
        System.setOut(new PrintStream(new PrintedLines("stdout"), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new PrintedLines("stderr"), true, StandardCharsets.UTF_8));
    }

    /** Warnings in a form for people. */
    private static final class Console extends Handler {
        private final PrintStream stream;

        Console(PrintStream stream) {
            this.stream = stream;
            setLevel(Level.WARNING);
        }

        @Override
        public void publish(LogRecord record) {
            if (isLoggable(record)) {
                stream.println(LogLine.plain(record));
            }
        }

        @Override
        public void flush() {
            stream.flush();
        }

        @Override
        public void close() {
            flush();
        }
    }
}
