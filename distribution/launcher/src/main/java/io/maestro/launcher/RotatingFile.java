package io.maestro.launcher;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

/**
 * Lines of JSON in {@code NAME.log}; when that is full it becomes {@code NAME.1.log}, and so on. The JDK's own file handler
 * would name the current file {@code NAME.log.0}.
 */
final class RotatingFile extends Handler {
    private final Path file;
    private final long limit;
    private final int files;
    private OutputStream out;
    private long size;

    RotatingFile(Path file, long limit, int files) throws IOException {
        this.file = file;
        this.limit = limit;
        this.files = files;
        this.out = append();
        this.size = Files.size(file);
    }

    private OutputStream append() throws IOException {
        return new BufferedOutputStream(
                Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.APPEND));
    }

    private Path numbered(int number) {
        String name = String.valueOf(file.getFileName());
        return number == 0 ? file : file.resolveSibling(name.replace(".log", "." + number + ".log"));
    }

    @Override
    public synchronized void publish(LogRecord record) {
        if (!isLoggable(record)) {
            return;
        }
        byte[] line = (LogLine.json(record) + "\n").getBytes(StandardCharsets.UTF_8);
        try {
            if (size > 0 && size + line.length > limit) {
                rotate();
            }
            out.write(line);
            out.flush();
            size += line.length;
        } catch (IOException e) {
            reportError("the log cannot be written", e, ErrorManager.WRITE_FAILURE);
        }
    }

    private void rotate() throws IOException {
        out.close();
        for (int number = files - 2; number >= 0; number--) {
            if (Files.exists(numbered(number))) {
                Files.move(numbered(number), numbered(number + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        out = append();
        size = 0;
    }

    @Override
    public synchronized void flush() {
        // each line is flushed as it is written
    }

    @Override
    public synchronized void close() {
        try {
            out.close();
        } catch (IOException e) {
            reportError("the log cannot be closed", e, ErrorManager.CLOSE_FAILURE);
        }
    }
}
