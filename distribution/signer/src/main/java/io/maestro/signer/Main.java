package io.maestro.signer;

import io.maestro.provenance.format.SigningSeed;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** {@code maestro-signer}: signs receipts for a server on the same machine. */
public final class Main {
    private static final String PASSWORD_VARIABLE = "MAESTRO_SIGNER_PASSWORD";
    private static final int SHORTEST_TOKEN = 16;
    private static final String HELP = """
            Usage: maestro-signer --key FILE --token-file FILE [--port PORT]
                   maestro-signer --create-key FILE

              --key FILE         Ed25519 key: PKCS#8 in PEM form, or PKCS#12 (password in MAESTRO_SIGNER_PASSWORD)
              --token-file FILE  what the server has to know, at least 16 characters
              --port PORT        port on loopback; 0 for any free one (8090)
              --create-key FILE  makes a key in PEM form, prints its public half, and ends
              --help             print this

            Both files must be readable for their owner alone. Give the public key to the server with
            maestro receipts add-key, and start the server with --signer 127.0.0.1:PORT --signer-token-file FILE.
            """;

    private Main() {}

    /** Runs until it is stopped; ends with 2 and one line when it cannot start. */
    public static void main(String[] arguments) throws InterruptedException {
        try {
            run(List.of(arguments));
        } catch (IOException | IllegalArgumentException e) {
            System.err.println("maestro-signer: " + e.getMessage());
            System.exit(2);
        }
    }

    private static void run(List<String> arguments) throws IOException, InterruptedException {
        Map<String, String> options = new TreeMap<>();
        for (Iterator<String> rest = arguments.iterator(); rest.hasNext(); ) {
            String name = rest.next();
            switch (name) {
                case "--help", "-h" -> {
                    System.out.print(HELP);
                    return;
                }
                case "--key", "--token-file", "--port", "--create-key" -> {
                    if (!rest.hasNext() || options.putIfAbsent(name, rest.next()) != null) {
                        throw new IllegalArgumentException(name + " needs one value");
                    }
                }
                default -> throw new IllegalArgumentException("unknown option " + name + "; see --help");
            }
        }
        String create = options.get("--create-key");
        if (create != null) {
            System.out.print(publicKey(KeyStoreFile.create(Path.of(create))));
            return;
        }
        serve(options);
    }

    private static void serve(Map<String, String> options) throws IOException, InterruptedException {
        String key = options.get("--key");
        String tokenFile = options.get("--token-file");
        if (key == null || tokenFile == null) {
            throw new IllegalArgumentException("--key and --token-file are needed; see --help");
        }
        String password = System.getenv(PASSWORD_VARIABLE);
        SigningSeed seed = KeyStoreFile.read(Path.of(key), password == null ? new char[0] : password.toCharArray());
        KeyStoreFile.checkPrivate(Path.of(tokenFile));
        String token =
                Files.readString(Path.of(tokenFile), StandardCharsets.US_ASCII).strip();
        if (token.length() < SHORTEST_TOKEN) {
            throw new IllegalArgumentException("the token has fewer than " + SHORTEST_TOKEN + " characters");
        }
        try (SignerServer server = new SignerServer(seed, token, port(options.getOrDefault("--port", "8090")))) {
            System.out.println("signing with the key " + seed.verifyingKey().id() + " at 127.0.0.1:" + server.port());
            server.await();
        }
    }

    private static int port(String text) {
        try {
            int port = Integer.parseInt(text);
            if (port >= 0 && port <= 65535) {
                return port;
            }
        } catch (NumberFormatException e) {
            // refused below, as a number out of range
        }
        throw new IllegalArgumentException("--port must be a number from 0 to 65535, not " + text);
    }

    private static String publicKey(SigningSeed seed) {
        return "-----BEGIN PUBLIC KEY-----\n" + seed.verifyingKey().text() + "\n-----END PUBLIC KEY-----\n";
    }
}
