package io.maestro.launcher;

import java.util.logging.LogManager;

/**
 * Keeps the log open until the very end. The JDK's own would close it in a shutdown hook, beside ours, and swallow what is
 * said while the node stops. Named to the virtual machine by {@code -Djava.util.logging.manager}.
 */
public final class LastingLogManager extends LogManager {
    /** Does nothing: the launcher replaces what the JDK has set up, once, itself. */
    @Override
    public void reset() {
        // see above
    }
}
