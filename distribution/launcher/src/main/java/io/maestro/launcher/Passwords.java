package io.maestro.launcher;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Takes passwords from where other users of the machine do not see them. */
final class Passwords {
    private Passwords() {}

    /** The password from the file, else from the environment, else none. */
    static String of(@Nullable Path file, @Nullable String variable) throws LaunchFailure {
        if (file == null) {
            return variable == null ? "" : variable;
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new LaunchFailure("the password cannot be read from " + file, e);
        }
    }
}
