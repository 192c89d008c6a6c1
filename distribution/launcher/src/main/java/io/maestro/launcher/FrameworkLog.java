package io.maestro.launcher;

import org.apache.felix.framework.Logger;
import org.jspecify.annotations.Nullable;

/** Sends what the framework says to our log; Felix asks for a subclass of its own logger. */
final class FrameworkLog extends Logger {
    private static final System.Logger LOG = System.getLogger("org.apache.felix.framework");

    @Override
    protected void doLog(int level, String message, @Nullable Throwable thrown) {
        LOG.log(
                switch (level) {
                    case LOG_ERROR -> System.Logger.Level.ERROR;
                    case LOG_WARNING -> System.Logger.Level.WARNING;
                    default -> System.Logger.Level.DEBUG;
                },
                message,
                thrown);
    }
}
