package io.maestro.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The key that a command signs with. */
final class KeyOptions {
    @Option(names = "--key", required = true, paramLabel = "FILE", description = "The key store, PKCS#12.")
    @SuppressWarnings("NullAway.Init") // the parser sets what is required
    private Path key;

    @Option(names = "--alias", paramLabel = "NAME", description = "Which key, when there are several.")
    private @Nullable String alias;

    @Option(
            names = "--password-file",
            paramLabel = "FILE",
            description = "A file with the password, else MAESTRO_KEY_PASSWORD, else you are asked.")
    private @Nullable Path passwordFile;

    /** Reads it; asks for the password if nobody has said it. */
    SigningKey read(Terminal terminal) {
        String password = Secrets.password(terminal, passwordFile, SigningKey.PASSWORD_VARIABLE, "Password of " + key);
        return SigningKey.read(key, password, alias);
    }
}
