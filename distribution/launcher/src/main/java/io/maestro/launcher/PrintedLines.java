package io.maestro.launcher;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;

/** What libraries print, line by line into the log. */
final class PrintedLines extends OutputStream {
    private static final int LONGEST = 8192;

    private final System.Logger log;
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    PrintedLines(String name) {
        this.log = System.getLogger(name);
    }

    @Override
    public synchronized void write(int b) {
        if (b == '\n' || line.size() == LONGEST) {
            String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
            line.reset();
            if (!text.isEmpty()) {
                log.log(Level.INFO, () -> text);
            }
        }
        if (b != '\n') {
            line.write(b);
        }
    }
}
